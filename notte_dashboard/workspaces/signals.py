"""Every new user gets a workspace of their own; whoever loses a right is told of to those who keep something open for them."""

from collections.abc import Callable
from functools import partial

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal, receiver

from notte_dashboard.workspaces.models import Membership, Role, Workspace

rights_changed = Signal()
"""After the commit, with `user_id`: what this user may do, or whether they are still signed in, has to be looked at again."""


@receiver(post_save, sender=User, dispatch_uid="personal-workspace")
def create_personal_workspace(instance: User, *, created: bool, raw: bool, **_: object) -> None:
    if not created or raw:
        return
    with transaction.atomic():
        workspace = Workspace.objects.create(name=f"{instance.get_username()}'s workspace"[:100])
        Membership.objects.create(workspace=workspace, user=instance, role=Role.ADMIN)


def look_again(user_id: int) -> None:
    transaction.on_commit(partial(rights_changed.send, sender=User, user_id=user_id))


@receiver([post_save, post_delete], sender=Membership, dispatch_uid="membership-changed")
def membership_changed(instance: Membership, *, created: bool = False, **_: object) -> None:
    if not created:
        look_again(instance.user_id)


@receiver(post_save, sender=User, dispatch_uid="user-changed")
def user_changed(instance: User, *, created: bool, update_fields: frozenset[str] | None, **_: object) -> None:
    """A login only notes its time."""
    if not created and update_fields != frozenset({"last_login"}):
        look_again(instance.pk)


@receiver(post_delete, sender=User, dispatch_uid="user-gone")
def user_gone(instance: User, **_: object) -> None:
    look_again(instance.pk)


@receiver(post_delete, sender=Session, dispatch_uid="signed-out")
def signed_out(instance: Session, **_: object) -> None:
    """A logout, here or from elsewhere. An expired row tells nobody anything."""
    found: Callable[[str], object] = instance.get_decoded().get
    user_id = str(found("_auth_user_id") or "")
    if user_id.isdecimal():
        look_again(int(user_id))
