"""The start form, built from the contract."""

from collections.abc import Mapping
from typing import Any

from notte_dashboard.presets.kinds import SESSION
from notte_dashboard.schema_forms.form import SchemaForm
from notte_dashboard.workspaces.pickers import pickable


def start_form(data: Mapping[str, Any] | None, initial: dict[str, Any]) -> SchemaForm:
    """As typed, or filled from an older request."""
    form = SESSION.form_class()(data, initial=initial)
    pickable(form)
    return form
