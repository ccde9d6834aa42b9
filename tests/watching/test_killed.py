"""A watcher that is killed, or stopped in its tracks, costs time but no step, and never a step twice."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from notte_dashboard.runs.states import State
from notte_dashboard.watching import lease
from sessions_app.models import BrowserSession
from sessions_app.services.watch import WATCH
from tests.factories import make_session, make_workspace
from tests.scripted_api import KEY
from tests.services import ROOT, environ_of_programs, wait_for
from tests.watching.test_slice import body, gapless, over, path, seqs, stored

pytestmark = pytest.mark.process

SLICE = """
import django
django.setup()
from django.conf import settings
settings.WATCH_LEASE, settings.WATCH_LOOK_SOON, settings.WATCH_LOOK_LATE = 1, 0.03, 0.03
from notte_dashboard.watching.loop import run_slice
from sessions_app.services.watch import WATCH
run_slice(WATCH)
"""


@pytest.fixture
def watcher(upstream: Any, transactional_db: None) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """A slice in a process of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        environment = environ_of_programs() | {"NOTTE_API_URL": upstream.url, "NOTTE_API_KEY": KEY}
        started.append(subprocess.Popen([sys.executable, "-c", SLICE], cwd=ROOT, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_when_a_watcher_is_killed_another_goes_on_without_a_gap(watcher, watching, upstream):
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run, 1), body(run, 2))
    process = watcher()
    wait_for(lambda: stored(run).last_seq == 2)
    dead = run.lease_owner

    process.kill()
    killed = time.monotonic()
    process.wait()
    upstream.say("GET", path(run), body(run, 4), over(run, 6))
    wait_for(lambda: lease.unwatched(BrowserSession).exists())
    assert time.monotonic() - killed < 20, "the lease of one second has lapsed"
    watching(WATCH).join(60)

    assert seqs(stored(run)) == gapless(6)
    assert (run.state, run.lease_owner) == (State.CLOSED, "")
    assert dead != ""


def test_a_watcher_that_wakes_up_late_writes_nothing_over_the_other_one(watcher, watching, upstream):
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run, 2))
    process = watcher()
    wait_for(lambda: stored(run).last_seq == 2)

    process.send_signal(signal.SIGSTOP)
    wait_for(lambda: lease.unwatched(BrowserSession).exists())
    upstream.say("GET", path(run), body(run, 5))
    other = watching(WATCH)
    wait_for(lambda: stored(run).last_seq == 5)
    owner, fence = run.lease_owner, run.fence
    process.send_signal(signal.SIGCONT)

    assert process.wait(60) == 0, "it has nothing left to watch"
    assert (stored(run).lease_owner, run.fence) == (owner, fence)
    upstream.say("GET", path(run), over(run, 7))
    other.join(60)
    assert seqs(stored(run)) == gapless(7)
    assert run.state == State.CLOSED
