"""What both start pages show beside their form: where it came from, presets, the request panel."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from notte_dashboard.http import DashboardRequest, nonce_of
from notte_dashboard.presets import drafts, panel, queries
from notte_dashboard.presets.filling import Opened, Place
from notte_dashboard.presets.kept import places
from notte_dashboard.presets.models import LONGEST_NAME
from notte_dashboard.presets.panel import Sending
from notte_dashboard.runs import limits
from notte_dashboard.runs.limits import LimitError
from notte_dashboard.schema_forms.form import SchemaForm


def start_page(
    request: DashboardRequest, place: Place, found: Opened, sending: Sending, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = _context(request, place, found) | panel.context(request, place.workspace, found.read, sending) | more
    answer = render(request, f"{place.kind.name}s_app/start.html", context, status=status)
    if request.method == "POST":
        answer["Cache-Control"] = "no-store"  # what was typed is in it, secrets too
    return answer


def status_of(found: Opened) -> int:
    """Of a posted form that starts nothing: wrong, or only to be drawn again with a row more or less."""
    return 200 if found.read.rearranged else 422


def _context(request: DashboardRequest, place: Place, found: Opened) -> dict[str, Any]:
    kind = place.kind
    return {
        "form": found.form,
        "nonce": nonce_of(request) if request.method == "POST" else uuid4().hex,
        "kind": kind,
        "source": found.source,
        "keeps": found.keeps,
        "kept_places": places(found.source) if found.source else [],
        "notices": found.notices,
        "presets": queries.offered(place.user, place.workspace, kind),
        "start_url": reverse(kind.start_url),
        "cancel_url": reverse(f"{kind.name}s:list"),
        "check_url": reverse(f"{kind.start_url}-check"),
        "save_url": reverse(f"{kind.start_url}-save"),
        "draft_url": reverse(f"{kind.start_url}-draft"),
        "draft_key": f"draft:{place.user.pk}:{place.workspace.uuid}:{kind.name}",
        "secret_names": drafts.secret_names(kind.layout),
        "secret_areas": drafts.secret_areas(kind.layout),
        "secret_values": drafts.CREDENTIALS.pattern,
        "longest_name": LONGEST_NAME,
        "preset_name": found.source.preset.name if found.source else "",
        "limits": limits.in_force(place.workspace, place.user),
        "preset_shared": found.source.preset.shared if found.source else False,
    }


def start_form_alone(request: DashboardRequest, place: Place, found: Opened) -> HttpResponse:
    """A draft that is put back: as it was typed, without a judgement, because it was not sent yet."""
    found.form.errors.clear()
    answer = render(request, "partials/start_form.html", _context(request, place, found))
    answer["Cache-Control"] = "no-store"
    return answer


def say_limit(form: SchemaForm, error: LimitError) -> None:
    """At the field that could be changed about it, where the form has that field."""
    form.add_error(error.field if error.field in form.fields else None, str(error))


def check_answer(request: DashboardRequest, place: Place, found: Opened, sending: Sending) -> HttpResponse:
    context = panel.context(request, place.workspace, found.read, sending) | {"told": found.notices}
    answer = render(request, "partials/request_code.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def only_unfinished(form: SchemaForm) -> bool:
    """Whether nothing is wrong with it but fields that are still to be filled in."""
    required = {spec.key for spec in form.specs if spec.required}
    told = form.errors.get_json_data()
    return all(name != NON_FIELD_ERRORS and name in required and _all_missing(errors) for name, errors in told.items())


def _all_missing(errors: list[dict[str, Any]]) -> bool:
    return all(error["code"] == "required" for error in errors)
