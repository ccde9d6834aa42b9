"""A request as it may be shown: every secret is dots."""

from typing import Any

from notte_dashboard.schema_forms import secrets
from notte_dashboard.schema_forms.layouts import Layout

DOTS = "••••"


def masked(request: dict[str, Any], layout: Layout) -> dict[str, Any]:
    return dict(replaced(secrets.split(request, layout)[0], DOTS))


def replaced(public: Any, by: str) -> Any:
    """A stored request with a text where its secret marks are."""
    if public == secrets.MARK:
        return by
    if isinstance(public, dict):
        return {name: replaced(value, by) for name, value in public.items()}
    if isinstance(public, list):
        return [replaced(value, by) for value in public]
    return public
