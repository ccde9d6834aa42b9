"""Says whether anybody is there to do the work."""

from datetime import timedelta

from django.utils import timezone

from notte_dashboard.watching.models import WorkerHeartbeat

ALIVE = timedelta(seconds=15)
FORGET = timedelta(days=1)


def beat(worker: str) -> None:
    now = timezone.now()
    WorkerHeartbeat.objects.update_or_create(worker=worker, defaults={"beat_at": now})
    WorkerHeartbeat.objects.filter(beat_at__lt=now - FORGET).delete()


def gone(worker: str) -> None:
    WorkerHeartbeat.objects.filter(worker=worker).delete()


def workers_alive() -> int:
    return WorkerHeartbeat.objects.filter(beat_at__gte=timezone.now() - ALIVE).count()
