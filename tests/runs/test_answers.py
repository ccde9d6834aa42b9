"""One look at the API is one transaction: the new steps, what else it said, and the end if it came."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from notte_dashboard.runs.recording import FencedError, record_answer
from notte_dashboard.runs.states import State
from sessions_app.models import BrowserSession, SessionStep
from tests.factories import make_session, make_workspace, seconds_ago
from tests.step_items import execution_item


def record(run, *steps, end=None, ended_at=None, **columns):
    return record_answer(run, SessionStep, steps, columns, end, ended_at)


@pytest.mark.django_db
def test_an_answer_that_says_nothing_new_changes_no_page():
    run = make_session(make_workspace())

    assert record(run, execution_item(), remote_status="active").changed
    assert not record(run, execution_item(), remote_status="active").changed
    assert record(run, execution_item(), remote_status="busy").changed
    assert record(run, execution_item(), execution_item(), remote_status="busy").changed


@pytest.mark.django_db
def test_the_end_comes_with_the_last_steps_and_happens_once():
    run, closed = make_session(make_workspace()), datetime(2026, 5, 20, tzinfo=UTC)

    first = record(run, execution_item(), end=State.CLOSED, ended_at=closed, remote_status="closed")
    again = record(run, execution_item(), execution_item(), end=State.CLOSED, ended_at=timezone.now(), remote_status="closed")

    assert (first.changed, first.over, again.over, again.changed) == (True, True, True, True)
    run.refresh_from_db()
    assert (run.state, run.ended_at, run.last_seq) == (State.CLOSED, closed, 2)


@pytest.mark.django_db
def test_an_answer_ends_the_trouble_of_a_stale_run():
    run = make_session(make_workspace(), stale_since=seconds_ago(90), problem="unreachable", problem_detail="no route", misses=2)

    assert record(run).changed

    run.refresh_from_db()
    assert (run.stale_since, run.problem, run.problem_detail, run.misses) == (None, "", "", 0)
    assert run.seen_at


@pytest.mark.django_db
def test_a_problem_of_a_stop_stays_while_the_run_goes_on():
    run = make_session(make_workspace(), state=State.STOPPING, problem="server_failed")

    record(run)

    run.refresh_from_db()
    assert run.problem == "server_failed"


@pytest.mark.django_db
def test_numbers_out_of_range_do_not_cost_the_rest():
    run = make_session(make_workspace())
    far = datetime.max.replace(tzinfo=UTC)

    record(
        run,
        execution_item(),
        viewport_width=-(2**50),
        idle_timeout_minutes=2**31,
        remote_duration=timedelta.max,
        last_accessed_at=far,
    )

    run.refresh_from_db()
    assert (run.viewport_width, run.idle_timeout_minutes, run.remote_duration, run.last_seq) == (None, None, None, 1)
    assert run.last_accessed_at == far


@pytest.mark.django_db
def test_a_fence_that_is_lost_in_between_writes_nothing_of_the_answer():
    run = make_session(make_workspace())
    BrowserSession.objects.filter(pk=run.pk).update(fence=1)

    with pytest.raises(FencedError):
        record(run, execution_item(), end=State.CLOSED, remote_status="closed")

    run.refresh_from_db()
    assert (run.state, run.remote_status, run.last_seq) == (State.ACTIVE, "", 0)
