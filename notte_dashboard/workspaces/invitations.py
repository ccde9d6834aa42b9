"""Joining a workspace by a link."""

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.workspaces.access import switch
from notte_dashboard.workspaces.models import Invitation, Membership, Role, Workspace

CARRIED = "invitation"
"""In the login session of somebody who makes an account to follow one."""


class Made(NamedTuple):
    invitation: Invitation
    token: str
    """Told once: afterwards only its hash is known."""


def invite(*, by: User, workspace: Workspace, role: Role, email: str = "") -> Made:
    token = secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    made = Invitation.objects.create(
        workspace=workspace, role=role, email=email, token_hash=_hash(token), created_by=by, expires_at=expires
    )
    return Made(made, token)


@transaction.atomic
def renew(invitation: Invitation) -> Made | None:
    """Another link, and another week; the old link is dead. None for one that was followed or taken back meanwhile."""
    token = secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    rows = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not rows.update(token_hash=_hash(token), expires_at=expires):
        return None
    record(Deed.INVITED, workspace=invitation.workspace_id, target=invitation, after={"expires_at": expires})
    invitation.expires_at = expires
    return Made(invitation, token)


@transaction.atomic
def revoke(invitation: Invitation) -> bool:
    now = timezone.now()
    revoked = bool(Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(revoked_at=now))
    if revoked:
        record(Deed.INVITATION_REVOKED, workspace=invitation.workspace_id, target=invitation)
    return revoked


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> Invitation | None:
    return Invitation.objects.with_token(token).open().select_related("workspace", "created_by").first()


def mail(made: Made, link: str) -> None:
    context = {"invitation": made.invitation, "link": link}
    subject = f"Join {made.invitation.workspace.name} on Notte Dashboard"
    send_mail(
        " ".join(subject.split()), render_to_string("workspaces/mail/invitation.txt", context), None, [made.invitation.email]
    )


def carry(request: HttpRequest, token: str) -> None:
    request.session[CARRIED] = token


def carried(request: HttpRequest) -> Invitation | None:
    token = request.session.get(CARRIED)
    return find(token) if token else None


@transaction.atomic
def accept(request: HttpRequest, invitation: Invitation, *, by: User) -> bool:
    """False when somebody else followed the link first, or it was taken back. Who is a member already keeps their role."""
    request.session.pop(CARRIED, None)
    taken = Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=timezone.now(), accepted_by=by)
    if not taken:
        return False
    Membership.objects.get_or_create(workspace=invitation.workspace, user=by, defaults={"role": invitation.role})
    switch(request, invitation.workspace)
    return True
