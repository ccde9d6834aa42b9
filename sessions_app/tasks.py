"""Celery's way in. Arguments are ids; every task may run twice; the services decide."""

from celery import shared_task

from notte_dashboard.runs.enqueue import enqueue
from notte_dashboard.watching.loop import run_slice
from notte_dashboard.watching.sweep import Wake
from notte_dashboard.watching.sweep import sweep as sweep_runs
from sessions_app.models import BrowserSession


@shared_task(name="sessions_app.start", acks_late=True)
def start(pk: int) -> None:
    from sessions_app.services.start import send_start  # noqa: PLC0415 - the services enqueue these tasks

    send_start(pk)


@shared_task(name="sessions_app.stop", acks_late=True)
def stop(pk: int) -> None:
    from sessions_app.services.stop import send_stop  # noqa: PLC0415

    send_stop(pk)


@shared_task(name="sessions_app.reconcile", acks_late=True)
def reconcile(pk: int) -> None:
    from sessions_app.services.reconcile import reconcile as look_for  # noqa: PLC0415

    look_for(pk)


@shared_task(name="sessions_app.watch_slice")
def watch_slice() -> None:
    from sessions_app.services.watch import WATCH  # noqa: PLC0415

    run_slice(WATCH)


@shared_task(name="sessions_app.sweep")
def sweep() -> None:
    from sessions_app.services.drive import tidy  # noqa: PLC0415

    wake = Wake(
        start=lambda pk: enqueue(start, pk),
        stop=lambda pk: enqueue(stop, pk),
        reconcile=lambda pk: enqueue(reconcile, pk),
        watch=lambda: enqueue(watch_slice, expires=10),
    )
    sweep_runs(BrowserSession, wake)
    tidy()
