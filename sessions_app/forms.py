"""The start form, built from the contract."""

from collections.abc import Mapping
from typing import Any

from notte_dashboard.presets.kinds import SESSION
from notte_dashboard.schema_forms.choices import Offer
from notte_dashboard.schema_forms.form import SchemaForm
from notte_dashboard.workspaces.pickers import PICKED, list_id

PICKS = {control: Offer(free=True, list_id=list_id(name)) for control, name in PICKED.items()}


def start_form(data: Mapping[str, Any] | None, initial: dict[str, Any]) -> SchemaForm:
    """As typed, or filled from an older request."""
    return SESSION.form_class()(data, initial=initial, choices=PICKS)
