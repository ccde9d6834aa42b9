"""The start form, built from the contract."""

from collections.abc import Mapping
from typing import Any

from notte_dashboard.schema_forms.builder import build_form
from notte_dashboard.schema_forms.form import SchemaForm
from notte_dashboard.schema_forms.layouts import SESSION_START


def start_form(data: Mapping[str, Any] | None, *, initial: dict[str, Any]) -> SchemaForm:
    """As typed, or filled from an older request."""
    return build_form("ApiSessionStartRequest", SESSION_START)(data, initial=initial)
