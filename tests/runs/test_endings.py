"""Why a run ended, in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notte_dashboard.runs.endings import ending
from notte_dashboard.runs.states import ENDED, State
from tests.factories import make_agent, make_run, make_session, make_user, make_workspace

NOW = timezone.now()
LIMITS = {
    "idle_timeout_minutes": 3,
    "max_duration_minutes": 15,
    "remote_created_at": NOW - timedelta(minutes=15),
    "ended_at": NOW,
}

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("columns", "code", "words"),
    [
        ({"state": State.CLOSED, "stop_requested_at": NOW}, "stopped", "Stopped from this dashboard."),
        ({"state": State.CLOSED}, "closed", "not from this dashboard"),
        ({"state": State.CLOSED, "remote": {"close_reason": "idle_timeout"}}, "idle_timeout", "idleness"),
        ({"state": State.CLOSED, "remote": {"close_reason": ["odd"]}}, '["odd"]', "not from this dashboard"),
        ({"state": State.TIMED_OUT, **LIMITS}, "max_duration", "maximum duration of 15 min"),
        ({"state": State.TIMED_OUT, **LIMITS, "ended_at": NOW - timedelta(minutes=5)}, "idle_timeout", "idle timeout of 3 min"),
        (
            {"state": State.TIMED_OUT, **LIMITS, "remote": {"close_reason": "idle_timeout"}},
            "idle_timeout",
            "idle timeout of 3 min",
        ),
        ({"state": State.TIMED_OUT}, "timed_out", "Ran out of time"),
        ({"state": State.TIMED_OUT, "stop_requested_at": NOW, **LIMITS}, "max_duration", "maximum duration"),
        ({"state": State.ERROR, "error": "Target closed"}, "error", "failure"),
    ],
)
def test_a_session_says_why(columns, code, words):
    found = ending(make_session(make_workspace(), **columns))

    assert found.code == code
    assert words in found.sentence


def test_who_stopped_it_and_what_went_wrong_is_named():
    by = make_user("stella")

    assert (
        ending(make_session(make_workspace(), state=State.CLOSED, stop_requested_at=NOW, stop_requested_by=by)).sentence
        == f"Stopped by {by}."
    )
    assert ending(make_session(make_workspace(), state=State.ERROR, error="Target closed")).detail == "Target closed"


@pytest.mark.parametrize(
    ("columns", "code", "words"),
    [
        ({"success": True, "last_number": 4}, "success", "finished after 4 steps"),
        ({"success": True, "last_number": 1, "stop_requested_at": NOW}, "success", "finished after 1 step."),
        ({"success": False, "stop_requested_at": NOW}, "stopped", "Stopped"),
        ({"success": False, "last_number": 7, "request": {"max_steps": 7}}, "max_steps", "all 7 steps"),
        ({"success": False, "last_number": 3}, "gave_up", "gave up after 3 steps"),
    ],
)
def test_an_agent_says_why(columns, code, words):
    found = ending(make_run("agent", make_workspace(), state=State.CLOSED, ended_at=NOW, **columns))

    assert found.code == code
    assert words in found.sentence


def test_an_agent_whose_session_ended_under_it_says_how():
    team = make_workspace()
    over = make_session(team, state=State.TIMED_OUT, **LIMITS)

    found = ending(make_agent(over, state=State.CLOSED, ended_at=NOW + timedelta(seconds=1), success=False))

    assert found.code == "session_over"
    assert "maximum duration of 15 min" in found.sentence


@pytest.mark.parametrize("state", [state for state in State if state not in ENDED])
def test_what_runs_or_never_ran_has_no_ending(state):
    assert ending(make_session(make_workspace(), state=state)) is None


def test_a_problem_that_says_it_all_is_not_said_twice():
    assert ending(make_session(make_workspace(), state=State.ERROR, problem="gone")) is None
