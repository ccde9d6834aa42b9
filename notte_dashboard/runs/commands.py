"""Start and stop as rows: claimed by compare-and-swap, sent at most once, retried only when nothing can have happened."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction as database
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.runs.clock import from_now
from notte_dashboard.runs.models import Run
from notte_dashboard.runs.states import State, transition
from notte_dashboard.runs.storable import storable

AnyRun = TypeVar("AnyRun", bound=Run)
SEND_LEASE = timedelta(seconds=120)
LOOK_FOR = timedelta(seconds=60)
STOP_AGAIN = timedelta(seconds=5)
LOOKS = 3
LOOK_EVERY = timedelta(seconds=20)


def claim_start(model: type[AnyRun], pk: int) -> AnyRun | None:
    """Mark the row as sending before the first byte; None when it is gone, not due, or somebody else has it."""
    now = timezone.now()
    # A condition on another table must not stand in the UPDATE itself: it would become one subquery around everything, which
    # PostgreSQL does not look at again after it has waited for another claimer, and both would send.
    startable = model.objects.filter(model.startable, pk=pk).values("pk")
    waiting = model.objects.filter(pk__in=startable, state=State.QUEUED, stop_requested_at=None).exclude(next_attempt_at__gt=now)
    won = waiting.update(
        state=State.SENDING, attempt=F("attempt") + 1, sent_at=now, lease_until=from_now(SEND_LEASE), fence=F("fence") + 1
    )
    return model.objects.select_related("api_key", "workspace").get(pk=pk) if won else None


def start_failed(run: Run, error: NotteError) -> None:
    """Queued again, rejected, or unknown: by what the API can have done."""
    now = timezone.now()
    code = "no_chromium" if _lacks_chromium(run, error) else error.code
    reasons = [{"loc": list(each.loc), "msg": each.msg, "type": each.type} for each in getattr(error, "detail", [])]
    told: dict[str, Any] = {"problem": code, "problem_detail": error.message, "reasons": reasons, "lease_until": None}
    if code == "no_chromium" or not (error.outcome_unknown or error.not_started):
        transition(run, State.REJECTED, fence=run.fence, ended_at=now, **told)
    elif error.outcome_unknown:
        transition(run, State.UNKNOWN, fence=run.fence, next_attempt_at=now + timedelta(seconds=2), misses=0, **told)
    elif now - run.created_at > settings.START_GIVES_UP:
        transition(run, State.NOT_STARTED, fence=run.fence, ended_at=now, **{**told, "problem": "gave_up"})
    else:
        wait = float(getattr(error, "retry_after", 0.0) or 0.0) or min(30.0, 1.5 ** min(run.attempt, 9))
        _queue_again(run, next_attempt_at=now + timedelta(seconds=wait), **told)


def _lacks_chromium(run: Run, error: NotteError) -> bool:
    """Our own local API says so before it does anything; from any other API a 503 leaves the outcome open."""
    local = settings.EMBEDDED and run.api_key_id is None
    return local and error.status == HTTPStatus.SERVICE_UNAVAILABLE and "chromium" in error.message.lower()


@database.atomic
def _queue_again(run: Run, **columns: Any) -> None:
    """Unless somebody wished to stop it meanwhile: then it is simply not sent again."""
    if transition(run, State.QUEUED, fence=run.fence, **columns):
        never_sent(type(run).objects.filter(pk=run.pk, stop_requested_at__isnull=False))


def rejected(run: Run, problem: str, detail: str = "") -> bool:
    return transition(run, State.REJECTED, problem=problem, problem_detail=detail, ended_at=timezone.now(), lease_until=None)


def started(run: Run, **columns: Any) -> bool:
    """The API has it. False when the row went on without us (it is then in a terminal state)."""
    now = timezone.now()
    fresh: dict[str, Any] = {"active_at": now, "seen_at": now, "lease_until": None, "lease_owner": "", "next_attempt_at": None}
    fresh |= {"problem": "", "problem_detail": "", "misses": 0}
    return transition(run, State.ACTIVE, **fresh, **storable(type(run), columns))


def not_found_at_api(run: Run, matches: int) -> None:
    """An unknown start that the API's list does not settle: three misses over a minute mean it never happened."""
    now = timezone.now()
    misses = run.misses + 1 if not matches else 0
    if misses >= LOOKS and run.sent_at and now - run.sent_at >= LOOK_FOR:
        transition(run, State.NOT_STARTED, problem="not_found_again", ended_at=now)
        return
    columns: dict[str, Any] = {"misses": misses, "next_attempt_at": now + LOOK_EVERY}
    if matches > 1:
        columns["problem"] = "ambiguous"
    type(run).objects.filter(pk=run.pk, state=State.UNKNOWN).update(**columns)


@database.atomic
def wish_stop(run: Run, by: User | None) -> bool:
    """Keep the wish; True when it now has to be sent to the API. A start not yet sent is simply not sent."""
    now = timezone.now()
    wish: dict[str, Any] = {"stop_requested_at": now, "stop_requested_by": by}
    rows = type(run).objects.filter(pk=run.pk)
    # The row is held: a start that is answered between two of these steps would otherwise never see the wish.
    rows.select_for_update().values_list("pk").first()
    if never_sent(rows, **wish):
        return False
    if transition(run, State.STOPPING, next_attempt_at=now + STOP_AGAIN, **wish):
        return True
    rows.filter(stop_requested_at=None, ended_at=None).update(**wish)
    return False


def never_sent(rows: QuerySet[Run], **wish: Any) -> bool:
    """End those of the rows that are still queued."""
    over = {"state": State.NOT_STARTED, "problem": "stopped_before_start", "problem_detail": "", "ended_at": timezone.now()}
    return bool(rows.filter(state=State.QUEUED).update(**over, **wish))


def stop_failed(run: Run, error: NotteError) -> None:
    """Stays stopping; the sweep sends it again until the run is over."""
    now = timezone.now()
    type(run).objects.filter(pk=run.pk, state=State.STOPPING).update(
        next_attempt_at=now + STOP_AGAIN, problem=error.code, problem_detail=error.message
    )


def stop_again(run: Run) -> None:
    """The API took the stop and is still at it (a running action is finished first)."""
    again = timezone.now() + 3 * STOP_AGAIN
    type(run).objects.filter(pk=run.pk, state=State.STOPPING).update(next_attempt_at=again)


def ended(run: Run, state: State, **columns: Any) -> bool:
    """A stop was answered with the end. Its last steps are still to be fetched: by its watch, or by whoever takes its lease."""
    last_look: dict[str, Any] = {
        "lease_owner": Case(When(lease_owner="", then=Value("nobody")), default=F("lease_owner")),
        "lease_until": Coalesce("lease_until", Now()),
    }
    columns = storable(type(run), columns)
    return transition(run, state, problem="", problem_detail="", stale_since=None, **last_look, **columns)


def gone(run: Run) -> bool:
    """A stop of something the API no longer knows: it is over."""
    return transition(run, State.CLOSED, problem="gone", problem_detail="", ended_at=timezone.now(), stale_since=None)


def ask_again(run: Run, error: NotteError) -> None:
    """The list could not be read: that says nothing about the start."""
    again = timezone.now() + LOOK_EVERY
    type(run).objects.filter(pk=run.pk, state=State.UNKNOWN).update(next_attempt_at=again, problem_detail=error.message)
