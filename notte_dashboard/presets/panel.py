"""What a start form would send right now, for the panel beside it, and what is wrong at which field."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from notte_dashboard.presets.kinds import SESSION, FormKind
from notte_dashboard.presets.links import LinkError, packed
from notte_dashboard.presets.masks import masked
from notte_dashboard.presets.snippets.calls import NEW_SESSION, Call
from notte_dashboard.presets.snippets.curl import curl
from notte_dashboard.presets.snippets.javascript import javascript
from notte_dashboard.presets.snippets.literal import indented
from notte_dashboard.presets.snippets.python import python
from notte_dashboard.schema_forms.form import SchemaForm
from notte_dashboard.workspaces import keys
from notte_dashboard.workspaces.models import Workspace

LONGEST_CODE = 40_000
TOO_LONG = "This request is too long to be shown."
FROM_PRESET = "preset:"
"""In the place of a session's id: a new session, from the preset with this uuid."""


class Check(NamedTuple):
    """What is wrong at one control; without a name, with the request as a whole."""

    name: str
    error_id: str
    control_id: str
    label: str
    messages: list[str]


class Code(NamedTuple):
    name: str
    label: str
    text: str


class Sending(NamedTuple):
    """A request on its way into a panel. An agent without a session of its own gets a new one, which is asked for first."""

    kind: FormKind
    request: dict[str, Any]
    session: dict[str, Any] | None = None


def context(request: HttpRequest, workspace: Workspace, form: SchemaForm, sending: Sending) -> dict[str, Any]:
    calls = _calls(sending)
    return {
        "checks": checks(form),
        "calls": [(call.path, indented(call.body)) for call in calls],
        "codes": _codes(_base_url(workspace), calls),
        **_link(request, sending),
    }


def checks(form: SchemaForm) -> list[Check]:
    """The errors of a bound form, each at its control."""
    found = []
    for name, errors in form.errors.items():
        if name == NON_FIELD_ERRORS:
            found.append(Check("", "", "", "Request", list(map(str, errors))))
            continue
        control: Any = form[name]
        messages = list(map(str, errors))
        found.append(Check(control.html_name, f"{control.auto_id}_error", control.id_for_label, control.full_label, messages))
    return found


def _calls(sending: Sending) -> list[Call]:
    body = masked(sending.request, sending.kind.layout)
    if sending.session is None:
        return [Call(sending.kind.path, body)]
    first = Call(SESSION.path, masked(sending.session, SESSION.layout))
    return [first, Call(sending.kind.path, body | {"session_id": NEW_SESSION})]


def _base_url(workspace: Workspace) -> str:
    key = keys.key_for(workspace)
    return (key.base_url if key else str(settings.NOTTE_API_URL)).rstrip("/")


def _codes(base_url: str, calls: Sequence[Call]) -> list[Code]:
    codes = [
        Code("json", "JSON", indented(calls[-1].body)),
        Code("curl", "cURL", curl(base_url, calls)),
        Code("python", "Python", python(base_url, calls)),
        Code("javascript", "JavaScript", javascript(base_url, calls)),
    ]
    return [code if len(code.text) <= LONGEST_CODE else code._replace(text=TOO_LONG) for code in codes]


def _link(request: HttpRequest, sending: Sending) -> dict[str, str]:
    try:
        query = urlencode({"request": packed(portable(sending.request), sending.kind.layout)})
    except LinkError as error:
        return {"link": "", "link_problem": str(error)}
    return {"link": request.build_absolute_uri(f"{reverse(sending.kind.start_url)}?{query}"), "link_problem": ""}


def portable(request: dict[str, Any]) -> dict[str, Any]:
    """A session lives for minutes: what is kept for later names the preset of a new one, or none."""
    session = request.get("session_id")
    if session is None or str(session).startswith(FROM_PRESET):
        return request
    return {name: value for name, value in request.items() if name != "session_id"}
