"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notte_dashboard.workspaces.access import Action, current_workspace, may, memberships
from notte_dashboard.workspaces.invitations import carried


def dashboard(request: HttpRequest) -> dict[str, Any]:
    """Lazy where it costs a query: error pages and partials pay only for what they show."""
    known = hasattr(request, "user")
    workspace: Any = SimpleLazyObject(lambda: current_workspace(request) if known else None)
    return {
        "workspace": workspace,
        "my_memberships": SimpleLazyObject(lambda: memberships(request) if known else []),
        "can_operate": SimpleLazyObject(lambda: known and may(request, Action.RUN)),
        "can_manage": SimpleLazyObject(lambda: known and may(request, Action.MANAGE)),
        "signup_is_open": settings.OPEN_SIGNUP,
        "carried_invitation": SimpleLazyObject(lambda: carried(request)),
        "mail_is_kept": not settings.EMAIL_URL_GIVEN,
        "embedded": settings.EMBEDDED,
        "demo_url": settings.LOCAL_DEMO_URL if settings.EMBEDDED else "",
        "version": settings.VERSION,
    }
