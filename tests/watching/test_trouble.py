"""An API that does not answer, or says odd things: what is known stays, its age is told, and gone needs three proofs."""

import asyncio
import dataclasses
from datetime import timedelta

import pytest
from django.utils import timezone

from notte_dashboard.notte_api.errors import NotFound, ServerFailed, Unauthorized, Unreachable
from notte_dashboard.runs import troubles
from notte_dashboard.runs.states import State
from notte_dashboard.watching import run as run_watch
from notte_dashboard.watching.run import RunWatch
from sessions_app.models import BrowserSession
from sessions_app.services.watch import WATCH
from tests.factories import make_session, make_workspace, seconds_ago
from tests.scripted_api import CUT
from tests.services import wait_for
from tests.watching.test_slice import body, gapless, looks, over, path, seqs, stored

OOPS = (500, {"message": "oops"})


def test_one_missed_look_is_nothing(watching, upstream):
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run), OOPS, over(run, 2))

    watching(WATCH).join(60)

    assert (stored(run).state, run.stale_since, run.problem) == (State.CLOSED, None, "")
    assert seqs(run) == gapless(2)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (OOPS, "server_failed"),
        (CUT, "unanswered"),
        ((200, ["no", "session"]), "bad_answer"),
        ((401, {"message": "who?"}), "unauthorized"),
        ((429, {"message": "slow"}, {"retry-after": "0"}), "rate_limited"),
    ],
)
def test_from_the_second_on_the_run_is_stale_until_an_answer_comes(watching, upstream, answer, problem):
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run, 1), answer)
    watching(WATCH)
    wait_for(lambda: stored(run).stale_since)
    assert (run.state, run.problem, seqs(run)) == (State.ACTIVE, problem, gapless(1))

    upstream.say("GET", path(run), body(run, 1))

    wait_for(lambda: not stored(run).stale_since)
    assert (run.problem, run.problem_detail, run.misses) == ("", "", 0)


def test_the_page_hears_when_the_reason_changes(watching, upstream):
    run = make_session(make_workspace())
    upstream.say("GET", path(run), OOPS)
    watching(WATCH)
    wait_for(lambda: stored(run).problem == "server_failed")

    upstream.say("GET", path(run), (401, {"message": "revoked"}))

    wait_for(lambda: stored(run).problem == "unauthorized")
    assert run.problem_detail == "revoked"


def test_a_run_the_api_forgot_is_gone_after_a_while_with_its_steps_kept(watching, upstream, monkeypatch):
    monkeypatch.setattr(troubles, "GONE_AFTER", timedelta(seconds=0.5))
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run, 2), (404, {"message": "unknown"}))

    watching(WATCH).join(60)

    assert (stored(run).state, run.problem, run.lease_owner, run.stale_since) == (State.ERROR, "gone", "", None)
    assert run.ended_at
    assert seqs(run) == gapless(2)
    assert looks(upstream, run) >= 4


def test_a_404_between_answers_is_not_gone(watching, upstream, monkeypatch):
    monkeypatch.setattr(troubles, "GONE_AFTER", timedelta(0))
    run, missing = make_session(make_workspace()), (404, {"message": "unknown"})
    upstream.say("GET", path(run), missing, missing, body(run), missing, missing, OOPS, missing, missing, over(run, 1))

    watching(WATCH).join(60)

    assert (stored(run).state, seqs(run)) == (State.CLOSED, gapless(1))


# --- the decision by itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("misses", "seconds", "over"), [(0, 600, False), (1, 600, False), (2, 59, False), (2, 61, True), (9, 61, True)]
)
@pytest.mark.django_db
def test_gone_needs_three_answers_over_a_minute(misses, seconds, over):
    run = make_session(make_workspace(), fence=2, misses=misses, stale_since=seconds_ago(3600))

    said = troubles.noted(run, NotFound("unknown", status=404), failures=misses + 1, missing_since=seconds_ago(seconds))

    assert (said.over, stored(run).state == State.ERROR) == (over, over)
    assert run.misses == (misses if over else misses + 1)


@pytest.mark.django_db
def test_an_outage_before_it_does_not_count_as_proof():
    run = make_session(make_workspace(), fence=2, misses=5, stale_since=seconds_ago(3600))

    troubles.noted(run, ServerFailed("oops", status=500), failures=9)
    for failures in (10, 11, 12):
        assert not troubles.noted(run, NotFound("unknown", status=404), failures, missing_since=timezone.now()).over


@pytest.mark.django_db
def test_what_is_told_is_told_once():
    run = make_session(make_workspace(), fence=2)
    errors = [Unreachable("no")] * 3 + [Unauthorized("who?", status=401)] * 2

    told = [troubles.noted(run, error, failures).changed for failures, error in enumerate(errors, start=1)]

    assert told == [False, True, False, True, False]
    since = stored(run).stale_since
    assert (run.problem, run.problem_detail) == ("unauthorized", "who?")
    troubles.noted(run, Unreachable("no"), 6)
    assert stored(run).stale_since == since


@pytest.mark.parametrize("state", [State.CLOSED, State.ERROR])
@pytest.mark.django_db
def test_trouble_with_a_run_that_is_over_is_no_trouble(state):
    run = make_session(make_workspace(), state=state, fence=2)

    assert not troubles.noted(run, Unreachable("no"), 5).changed
    assert troubles.noted(run, NotFound("unknown", status=404), 5, missing_since=timezone.now()).over
    assert (stored(run).stale_since, run.problem, run.state) == (None, "", state)


@pytest.mark.django_db
def test_an_overtaken_watch_tells_no_trouble():
    run = make_session(make_workspace(), fence=2)
    BrowserSession.objects.filter(pk=run.pk).update(fence=3)

    troubles.noted(run, Unreachable("no"), 5)

    assert (stored(run).stale_since, run.problem) == (None, "")


# --- events of the API ------------------------------------------------------------------------------------------------------


def with_events(listen):
    return dataclasses.replace(WATCH, listen=listen)


def test_an_event_makes_the_watch_look(watching, upstream, settings):
    settings.WATCH_LOOK_SOON = settings.WATCH_LOOK_LATE = 60
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run), body(run), over(run, 3))

    async def listen(held, client):
        while True:
            await asyncio.sleep(0.1)
            yield {"type": "observation"}

    watching(with_events(listen)).join(60)

    assert (stored(run).state, seqs(run)) == (State.CLOSED, gapless(3))


@pytest.mark.parametrize("failure", [Unreachable("no log"), RuntimeError("odd"), None], ids=["refused", "broken", "ended"])
def test_a_stream_that_is_no_good_leaves_the_looks_by_the_clock(watching, upstream, failure):
    run = make_session(make_workspace())
    upstream.say("GET", path(run), *[body(run)] * 6, over(run, 2))

    async def listen(held, client):
        if failure:
            raise failure
        for event in ():
            yield event

    watching(with_events(listen)).join(60)

    assert (stored(run).state, seqs(run)) == (State.CLOSED, gapless(2))


@pytest.mark.parametrize("ticks", range(6))
async def test_a_watch_that_is_called_off_in_the_moment_of_an_event_ends(settings, ticks, monkeypatch):
    settings.WATCH_LOOK_SOON = settings.WATCH_LOOK_LATE = 60
    monkeypatch.setattr(run_watch, "GATHER", 60)  # it still waits when it is called off, however slow the machine is
    watch = RunWatch(WATCH, BrowserSession(), None, None)
    waiting = asyncio.create_task(watch._wait())
    await asyncio.sleep(0.01)

    watch.woken.set()
    for _ in range(ticks):
        await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
