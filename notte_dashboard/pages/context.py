"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notte_dashboard.workspaces.access import Action, can, current_workspace


def dashboard(request: HttpRequest) -> dict[str, Any]:
    """Lazy where it costs a query: error pages and partials pay only for what they show."""
    workspace: Any = SimpleLazyObject(lambda: current_workspace(request) if hasattr(request, "user") else None)
    return {
        "workspace": workspace,
        "can_operate": SimpleLazyObject(lambda: bool(workspace) and can(request.user, Action.RUN, workspace.pk)),
        "embedded": settings.EMBEDDED,
        "demo_url": settings.LOCAL_DEMO_URL if settings.EMBEDDED else "",
        "version": settings.VERSION,
    }
