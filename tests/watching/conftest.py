"""A watch on a real loopback API, at a pace that tests can wait for."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from notte_dashboard.watching import backoff, loop, run
from tests.services import wait_for


@pytest.fixture
def quick(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    settings.WATCH_LOOK_SOON = settings.WATCH_LOOK_LATE = 0.03
    settings.WATCH_LEASE, settings.WATCH_SLICE = 5, 20
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(run, "FINAL_LOOK", 0.05)
    monkeypatch.setattr(backoff, "LONGEST", 0.06)


@pytest.fixture
def watching(quick: None, transactional_db: None) -> Iterator[Callable[[Any], threading.Thread]]:
    """Starts a slice in a thread, as a worker does; what still runs at the end is stopped."""
    threads: list[threading.Thread] = []

    def start(kind: Any) -> threading.Thread:
        def work() -> None:
            try:
                loop.run_slice(kind)
            finally:
                connection.close()

        threads.append(threading.Thread(target=work))
        threads[-1].start()
        return threads[-1]

    yield start
    for thread in threads:
        wait_for(lambda thread=thread: _ended(thread))


def _ended(thread: threading.Thread) -> bool:
    loop.stop_slices()
    thread.join(0.1)
    return not thread.is_alive()
