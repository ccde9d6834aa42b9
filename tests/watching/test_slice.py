"""A slice at work on a real API: looks, stores, ends, lets go; kept apart from others by its leases."""

import asyncio
import dataclasses
import json
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from notte_dashboard.runs.clock import from_now
from notte_dashboard.runs.commands import ended
from notte_dashboard.runs.states import State
from notte_dashboard.watching import lease, loop
from sessions_app.models import BrowserSession
from sessions_app.services.watch import WATCH
from tests.factories import make_key, make_session, make_workspace
from tests.pictures import encoded, picture
from tests.scripted_api import KEY, session_body
from tests.services import wait_for
from tests.step_items import execution_item


def path(run):
    return f"/sessions/{run.session_id}"


def body(run, steps=0, **fields):
    return session_body(run.session_id, steps=[execution_item(number) for number in range(steps)], **fields)


def over(run, steps=0, **fields):
    return body(run, steps, status="closed", closed_at="2026-05-20T09:20:00Z", viewer_url=None, **fields)


def stored(run):
    run.refresh_from_db()
    return run


def seqs(run):
    return list(run.steps.order_by("seq").values_list("seq", "position"))


def gapless(count):
    return [(number + 1, number) for number in range(count)]


def looks(upstream, run):
    return len(upstream.requests("GET", path(run)))


def test_a_session_is_watched_to_its_end(watching, upstream):
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run), body(run, 1), body(run, 1), body(run, 3), over(run, 4), over(run, 5))

    watching(WATCH).join(60)

    assert seqs(stored(run)) == gapless(5), "also the step that came after the end"
    assert (run.state, run.lease_owner, run.lease_until) == (State.CLOSED, "", None)
    assert run.ended_at.minute == 20
    assert looks(upstream, run) == 6
    assert "jwt-canary" not in json.dumps(run.remote)


def test_an_answer_that_is_the_same_is_not_stored_again(watching, upstream):
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run, 2))
    watching(WATCH)
    wait_for(lambda: stored(run).seen_at)
    seen, since = run.seen_at, looks(upstream, run)

    wait_for(lambda: looks(upstream, run) > since + 5)

    assert stored(run).seen_at == seen


def test_nothing_to_watch_is_over_at_once(watching, upstream):
    make_session(make_workspace(), state=State.CLOSED)
    began = time.monotonic()

    watching(WATCH).join(60)

    assert time.monotonic() - began < 20
    assert upstream.asked == []


def test_one_slice_watches_many_with_one_key_each(watching, upstream, settings):
    team, settings.WATCH_RUNS_PER_SLICE = make_workspace(), 4
    kept = make_key(team, upstream.url, "another-key-1234567890")
    runs = [make_session(team, api_key=kept if number % 2 else None) for number in range(11)]
    for run in runs:
        upstream.say("GET", path(run), body(run, 1), over(run, 3))

    watching(WATCH).join(60)

    assert {stored(run).state for run in runs} == {State.CLOSED}
    assert all(seqs(run) == gapless(3) for run in runs)
    for number, run in enumerate(runs):
        sent = {asked.headers["authorization"] for asked in upstream.requests("GET", path(run))}
        assert sent == {f"Bearer {'another-key-1234567890' if number % 2 else KEY}"}


def test_a_slice_takes_up_no_more_than_its_share(watching, upstream, settings):
    team, settings.WATCH_RUNS_PER_SLICE = make_workspace(), 2
    runs = [make_session(team) for _ in range(3)]
    for run in runs:
        upstream.say("GET", path(run), body(run))
    watching(WATCH)

    wait_for(lambda: BrowserSession.objects.exclude(lease_owner="").count() == 2)
    first = next(run for run in runs if stored(run).lease_owner)
    waiting = next(run for run in runs if not stored(run).lease_owner)
    upstream.say("GET", path(first), over(first))

    wait_for(lambda: stored(waiting).lease_owner)
    assert BrowserSession.objects.exclude(lease_owner="").count() == 2


@pytest.mark.clock
def test_a_slice_lets_go_when_its_time_is_over(watching, upstream, settings):
    run, settings.WATCH_SLICE, settings.WATCH_LEASE = make_session(make_workspace()), 1, 2
    upstream.say("GET", path(run), body(run, 1))

    watching(WATCH).join(60)

    assert (stored(run).state, run.lease_owner, run.lease_until) == (State.ACTIVE, "", None)
    assert seqs(run) == gapless(1)


def test_a_worker_that_shuts_down_lets_go_at_once(watching, upstream, settings):
    run, settings.WATCH_LEASE = make_session(make_workspace()), 30
    upstream.say("GET", path(run), body(run, 1))
    thread = watching(WATCH)
    wait_for(lambda: stored(run).last_seq)
    began = time.monotonic()

    loop.stop_slices()
    thread.join(60)

    assert not thread.is_alive()
    assert time.monotonic() - began < 25, "the lease of half a minute did not have to lapse"
    assert (stored(run).lease_owner, run.state) == ("", State.ACTIVE)
    assert [each.pk for each in lease.claim(BrowserSession, "other", 5)] == [run.pk]


def test_a_second_task_in_the_same_worker_only_pokes_the_first(watching, upstream, settings):
    team, settings.WATCH_LEASE = make_workspace(), 30
    first = make_session(team)
    upstream.say("GET", path(first), body(first))
    watching(WATCH)
    wait_for(lambda: stored(first).seen_at)
    second = make_session(team)
    upstream.say("GET", path(second), body(second))

    watching(WATCH)

    wait_for(lambda: stored(second).seen_at)
    assert stored(first).lease_owner == stored(second).lease_owner


def test_somebody_who_looks_makes_it_look_soon(watching, upstream, settings):
    run, settings.WATCH_LOOK_LATE, settings.WATCH_LOOK_SOON = make_session(make_workspace()), 60, 60
    upstream.say("GET", path(run), body(run), body(run, 1))
    watching(WATCH)
    wait_for(lambda: stored(run).seen_at)

    BrowserSession.objects.filter(pk=run.pk).update(viewed_at=timezone.now())

    wait_for(lambda: stored(run).last_seq == 1)


# --- kept apart -----------------------------------------------------------------------------------------------------------


def test_a_watch_that_was_overtaken_writes_nothing_more(watching, upstream):
    run = make_session(make_workspace())
    upstream.say("GET", path(run), body(run, 1))
    thread = watching(WATCH)
    wait_for(lambda: stored(run).last_seq)

    BrowserSession.objects.filter(pk=run.pk).update(lease_owner="other", fence=50, lease_until=from_now(timedelta(seconds=60)))
    upstream.say("GET", path(run), over(run, 4))
    thread.join(60)

    assert not thread.is_alive()
    assert (stored(run).state, run.last_seq, run.lease_owner) == (State.ACTIVE, 1, "other")


def test_a_watch_that_slept_beyond_its_lease_does_not_overwrite(watching, upstream):
    """The answer was asked for before the lease was lost, and comes after it."""
    run, asked, overtaken = make_session(make_workspace()), threading.Event(), threading.Event()
    upstream.say("GET", path(run), over(run, 4))

    async def slow_look(held, client, known):
        asked.set()
        await asyncio.to_thread(overtaken.wait, 60)
        return await WATCH.look(held, client, known)

    thread = watching(dataclasses.replace(WATCH, look=slow_look))
    assert asked.wait(60)
    BrowserSession.objects.filter(pk=run.pk).update(lease_owner="other", fence=50, lease_until=from_now(timedelta(seconds=60)))
    overtaken.set()
    thread.join(60)

    assert not thread.is_alive()
    assert (stored(run).state, run.last_seq, run.lease_owner) == (State.ACTIVE, 0, "other")


# --- the last look ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", ["dead", ""])
def test_the_last_steps_of_a_run_that_a_stop_ended_are_fetched(watching, upstream, owner):
    held = {"lease_owner": owner, "lease_until": from_now(timedelta(seconds=-1))} if owner else {}
    run = make_session(make_workspace(), state=State.STOPPING, fence=3, **held)
    ended(run, State.CLOSED, ended_at=timezone.now())
    upstream.say("GET", path(run), over(run, 3))

    wait_for(lambda: lease.unwatched(BrowserSession).exists())
    watching(WATCH).join(60)

    assert seqs(stored(run)) == gapless(3)
    assert (run.state, run.lease_owner, run.lease_until, run.stale_since) == (State.CLOSED, "", None, None)


def test_a_last_look_that_the_api_never_answers_is_given_up(watching, upstream):
    run = make_session(make_workspace(), state=State.STOPPING)
    ended(run, State.CLOSED, ended_at=timezone.now() - timedelta(minutes=11))
    upstream.say("GET", path(run), (500, {"message": "oops"}))

    wait_for(lambda: lease.unwatched(BrowserSession).exists())
    watching(WATCH).join(60)

    assert (stored(run).lease_owner, run.problem, run.stale_since) == ("", "", None)


def test_a_run_that_a_stop_ended_and_the_api_forgot_is_finished_at_once(watching, upstream):
    run = make_session(make_workspace(), state=State.STOPPING)
    ended(run, State.CLOSED, ended_at=timezone.now())

    wait_for(lambda: lease.unwatched(BrowserSession).exists())
    watching(WATCH).join(60)

    assert (stored(run).state, run.lease_owner, run.problem) == (State.CLOSED, "", "")
    assert looks(upstream, run) <= 2


# --- what must not happen to the others ---------------------------------------------------------------------------------------


def test_a_run_whose_key_is_lost_says_so_and_stops_nobody_else(watching, upstream, settings):
    team = make_workspace()
    settings.FIELD_ENCRYPTION_KEYS = ["Zm9yZ290dGVuLWZvcmdvdHRlbi1mb3Jnb3R0ZW4tMTI=", *settings.FIELD_ENCRYPTION_KEYS]
    lost = make_session(team, api_key=make_key(team, upstream.url), secrets="lost too")
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[1:]
    good = make_session(team)
    upstream.say("GET", path(good), over(good, 2))

    watching(WATCH).join(60)

    assert (stored(good).state, seqs(good)) == (State.CLOSED, gapless(2))
    assert (stored(lost).state, lost.problem) == (State.ACTIVE, "key_lost")
    assert lost.stale_since
    assert upstream.requests("GET", path(lost)) == []
    assert not lease.unwatched(BrowserSession).exists(), "not tried again at once"


def test_a_watch_that_fails_is_tried_later_and_then_loses_nothing(watching, upstream, settings, tmp_path):
    team = make_workspace()
    full, good = make_session(team), make_session(team)
    shot = {"type": "screenshot", "value": {"raw": encoded(picture())}}
    upstream.say("GET", path(full), session_body(full.session_id, steps=[execution_item(), shot], status="closed"))
    upstream.say("GET", path(good), over(good, 2))
    (tmp_path / "screenshots").write_text("no room for a folder")

    watching(WATCH).join(60)

    assert stored(good).state == State.CLOSED
    assert (stored(full).state, full.last_seq) == (State.ACTIVE, 0)
    assert not lease.unwatched(BrowserSession).exists()
    assert looks(upstream, full) == 1

    (tmp_path / "screenshots").unlink()
    BrowserSession.objects.filter(pk=full.pk).update(lease_until=from_now(timedelta(seconds=-1)))
    watching(WATCH).join(60)

    assert (stored(full).state, seqs(full)) == (State.CLOSED, gapless(2))
