"""The Celery app, and what a worker process does beside its tasks: say that it lives, and let go of its leases in time."""

import logging
import os
import socket
import threading
from typing import Any

from celery import Celery, signals

from notte_dashboard.limits import collect_rarely, raise_open_files

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "notte_dashboard.settings.base")
app = Celery("notte_dashboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
logger = logging.getLogger(__name__)
_ends = threading.Event()
BEAT_EVERY = 5.0


@signals.setup_logging.connect
def use_the_settings_logging(**_: Any) -> None:
    """Celery leaves logging alone when somebody listens here; Django has configured it."""


@signals.worker_init.connect
def prepare_for_many_runs(**_: Any) -> None:
    raise_open_files()


@signals.worker_ready.connect
def leave_start_up_alone(**_: Any) -> None:
    collect_rarely()


@signals.worker_ready.connect
def start_heartbeat(**_: Any) -> None:
    threading.Thread(target=_beat, name="heartbeat", daemon=True).start()


@signals.worker_shutting_down.connect
def release_leases(**_: Any) -> None:
    from notte_dashboard.watching.loop import stop_slices  # noqa: PLC0415 - needs Django to be set up

    _ends.set()
    # Not in the signal handler's own frame: it may have interrupted whoever holds the lock.
    threading.Thread(target=stop_slices, name="stop-slices").start()


def _beat() -> None:
    from django.db import DatabaseError, connections  # noqa: PLC0415

    from notte_dashboard.watching import heartbeat  # noqa: PLC0415

    name = f"{socket.gethostname()}:{os.getpid()}"
    while not _ends.is_set():
        try:
            heartbeat.beat(name)
        except DatabaseError:
            logger.exception("The heartbeat was not written")
            connections.close_all()
        _ends.wait(BEAT_EVERY)
    heartbeat.gone(name)
    connections.close_all()
