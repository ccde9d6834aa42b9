"""THE permission question. Views, sockets, admin and tasks ask here and nowhere else."""

from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from notte_dashboard.workspaces.models import Membership, Role, Workspace

AnyUser = AbstractBaseUser | AnonymousUser
SESSION_KEY = "workspace"


class Action(StrEnum):
    VIEW = "view"
    """See runs, steps, screenshots."""
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
    role = role_of(user, workspace_id)
    if role is None:
        raise Http404
    if role not in POLICY[action]:
        raise PermissionDenied(f"Your role here is {role}. Ask an admin of the workspace for more rights.")


def current_workspace(request: HttpRequest) -> Workspace | None:
    """The workspace chosen in this login session, else the user's first; None for the signed-out and for users without any."""
    if not request.user.is_authenticated:
        return None
    mine = Workspace.objects.for_user(request.user)
    chosen = request.session.get(SESSION_KEY)
    return (mine.filter(uuid=chosen).first() if chosen else None) or mine.first()


def workspace_for(request: HttpRequest, action: Action) -> Workspace:
    """The current workspace, if the user may do this there."""
    workspace = current_workspace(request)
    if workspace is None:
        raise Http404
    require(request.user, action, workspace.pk)
    return workspace
