"""A wish to stop is kept in every state, honoured once, and never overtaken by the start it belongs to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notte_dashboard.notte_api.errors import Unreachable
from notte_dashboard.runs import commands
from notte_dashboard.runs.states import OVER, State
from sessions_app.models import BrowserSession
from tests.factories import make_run, make_session, make_user, make_workspace, seconds_ago
from tests.racing import race

QUEUED, NOT_STARTED = State.QUEUED, State.NOT_STARTED


def sending():
    return make_session(
        make_workspace(), state=State.SENDING, fence=3, attempt=1, sent_at=timezone.now(), lease_until=seconds_ago(-100)
    )


def stored(run):
    run.refresh_from_db()
    return run


AFTER_WISH = {state: state for state in State} | {State.QUEUED: State.NOT_STARTED, State.ACTIVE: State.STOPPING}


@pytest.mark.parametrize("state", State)
@pytest.mark.django_db
def test_a_wish_to_stop_is_kept_in_every_state(state):
    run, by = make_session(make_workspace(), state=state, ended_at=timezone.now() if state in OVER else None), make_user()

    to_send = commands.wish_stop(run, by)

    assert to_send is (state == State.ACTIVE)
    assert stored(run).state == AFTER_WISH[state]
    assert (run.stop_requested_by == by) is (state not in OVER)
    assert (run.stop_requested_at is not None) is (state not in OVER)
    if state == State.QUEUED:
        assert run.problem == "stopped_before_start"
        assert run.ended_at


@pytest.mark.django_db
def test_the_first_wish_is_the_one_that_is_remembered():
    run, first = make_session(make_workspace(), state=State.SENDING), make_user()

    commands.wish_stop(run, first)
    commands.wish_stop(run, make_user())

    assert stored(run).stop_requested_by == first


@pytest.mark.django_db(transaction=True)
def test_of_twenty_clicks_one_sends_the_stop():
    run, by = make_session(make_workspace(), state=State.ACTIVE), make_user()

    sent = race(*([lambda: commands.wish_stop(run, by)] * 20))

    assert sent.count(True) == 1
    assert stored(run).state == State.STOPPING


@pytest.mark.django_db(transaction=True)
def test_a_queued_run_is_either_sent_or_stopped_never_both():
    by = make_user()
    for _ in range(6):
        run = make_session(make_workspace(), state=QUEUED)

        claimed, *_ = race(
            lambda run=run: commands.claim_start(BrowserSession, run.pk),
            *([lambda run=run: commands.wish_stop(run, by)] * 10),
        )

        assert stored(run).stop_requested_at
        assert run.state == (State.SENDING if claimed else NOT_STARTED)


@pytest.mark.django_db(transaction=True)
def test_a_wish_meets_the_answer_of_the_start_whoever_is_first():
    """Either the wish turns active into stopping, or whoever made it active finds the wish there."""
    by = make_user()
    for _ in range(6):
        run = sending()

        *sent, _ = race(
            *([lambda run=run: commands.wish_stop(run, by)] * 9),
            lambda run=run: commands.started(run, session_id="s"),
        )

        assert stored(run).stop_requested_at
        assert run.state == (State.STOPPING if any(sent) else State.ACTIVE)
        if run.state == State.ACTIVE:
            assert commands.wish_stop(run, by), "the starter reads the row after its write, and passes the wish on"


@pytest.mark.parametrize("make", [sending, lambda: make_run("agent", make_workspace(), state=State.SENDING, fence=3)])
@pytest.mark.django_db(transaction=True)
def test_a_start_that_failed_is_not_sent_again_once_somebody_wished_to_stop_it(make):
    by = make_user()
    for _ in range(6):
        run = make()

        race(
            *([lambda run=run: commands.wish_stop(run, by)] * 9),
            lambda run=run: commands.start_failed(run, Unreachable("no")),
        )

        assert (stored(run).state, run.problem) == (NOT_STARTED, "stopped_before_start")
        assert run.stop_requested_at


@pytest.mark.django_db
def test_a_stop_that_failed_is_sent_again_and_told():
    run = make_session(make_workspace(), state=State.STOPPING)

    commands.stop_failed(run, Unreachable("no route"))

    assert (stored(run).state, run.problem, run.problem_detail) == (State.STOPPING, "unreachable", "no route")
    assert timedelta(0) < run.next_attempt_at - timezone.now() <= commands.STOP_AGAIN


@pytest.mark.django_db
def test_a_stop_that_is_taken_but_not_done_waits_longer():
    run = make_session(make_workspace(), state=State.STOPPING)

    commands.stop_again(run)

    assert commands.STOP_AGAIN < stored(run).next_attempt_at - timezone.now() <= 3 * commands.STOP_AGAIN


@pytest.mark.parametrize("act", [lambda run: commands.stop_failed(run, Unreachable("no")), commands.stop_again])
@pytest.mark.django_db
def test_the_answer_of_a_stop_says_nothing_about_an_ended_run(act):
    run = make_session(make_workspace(), state=State.CLOSED)

    act(run)

    assert (stored(run).problem, run.next_attempt_at) == ("", None)


@pytest.mark.django_db
def test_a_stop_of_what_the_api_does_not_know_is_over():
    run = make_session(make_workspace(), state=State.STOPPING)

    assert commands.gone(run)

    assert (stored(run).state, run.problem) == (State.CLOSED, "gone")
    assert run.ended_at


@pytest.mark.django_db
def test_a_number_too_large_for_its_column_does_not_cost_the_end():
    run = make_session(make_workspace(), state=State.STOPPING)
    odd = {"idle_timeout_minutes": -5, "viewport_width": 2**40, "network_request_bytes": 2**62, "browser_type": "x" * 900}

    assert commands.ended(run, State.CLOSED, ended_at=timezone.now(), **odd, remote_duration=timedelta.max)

    assert stored(run).state == State.CLOSED
    assert (run.idle_timeout_minutes, run.viewport_width, run.network_request_bytes) == (None, None, 2**62)
    assert (run.browser_type, run.remote_duration) == ("x" * 100, None)
