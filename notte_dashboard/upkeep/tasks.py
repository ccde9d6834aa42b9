"""Celery's way in. Arguments are ids; every task may run twice."""

import time

from celery import shared_task

from notte_dashboard.runs.enqueue import enqueue

PASS_SECONDS = 60.0


@shared_task(name="upkeep.find_orphans")
def find_orphans() -> None:
    from notte_dashboard.upkeep.orphans import find, stop  # noqa: PLC0415 - the services enqueue these tasks

    find.find_orphans()
    for pk in stop.unsent():
        enqueue(stop_orphan, pk)


@shared_task(name="upkeep.stop_orphan", acks_late=True)
def stop_orphan(pk: int) -> None:
    from notte_dashboard.upkeep.orphans.stop import send_stop  # noqa: PLC0415

    send_stop(pk)


@shared_task(name="upkeep.retention")
def retention() -> None:
    """A minute's worth of removing; what is left then is left to the next of these, at once."""
    from notte_dashboard.upkeep.models import Retention  # noqa: PLC0415
    from notte_dashboard.upkeep.retention.pictures import sweep_folder  # noqa: PLC0415
    from notte_dashboard.upkeep.retention.prune import prune  # noqa: PLC0415

    ends = time.monotonic() + PASS_SECONDS
    left = False
    for policy in Retention.objects.order_by("pk"):
        report = prune(policy, seconds=max(ends - time.monotonic(), 1))
        left = left or bool(report and not report.complete)
    sweep_folder(int(time.time() // 3600))
    if left:
        enqueue(retention)
