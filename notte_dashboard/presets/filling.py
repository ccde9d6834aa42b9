"""Where the content of a start form comes from: what was posted, a preset, an old run, a link, or nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.http import Http404, QueryDict

from notte_dashboard.notte_api.errors import Detail
from notte_dashboard.presets.kept import with_secrets
from notte_dashboard.presets.kinds import FormKind
from notte_dashboard.presets.links import LinkError, unpacked
from notte_dashboard.presets.marks import Mark, marks, misfits
from notte_dashboard.presets.models import PresetVersion
from notte_dashboard.presets.queries import version_for
from notte_dashboard.schema_forms.commands import asks_for_rows
from notte_dashboard.schema_forms.form import SchemaForm
from notte_dashboard.workspaces.encrypted import DecryptError
from notte_dashboard.workspaces.models import Workspace

Make = Callable[[Mapping[str, Any] | None, dict[str, Any]], SchemaForm]
"""A form of its app: as typed, or filled from a request."""


class Place(NamedTuple):
    """Who opens a form, where."""

    user: User
    workspace: Workspace
    kind: FormKind
    make: Make


class Notice(NamedTuple):
    tone: str
    title: str
    lines: tuple[str, ...] = ()


class Old(NamedTuple):
    """A run to be repeated: its request without secrets, and why the API refused it, if it did."""

    request: dict[str, Any]
    reasons: Sequence[Mapping[str, Any]] = ()


class Opened(NamedTuple):
    form: SchemaForm
    """To be drawn. It is bound when it has something to say."""
    read: SchemaForm
    """Bound, with the secrets that belong to it: what would be sent. Never drawn."""
    source: PresetVersion | None = None
    notices: tuple[Notice, ...] = ()
    keeps: bool = True
    """Whether the source's secrets are wanted."""


def posted(place: Place, typed: QueryDict) -> Opened:
    """The same form twice over would be read twice: the one that was read is drawn as it was typed."""
    number = str(typed.get("from_version", ""))
    source = version_for(
        place.user, place.workspace, place.kind, str(typed.get("from_preset", "")), int(number) if number.isdecimal() else None
    )
    keeps = bool(typed.get("keep_secrets"))
    form, notices = _read(place, typed, source if keeps and not asks_for_rows(typed) else None)
    if not form.rearranged:
        form.data = typed
    return Opened(form, form, source, notices, keeps)


def opened(place: Place, query: Mapping[str, str], old: Old | None) -> Opened:
    """Raises Http404 for a preset that is not there, or not theirs."""
    if query.get("preset"):
        return _from_preset(place, query)
    if query.get("request"):
        return _from_link(place, str(query["request"]))
    return _from_old(place, old) if old else _filled(place, {})


def _from_preset(place: Place, query: Mapping[str, str]) -> Opened:
    number = query.get("version", "")
    source = version_for(place.user, place.workspace, place.kind, query["preset"], int(number) if number.isdecimal() else None)
    if source is None:
        raise Http404
    return _filled(place, source.request, source=source, wrong=marks(source), told="This preset no longer fits the API.")


def _from_link(place: Place, text: str) -> Opened:
    try:
        request = unpacked(text, place.kind.layout)
    except LinkError as error:
        return _filled(place, {}, notices=(Notice("warn", str(error)),))
    filled = Notice(
        "info", "Filled in from a link.", ("Look it through before you start: whoever made the link chose all of it.",)
    )
    wrong = misfits(place.kind.form_class(), request)
    return _filled(place, request, notices=(filled,), wrong=wrong, told="Not all of it fits the API.")


def _from_old(place: Place, old: Old) -> Opened:
    found = _filled(place, old.request)
    if not old.reasons:
        return found
    form = place.make(place.kind.form_class().data_for(old.request), {})
    form.add_api_errors([Detail(tuple(each["loc"]), each["msg"]) for each in old.reasons])
    notice = Notice("warn", "The API refused this request.", ("Its reasons are at the fields below.",))
    return found._replace(form=form, notices=(notice,))


def _filled(
    place: Place,
    request: dict[str, Any],
    *,
    source: PresetVersion | None = None,
    notices: tuple[Notice, ...] = (),
    wrong: Sequence[Mark] = (),
    told: str = "",
) -> Opened:
    typed = QueryDict(mutable=True)
    typed.update(place.kind.form_class().data_for(request))
    read, more = _read(place, typed, source)
    if not wrong:
        return Opened(place.make(None, request), read, source, notices + more)
    marked = Notice("warn", told, tuple(f"{mark.label}: {mark.why}" for mark in wrong))
    read.data = typed
    return Opened(read, read, source, (*notices, *more, marked))


def _read(place: Place, typed: QueryDict, source: PresetVersion | None) -> tuple[SchemaForm, tuple[Notice, ...]]:
    data, notices = typed, []
    try:
        data, left = with_secrets(typed, source) if source and source.has_secrets else (typed, ())
    except DecryptError as error:
        notices.append(Notice("warn", "The secrets of this preset can't be read.", (str(error),)))
    else:
        notices += [Notice("warn", f"{label}: its secrets are not taken over, because you changed it.") for label in left]
    form = place.make(data, {})
    form.is_valid()
    return form, tuple(notices)
