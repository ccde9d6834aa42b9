"""Every two seconds: wake whatever is due. Idempotent; emptying Redis costs no more than one sweep."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from notte_dashboard.runs.models import Run
from notte_dashboard.runs.states import State, transition
from notte_dashboard.watching import lease

BATCH = 200


@dataclass(frozen=True)
class Wake:
    """How an app's tasks are enqueued; each takes the pk of a run."""

    start: Callable[[int], None]
    stop: Callable[[int], None]
    reconcile: Callable[[int], None]
    watch: Callable[[], None]


def sweep(model: type[Run], wake: Wake) -> None:
    now = timezone.now()
    due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
    lost = {"problem": "unanswered", "next_attempt_at": now, "misses": 0, "lease_until": None}
    for run in _few(model.objects.filter(state=State.SENDING, lease_until__lt=Now())):
        # Whoever was sending is gone: it may have been sent, so it is never sent again.
        transition(run, State.UNKNOWN, fence=run.fence, **lost)
    for run in _few(model.objects.filter(state=State.ACTIVE, stop_requested_at__isnull=False)):
        # Whoever learnt that it had started died before it could pass the wish on.
        transition(run, State.STOPPING, next_attempt_at=now)
    for pk in _pks(model.objects.filter(due, model.startable, state=State.QUEUED)):
        wake.start(pk)
    for pk in _pks(model.objects.filter(due, state=State.UNKNOWN)):
        wake.reconcile(pk)
    for pk in _pks(model.objects.filter(due, state=State.STOPPING)):
        wake.stop(pk)
    if lease.unwatched(model).exists():
        wake.watch()


def _few(rows: QuerySet[Run]) -> QuerySet[Run]:
    return rows.only("pk", "fence")[:BATCH]


def _pks(rows: QuerySet[Run]) -> list[int]:
    return list(rows.order_by("next_attempt_at").values_list("pk", flat=True)[:BATCH])
