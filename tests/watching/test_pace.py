"""When a watch looks: at changes in the row, at events, at a steady pace, after the end; and its lease never lapses meanwhile."""

import asyncio
import dataclasses
import threading
import time
from itertools import pairwise

import pytest

from notte_dashboard.runs.states import State
from notte_dashboard.watching import run as run_watch
from sessions_app.models import BrowserSession
from sessions_app.services.watch import WATCH
from tests.factories import make_session, make_workspace
from tests.services import wait_for
from tests.watching.test_slice import body, looks, over, path, stored

FINAL_LOOK = run_watch.FINAL_LOOK
"""As it is set: the fixture `quick` shortens it."""


def calm(settings):
    """No look by the clock."""
    settings.WATCH_LOOK_SOON = settings.WATCH_LOOK_LATE = 600


def leases(run, count):
    """The next values of the lease's end, each from another renewal."""
    ends = [stored(run).lease_until]
    while len(ends) < count:
        wait_for(lambda: stored(run).lease_until != ends[-1])
        ends.append(run.lease_until)
    return ends


@pytest.mark.clock
def test_a_lease_is_renewed_before_it_lapses(watching, upstream, settings):
    calm(settings)
    run, settings.WATCH_LEASE = make_session(make_workspace()), 2
    upstream.say("GET", path(run), body(run))
    watching(WATCH)
    wait_for(lambda: stored(run).seen_at)

    ends = leases(run, 4)

    late = [str(after - before) for before, after in pairwise(ends) if (after - before).total_seconds() >= settings.WATCH_LEASE]
    assert late == []


def test_a_row_that_stays_as_it_is_makes_nobody_look(watching, upstream, settings):
    calm(settings)
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run))
    watching(WATCH)
    wait_for(lambda: stored(run).seen_at)

    leases(run, 4)

    assert looks(upstream, run) == 1


def test_a_state_that_somebody_else_wrote_makes_the_watch_look(watching, upstream, settings):
    calm(settings)
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run), over(run, 2))
    thread = watching(WATCH)
    wait_for(lambda: stored(run).seen_at)

    BrowserSession.objects.filter(pk=run.pk).update(state=State.STOPPING)
    thread.join(60)

    assert (stored(run).state, run.last_seq) == (State.CLOSED, 2)


def test_an_open_stream_without_events_makes_nobody_look(watching, upstream, settings):
    calm(settings)
    run, opened, event = make_session(make_workspace()), threading.Event(), threading.Event()
    upstream.say("GET", path(run), body(run))

    async def listen(held, client):
        opened.set()
        await asyncio.to_thread(event.wait)
        yield "an event"
        await asyncio.sleep(600)

    watching(dataclasses.replace(WATCH, listen=listen))
    try:
        wait_for(lambda: stored(run).seen_at)
        wait_for(opened.is_set)
        leases(run, 4)
        assert looks(upstream, run) == 1
    finally:
        event.set()
    wait_for(lambda: looks(upstream, run) == 3)  # for the event, and once more should it have been quicker than the status
    leases(run, 4)
    assert looks(upstream, run) == 3


@pytest.mark.clock
def test_a_slow_answer_does_not_slow_the_pace(watching, upstream, settings):
    settings.WATCH_LOOK_SOON = settings.WATCH_LOOK_LATE = 1
    run, asked, answered = make_session(make_workspace()), [], []

    def slow():
        asked.append(time.monotonic())
        time.sleep(1)
        answered.append(time.monotonic())
        return body(run)

    upstream.say("GET", path(run), slow)
    watching(WATCH)
    wait_for(lambda: len(asked) == 3)

    pauses = [after - before for before, after in zip(answered, asked[1:], strict=False)]
    assert min(pauses) < 0.5, pauses


@pytest.mark.clock
def test_a_step_that_the_api_lists_half_a_second_after_the_end_is_fetched(watching, upstream, monkeypatch):
    monkeypatch.setattr(run_watch, "FINAL_LOOK", FINAL_LOOK)
    run, ended = make_session(make_workspace()), []

    def lagging():
        ended.append(time.monotonic())
        return over(run, 2 if time.monotonic() - ended[0] > 0.5 else 1)

    upstream.say("GET", path(run), lagging)

    watching(WATCH).join(60)

    assert (stored(run).state, run.last_seq) == (State.CLOSED, 2)
