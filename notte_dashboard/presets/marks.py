"""What of a preset the contract no longer accepts: which field, and why."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from notte_dashboard.presets.models import PresetVersion
from notte_dashboard.schema_forms import labels
from notte_dashboard.schema_forms.errors import dotted
from notte_dashboard.schema_forms.form import SchemaForm
from notte_dashboard.schema_forms.messages import REQUIRED, flaws
from notte_dashboard.workspaces.encrypted import DecryptError

OF_THE_SCHEMA = {"required", "contract"}


class Mark(NamedTuple):
    field: str
    """The property, or "" for the request as a whole."""
    label: str
    why: str


def marks(version: PresetVersion, document: dict[str, Any] | None = None) -> list[Mark]:
    """Empty while it fits. `document` is another contract than the one in use, to see what it would break."""
    try:
        request = version.whole_request()
    except DecryptError as error:
        return [Mark("", "Secrets", str(error))]
    return misfits(version.preset.form_kind.form_class(document), request)


def misfits(form_class: type[SchemaForm], request: dict[str, Any]) -> list[Mark]:
    """A field that is still to be filled in is no misfit: a preset may leave it to whoever starts from it."""
    against_schema = list(_against_schema(form_class, request))
    return against_schema or list(_against_rules(form_class, request))


def _against_schema(form_class: type[SchemaForm], request: dict[str, Any]) -> Iterator[Mark]:
    for flaw in flaws(form_class.validator, request):
        if flaw.sentence == REQUIRED and len(flaw.path) == 1:
            continue
        name, inside = (str(flaw.path[0]), dotted(flaw.path[1:])) if flaw.path else ("", "")
        yield Mark(name, _label(form_class, name), f"{inside}: {flaw.sentence}" if inside else flaw.sentence)


def _against_rules(form_class: type[SchemaForm], request: dict[str, Any]) -> Iterator[Mark]:
    """And against what the form itself bounds."""
    form = form_class(form_class.data_for(request))
    for name, errors in form.errors.get_json_data().items():
        top = name.partition("-")[0]
        for error in errors:
            if error["code"] not in OF_THE_SCHEMA:
                yield Mark(top, _label(form_class, top), error["message"])


def _label(form_class: type[SchemaForm], name: str) -> str:
    spec = next((spec for spec in form_class.specs if spec.key == name), None)
    return labels.label(spec) if spec else name or "Request"
