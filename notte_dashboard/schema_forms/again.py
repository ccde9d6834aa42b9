"""An old request for a new form."""

from typing import Any

from notte_dashboard.schema_forms.secrets import MARK


def without_secrets(public: Any) -> Any:
    """A stored request less its secret marks: they were split off, and nobody gets them back through a form."""
    if isinstance(public, dict):
        return {name: without_secrets(value) for name, value in public.items() if value != MARK}
    if isinstance(public, list):
        return [without_secrets(value) for value in public if value != MARK]
    return public
