"""Every new user gets a workspace of their own."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from notte_dashboard.workspaces.models import Membership, Role, Workspace


@receiver(post_save, sender=User, dispatch_uid="personal-workspace")
def create_personal_workspace(instance: User, *, created: bool, raw: bool, **_: object) -> None:
    if not created or raw:
        return
    with transaction.atomic():
        workspace = Workspace.objects.create(name=f"{instance.get_username()}'s workspace")
        Membership.objects.create(workspace=workspace, user=instance, role=Role.ADMIN)
