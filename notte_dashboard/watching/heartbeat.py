"""Says whether anybody is there to do the work."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from notte_dashboard import metrics
from notte_dashboard.watching.models import WorkerHeartbeat

ALIVE = timedelta(seconds=15)
FORGET = timedelta(days=1)


def beat(worker: str) -> None:
    now = timezone.now()
    WorkerHeartbeat.objects.update_or_create(worker=worker, defaults={"beat_at": now, "metrics": metrics.counted()})
    WorkerHeartbeat.objects.filter(beat_at__lt=now - FORGET).delete()


def gone(worker: str) -> None:
    WorkerHeartbeat.objects.filter(worker=worker).delete()


def workers_alive() -> int:
    return _alive().count()


def counts_of_workers() -> list[tuple[str, list[list[Any]]]]:
    """What each living worker had counted at its last beat."""
    return list(_alive().order_by("worker").values_list("worker", "metrics"))


def _alive() -> QuerySet[WorkerHeartbeat]:
    return WorkerHeartbeat.objects.filter(beat_at__gte=timezone.now() - ALIVE)
