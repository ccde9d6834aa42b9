"""Ask each key which sessions live, and keep those that no row of ours can account for."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from notte_dashboard.notte_api.answers import SessionAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.notte_api.transport import Timeouts
from notte_dashboard.runs.commands import SEND_LEASE
from notte_dashboard.runs.states import State
from notte_dashboard.upkeep.models import ENVIRONMENT, KeyHealth, Orphan
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces import keys
from notte_dashboard.workspaces.models import ApiKey
from sessions_app.models import BrowserSession
from sessions_app.services.reconcile import SKEW

logger = logging.getLogger(__name__)
PAGE_SIZE, MOST_PAGES, AT_ONCE = 100, 10, 4
BUDGET = Timeouts(connect=5, read=10, deadline=15)
YOUNG = timedelta(seconds=30)
"""A session is left alone so long: its start may be on its way into a row of ours."""
FORGOTTEN_AFTER = timedelta(days=30)


class Place(NamedTuple):
    """One account at one API. Without a key: the environment's."""

    key: ApiKey | None
    connection: Connection | None
    problem: str = ""

    @property
    def name(self) -> str:
        return f"key-{self.key.pk}" if self.key else ENVIRONMENT


@dataclass
class Listed:
    sessions: list[SessionAnswer]
    complete: bool
    error: NotteError | None = None


def find_orphans() -> None:
    places = _places()
    answers = wait_for(_ask([place.connection for place in places]))
    KeyHealth.objects.filter(api_key__revoked_at__isnull=False).delete()
    for place, listed in zip(places, answers, strict=True):
        _note_health(place, listed)
        if listed.error is None:
            settle(place.key, listed.sessions, complete=listed.complete)
    Orphan.objects.filter(gone_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()


def _places() -> list[Place]:
    return [_place(key) for key in [None, *ApiKey.objects.filter(revoked_at=None).order_by("pk")]]


def _place(key: ApiKey | None) -> Place:
    try:
        return Place(key, keys.connection(key))
    except (NotteError, ValueError) as error:
        return Place(key, None, str(error))


async def _ask(connections: list[Connection | None]) -> list[Listed]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(connection: Connection | None) -> Listed:
        if connection is None:
            return Listed([], complete=False, error=keys.NoKeyError("The key can't be used."))
        async with gate:
            return await _list(connection)

    return list(await asyncio.gather(*(one(connection) for connection in connections)))


async def _list(connection: Connection) -> Listed:
    found: dict[str, SessionAnswer] = {}
    try:
        async with NotteClient(connection, retries=1, reads=BUDGET) as client:
            for number in range(1, MOST_PAGES + 1):
                page = await client.list_sessions(only_active=True, page=number, page_size=PAGE_SIZE)
                found |= {item.session_id: item for item in page.items}
                if not page.has_next:
                    return Listed(list(found.values()), complete=not page.skipped)
    except NotteError as error:
        return Listed([], complete=False, error=error)
    return Listed(list(found.values()), complete=False)


def _note_health(place: Place, listed: Listed) -> None:
    now = timezone.now()
    error = listed.error
    told: dict[str, Any] = {"api_key": place.key, "checked_at": now, "base_url": place.key.base_url if place.key else ""}
    told |= {"problem": error.code if error else "", "problem_detail": (place.problem or error.message) if error else ""}
    if place.connection:
        told["base_url"] = place.connection.base_url
    if error is None:
        told |= {"answered_at": now, "active_sessions": len(listed.sessions)}
    KeyHealth.objects.update_or_create(name=place.name, defaults=told)


@transaction.atomic
def settle(key: ApiKey | None, listed: list[SessionAnswer], *, complete: bool) -> None:
    """From a list to rows. What an incomplete list lacks may still live."""
    now = timezone.now()
    ids = [each.session_id for each in listed]
    ours = set(BrowserSession.objects.filter(session_id__in=ids).values_list("session_id", flat=True))
    starts = _open_starts()
    for each in listed:
        if each.session_id not in ours and not _may_be_a_start(each.created_at, starts, now) and len(each.session_id) <= 255:  # noqa: PLR2004
            _keep(key, each, now)
    open_ones = Orphan.objects.filter(api_key=key, gone_at=None)
    open_ones.filter(session_id__in=ours).update(gone_at=now, outcome="known")
    if complete:
        missing = open_ones.exclude(session_id__in=ids)
        missing.filter(stop_requested_at=None).update(gone_at=now, outcome="ended")
        missing.update(gone_at=now, outcome="stopped")


def _keep(key: ApiKey | None, found: SessionAnswer, now: datetime) -> None:
    told = {
        "workspace_id": key.workspace_id if key else None,
        "remote_status": found.status[:100],
        "browser_type": (found.browser_type or "")[:100],
        "remote_created_at": found.created_at,
        "last_accessed_at": found.last_accessed_at,
        "idle_timeout_minutes": _minutes(found.idle_timeout_minutes),
        "max_duration_minutes": _minutes(found.max_duration_minutes),
        "seen_at": now,
        "gone_at": None,
        "outcome": "",
    }
    Orphan.objects.update_or_create(api_key=key, session_id=found.session_id, defaults=told)


def _minutes(value: int | None) -> int | None:
    return value if value is not None and 0 <= value < 2**31 else None


def _open_starts() -> list[datetime | None]:
    """When starts were sent whose answer is still out: `reconcile` looks for these, and nobody else may take them."""
    open_states = [State.SENDING, State.UNKNOWN]
    sent = BrowserSession.objects.filter(state__in=open_states).annotate(when=Coalesce(F("sent_at"), F("created_at")))
    return list(sent.values_list("when", flat=True))


def _may_be_a_start(created_at: datetime | None, starts: list[datetime | None], now: datetime) -> bool:
    if created_at is None:
        return bool(starts)
    if now - created_at < YOUNG:
        return True
    return any(when is None or when - SKEW <= created_at <= when + SEND_LEASE for when in starts)
