"""Driving a browser by hand: taken, kept, given back, taken over. Whoever looks sees who drives, and since when.

A drive is a row under a lease on the database's clock. It ends by itself when its page no longer keeps it.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Least, Now
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.realtime.publish import announce_after_commit
from notte_dashboard.runs.clock import from_now
from notte_dashboard.runs.states import OVER, State
from notte_dashboard.workspaces.access import POLICY, Action
from notte_dashboard.workspaces.models import Membership
from sessions_app import events
from sessions_app.models import BrowserSession, Drive

LEASE = timedelta(seconds=30)
KEEP_EVERY = 10
"""Seconds after which the driver's page says again that it is there."""


class HeldError(Exception):
    """Somebody else drives; `drive` says who, None when that has just changed again."""

    def __init__(self, drive: Drive | None) -> None:
        super().__init__(f"{drive.driver} drives" if drive else "somebody else was faster")
        self.drive = drive


class NotRunningError(Exception):
    """There is no browser to drive."""


def login_of(session: SessionBase) -> str:
    return salted_hmac("drive", session.session_key or "", algorithm="sha256").hexdigest()


def going_on(session: BrowserSession) -> Drive | None:
    return session.drives.filter(given_back_at=None, lease_until__gt=Now()).select_related("driver").first()


@transaction.atomic
def take(*, by: User, login: str, session: BrowserSession, instead_of: UUID | None = None) -> Drive:
    """Raises HeldError unless nobody else drives, or the one who does is the one that `by` has seen and means to replace."""
    state = BrowserSession.objects.select_for_update().values_list("state", flat=True).get(pk=session.pk)
    if state != State.ACTIVE:
        raise NotRunningError
    held = session.drives.filter(given_back_at=None)
    held.filter(lease_until__lte=Now()).update(given_back_at=F("lease_until"), reason=Drive.End.LEFT)
    held.filter(driver=by).update(given_back_at=Now(), reason=Drive.End.ELSEWHERE)
    if instead_of:
        held.filter(uuid=instead_of).update(given_back_at=Now(), reason=Drive.End.TAKEN_OVER)
    try:
        with transaction.atomic():
            drive = Drive.objects.create(session=session, driver=by, login=login, taken_at=Now(), lease_until=from_now(LEASE))
    except IntegrityError as error:
        raise HeldError(going_on(session)) from error
    record(Deed.DROVE, by=by, workspace=session.workspace_id, target=session)
    _tell(session)
    return drive


def keep(*, by: User, session: BrowserSession, uuid: UUID) -> bool:
    """False when it is over."""
    mine = session.drives.filter(uuid=uuid, driver=by, given_back_at=None, lease_until__gt=Now())
    return mine.update(lease_until=from_now(LEASE)) == 1


def is_driving(user: User, session: BrowserSession, uuid: UUID) -> bool:
    return session.drives.filter(uuid=uuid, driver=user, given_back_at=None, lease_until__gt=Now()).exists()


def give_back(*, by: User, session: BrowserSession, uuid: UUID, left: bool = False) -> None:
    _end(session.drives.filter(uuid=uuid, driver=by), Drive.End.LEFT if left else Drive.End.GAVE_BACK)


def tidy() -> None:
    """Ends what ended without anybody saying so. Nearly always nothing: a look at the few that go on."""
    going = Drive.objects.filter(given_back_at=None)
    allowed = Membership.objects.filter(
        user=OuterRef("driver"), workspace=OuterRef("session__workspace"), role__in=POLICY[Action.DRIVE], user__is_active=True
    )
    _end(going.filter(session__state__in=OVER), Drive.End.SESSION_ENDED)
    _end(going.filter(~Exists(allowed)), Drive.End.NOT_ALLOWED)
    _end(going.filter(lease_until__lte=Now()), Drive.End.LEFT)


@transaction.atomic
def _end(drives: QuerySet[Drive], reason: str) -> None:
    """The first reason counts."""
    for drive in drives.filter(given_back_at=None).select_related("session"):
        over = Drive.objects.filter(pk=drive.pk, given_back_at=None)
        if over.update(given_back_at=Least(Now(), "lease_until"), reason=reason):
            _tell(drive.session)


def _tell(session: BrowserSession) -> None:
    announce_after_commit(session)
    events.drive_changed.send(BrowserSession, session=session)


@receiver(events.session_changed, dispatch_uid="a-drive-ends-with-its-session")
def end_with_session(session: BrowserSession, **_: Any) -> None:
    if session.is_over:
        _end(session.drives.all(), Drive.End.SESSION_ENDED)


@receiver(user_logged_out, dispatch_uid="a-drive-ends-with-its-login")
def end_with_login(request: HttpRequest, user: AbstractBaseUser | None, **_: Any) -> None:
    if user is not None:
        _end(Drive.objects.filter(Q(driver=user.pk), login=login_of(request.session)), Drive.End.SIGNED_OUT)
