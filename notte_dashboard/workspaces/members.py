"""Who is in a workspace, as what. There is always somebody who can let others in."""

from django.contrib.auth.models import User
from django.db import transaction

from notte_dashboard.workspaces.models import Membership, Role, Workspace


class LastAdminError(Exception):
    """Without an admin nobody could manage the workspace any more."""

    def __init__(self) -> None:
        super().__init__("This is the last admin of the workspace. Make somebody else an admin first.")


@transaction.atomic
def create_workspace(*, by: User, name: str) -> Workspace:
    workspace = Workspace.objects.create(name=name)
    Membership.objects.create(workspace=workspace, user=by, role=Role.ADMIN)
    return workspace


@transaction.atomic
def change_role(membership: Membership, role: Role) -> None:
    """Raises LastAdminError; Membership.DoesNotExist for one that was removed meanwhile."""
    held = _held(membership)
    if role != Role.ADMIN:
        _require_another_admin(held)
    held.role = role
    held.save(update_fields=["role"])


@transaction.atomic
def remove(membership: Membership) -> None:
    """Also for those who leave. Raises as `change_role`."""
    held = _held(membership)
    _require_another_admin(held)
    held.delete()


def _held(membership: Membership) -> Membership:
    """With the workspace locked: two admins who remove each other are served one after the other."""
    Workspace.objects.select_for_update(no_key=True).get(pk=membership.workspace_id)
    return Membership.objects.get(pk=membership.pk)


def _require_another_admin(held: Membership) -> None:
    others = Membership.objects.filter(workspace=held.workspace_id, role=Role.ADMIN, user__is_active=True).exclude(pk=held.pk)
    if held.role == Role.ADMIN and not others.exists():
        raise LastAdminError
