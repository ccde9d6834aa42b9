"""A start is sent at most once, however many workers reach for it."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from agents_app.models import AgentRun
from notte_dashboard.runs import commands
from notte_dashboard.runs.clock import from_now
from notte_dashboard.runs.states import State
from sessions_app.models import BrowserSession
from tests.factories import make_agent, make_run, make_session, make_workspace, seconds_ago
from tests.racing import race


@pytest.mark.parametrize("kind", ["session", "agent"])
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_gets_to_send(kind):
    runs = [make_run(kind, make_workspace(), state=State.QUEUED) for _ in range(5)]
    for run in runs:
        won = race(*([lambda run=run: commands.claim_start(type(run), run.pk)] * 8))

        assert len([each for each in won if each]) == 1
        run.refresh_from_db()
        assert (run.state, run.attempt, run.fence) == (State.SENDING, 1, 1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_waited_for_the_other_ones_row_finds_it_taken():
    """Both have read the row as queued before either writes: the second one's condition must be looked at again."""
    run = make_run("agent", make_workspace(), state=State.QUEUED)

    def slowly():
        with transaction.atomic():
            won = commands.claim_start(AgentRun, run.pk)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.3)")
            return won

    won = race(slowly, slowly, slowly)

    assert len([each for each in won if each]) == 1


@pytest.mark.django_db
def test_the_claim_is_written_before_the_first_byte():
    run = make_session(make_workspace(), state=State.QUEUED, fence=4, attempt=2)

    claimed = commands.claim_start(BrowserSession, run.pk)

    assert claimed is not None
    assert (claimed.state, claimed.attempt, claimed.fence) == (State.SENDING, 3, 5)
    assert abs(claimed.sent_at - timezone.now()) < timedelta(seconds=5)
    assert BrowserSession.objects.filter(pk=run.pk, lease_until__gt=from_now(timedelta(seconds=100))).exists()


@pytest.mark.parametrize("state", [state for state in State if state != State.QUEUED])
@pytest.mark.django_db
def test_only_a_queued_run_is_claimed(state: State):
    run = make_session(make_workspace(), state=state)

    assert commands.claim_start(BrowserSession, run.pk) is None

    run.refresh_from_db()
    assert (run.state, run.attempt) == (state, 0)


@pytest.mark.parametrize(("due", "claimed"), [(None, True), (-1, True), (60, False)])
@pytest.mark.django_db
def test_a_start_waits_for_its_next_attempt(due, claimed):
    run = make_session(make_workspace(), state=State.QUEUED, next_attempt_at=None if due is None else seconds_ago(-due))

    assert bool(commands.claim_start(BrowserSession, run.pk)) is claimed


@pytest.mark.django_db
def test_a_missing_run_is_not_claimed():
    assert commands.claim_start(BrowserSession, 12345) is None


@pytest.mark.parametrize("state", State)
@pytest.mark.django_db
def test_an_agent_is_claimed_once_its_session_has_a_browser(state: State):
    team = make_workspace()
    run = make_agent(make_session(team, state=state), state=State.QUEUED)

    assert bool(commands.claim_start(AgentRun, run.pk)) is (state == State.ACTIVE)


@pytest.mark.django_db
def test_a_start_that_somebody_wished_to_stop_is_never_sent():
    run = make_session(make_workspace(), state=State.QUEUED, stop_requested_at=timezone.now())

    assert commands.claim_start(BrowserSession, run.pk) is None
