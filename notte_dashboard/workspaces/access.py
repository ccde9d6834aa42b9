"""THE permission question. Views, sockets, admin and tasks ask here and nowhere else."""

from enum import StrEnum
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from notte_dashboard.workspaces.models import Membership, Role, Workspace

AnyUser = AbstractBaseUser | AnonymousUser
SESSION_KEY = "workspace"


class Action(StrEnum):
    VIEW = "view"
    """See runs, steps, screenshots."""
    COMMENT = "comment"
    """Say something about what is seen."""
    RUN = "run"
    """Start and stop."""
    WATCH = "watch"
    """Open the live viewer: its address is a credential for the browser."""
    DRIVE = "drive"
    """Act in a session's browser by hand."""
    MANAGE = "manage"
    """Members, keys, limits."""


REVIEWERS = frozenset({Role.REVIEWER, Role.OPERATOR, Role.ADMIN})
OPERATORS = frozenset({Role.OPERATOR, Role.ADMIN})
POLICY: dict[Action, frozenset[Role]] = {
    Action.VIEW: REVIEWERS,
    Action.COMMENT: REVIEWERS,
    Action.RUN: OPERATORS,
    Action.WATCH: OPERATORS,
    Action.DRIVE: OPERATORS,
    Action.MANAGE: frozenset({Role.ADMIN}),
}


def role_of(user: AnyUser, workspace_id: int) -> Role | None:
    """None for strangers, the signed-out and the deactivated."""
    if not user.is_active or not user.is_authenticated:
        return None
    role = Membership.objects.filter(user=user.pk, workspace=workspace_id).values_list("role", flat=True).first()
    return Role(role) if role else None


def can(user: AnyUser, action: Action, workspace_id: int) -> bool:
    return role_of(user, workspace_id) in POLICY[action]


def require(user: AnyUser, action: Action, workspace_id: int) -> None:
    """Raises Http404 for strangers (foreign looks like missing), PermissionDenied for members whose role is too low."""
    _require(role_of(user, workspace_id), action)


def _require(role: Role | None, action: Action) -> None:
    if role is None:
        raise Http404
    if role not in POLICY[action]:
        raise PermissionDenied(f"Your role here is {role}. Ask an admin of the workspace for more rights.")


# --- of a request: its user's memberships are read once ---------------------------------------------------------------------


def memberships(request: HttpRequest) -> list[Membership]:
    """With their workspaces, the oldest first; what a request is allowed is decided once for all of it."""
    known: Any = request
    if not hasattr(known, "_memberships"):
        rows = Membership.objects.filter(user=request.user.pk).select_related("workspace").order_by("pk")
        known._memberships = list(rows) if request.user.is_authenticated and request.user.is_active else []  # noqa: SLF001
    return list(known._memberships)  # noqa: SLF001


def current_membership(request: HttpRequest) -> Membership | None:
    """Of the workspace chosen in this login session, else of the user's first; None for the signed-out and those without any."""
    mine = memberships(request)
    chosen = request.session.get(SESSION_KEY) if mine else None
    return next((each for each in mine if str(each.workspace.uuid) == chosen), mine[0] if mine else None)


def current_workspace(request: HttpRequest) -> Workspace | None:
    membership = current_membership(request)
    return membership.workspace if membership else None


def may(request: HttpRequest, action: Action) -> bool:
    """In the current workspace."""
    membership = current_membership(request)
    return membership is not None and Role(membership.role) in POLICY[action]


def workspace_for(request: HttpRequest, action: Action) -> Workspace:
    """The current workspace, if the user may do this there."""
    membership = current_membership(request)
    if membership is None:
        raise Http404
    _require(Role(membership.role), action)
    return membership.workspace


def switch(request: HttpRequest, workspace: Workspace) -> None:
    request.session[SESSION_KEY] = str(workspace.uuid)
    request.__dict__.pop("_memberships", None)


def follow(request: HttpRequest, workspace: Workspace) -> None:
    """A shared link leads into its workspace, and says so. Only for whole pages: their parts belong to where they are shown."""
    if getattr(request, "htmx", False) or workspace == current_workspace(request):
        return
    switch(request, workspace)
    messages.info(request, f"You are now in the workspace {workspace.name}.")
