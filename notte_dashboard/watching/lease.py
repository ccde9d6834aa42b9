"""Who watches what: a lease on the run's row. Database clock, compare-and-swap, a fence that only rises."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from notte_dashboard.runs.models import Run, RunQuerySet
from notte_dashboard.runs.states import WATCHED

LAPSED = Q(lease_until=None) | Q(lease_until__lt=Now())


def from_now(seconds: float) -> Any:
    """Database time, so that workers with skewed clocks agree."""
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())


def unwatched(model: type[Run]) -> RunQuerySet:
    return model.objects.filter(LAPSED, state__in=WATCHED)


def claim(model: type[Run], owner: str, limit: int) -> list[Any]:
    """Take up to `limit` unwatched runs in one UPDATE; two claimers never get the same row."""
    if limit <= 0:
        return []
    due = unwatched(model).order_by("lease_until").values("pk")[:limit]
    # The condition stands outside too: PostgreSQL checks it again on rows another claimer has just taken.
    unwatched(model).filter(pk__in=due).update(
        lease_owner=owner, lease_until=from_now(settings.WATCH_LEASE), fence=F("fence") + 1
    )
    return list(model.objects.filter(lease_owner=owner, state__in=WATCHED).select_related("api_key", "workspace"))


def renew(model: type[Run], owner: str) -> dict[int, dict[str, Any]]:
    """What the owner still holds: pk -> fence, viewed_at. Runs that are missing belong to somebody else now."""
    mine = model.objects.filter(lease_owner=owner)
    mine.update(lease_until=from_now(settings.WATCH_LEASE))
    return {row["pk"]: row for row in mine.values("pk", "fence", "viewed_at")}


def release(model: type[Run], owner: str, pk: int | None = None) -> None:
    rows = model.objects.filter(lease_owner=owner)
    (rows if pk is None else rows.filter(pk=pk)).update(lease_owner="", lease_until=None)
