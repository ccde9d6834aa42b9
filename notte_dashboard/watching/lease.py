"""Who watches what: a lease on the run's row. Database clock, compare-and-swap, a fence that only rises."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Now

from notte_dashboard.runs.clock import from_now
from notte_dashboard.runs.models import Run, RunQuerySet
from notte_dashboard.runs.states import ENDED, WATCHED

LATER = "later"
FREE = Q(state__in=WATCHED) & (Q(lease_until=None) | Q(lease_until__lt=Now()))
# A run that ended keeps its lease until somebody has fetched its last steps.
UNFINISHED = Q(state__in=ENDED, lease_until__lt=Now())


def unwatched(model: type[Run]) -> RunQuerySet:
    return model.objects.filter(FREE | UNFINISHED)


def claim(model: type[Run], owner: str, limit: int) -> list[Any]:
    """Take up to `limit` unwatched runs in one UPDATE; two claimers never get the same row. Answers those it took."""
    due = list(unwatched(model).order_by("lease_until").values_list("pk", flat=True)[: max(limit, 0)])
    if not due:
        return []
    # The condition stands in the UPDATE too: another claimer may have been faster.
    taken = unwatched(model).filter(pk__in=due).update(lease_owner=owner, lease_until=_lapse(), fence=F("fence") + 1)
    mine = model.objects.filter(lease_owner=owner, pk__in=due)
    return list(mine.select_related("api_key", "workspace")) if taken else []


def renew(model: type[Run], owner: str, pks: Sequence[int]) -> dict[int, dict[str, Any]]:
    """What of these the owner still holds: pk -> fence, viewed_at, state, ended_at. Those missing belong to somebody else."""
    mine = model.objects.filter(lease_owner=owner, pk__in=pks)
    mine.update(lease_until=_lapse())
    return {row["pk"]: row for row in mine.values("pk", "fence", "viewed_at", "state", "ended_at")}


def release(model: type[Run], owner: str, pk: int | None = None) -> None:
    """Free for others at once; for a run that is over: finished."""
    rows = model.objects.filter(lease_owner=owner)
    (rows if pk is None else rows.filter(pk=pk)).update(lease_owner="", lease_until=None)


def postpone(model: type[Run], owner: str, pk: int, wait: timedelta) -> None:
    """Nobody watches the run for a while: what failed now would fail again at once."""
    model.objects.filter(lease_owner=owner, pk=pk).update(lease_owner=LATER, lease_until=from_now(wait))


def _lapse() -> Any:
    return from_now(timedelta(seconds=settings.WATCH_LEASE))
