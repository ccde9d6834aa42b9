"""Every two seconds whatever is due is woken; a start whose sender is gone is unknown, and never sent again."""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.utils import timezone

from agents_app.models import AgentRun
from notte_dashboard.runs.clock import from_now
from notte_dashboard.runs.states import State
from notte_dashboard.watching.sweep import BATCH, Wake, sweep
from sessions_app.models import BrowserSession
from tests.runs.stage import agent, ago, session, user, workspace

pytestmark = pytest.mark.django_db


class Woken(defaultdict):
    """What a sweep has woken: the pks by task."""

    def __init__(self, model=BrowserSession):
        super().__init__(list)
        wake = Wake(
            start=self["start"].append,
            stop=self["stop"].append,
            reconcile=self["reconcile"].append,
            watch=lambda: self["watch"].append(0),
        )
        sweep(model, wake)

    def __eq__(self, other):
        return {name: pks for name, pks in self.items() if pks} == other

    __hash__ = None


def test_nothing_due_is_nothing_woken():
    team = workspace()
    later = {"next_attempt_at": ago(-60)}
    session(team, State.QUEUED, **later)
    session(team, State.UNKNOWN, **later)
    session(team, State.SENDING, lease_until=from_now(timedelta(seconds=60)))
    session(team, State.STOPPING, **later, lease_until=from_now(timedelta(seconds=60)))
    session(team, State.ACTIVE, lease_until=from_now(timedelta(seconds=60)))
    for state in (State.CLOSED, State.ERROR, State.TIMED_OUT, State.REJECTED, State.NOT_STARTED):
        session(team, state)

    assert Woken() == {}


@pytest.mark.parametrize("due", [None, ago(1)])
def test_each_state_wakes_its_own_task(due):
    team = workspace()
    watched = {"lease_until": from_now(timedelta(seconds=60))}
    queued, unknown, stopping = (
        session(team, state, next_attempt_at=due, **watched) for state in (State.QUEUED, State.UNKNOWN, State.STOPPING)
    )

    assert Woken() == {"start": [queued.pk], "reconcile": [unknown.pk], "stop": [stopping.pk]}


@pytest.mark.parametrize("state", [State.ACTIVE, State.STOPPING])
def test_runs_without_a_watch_wake_one(state):
    for _ in range(3):
        session(workspace(), state, next_attempt_at=ago(-60))

    assert Woken() == {"watch": [0]}


def test_a_start_whose_sender_is_gone_is_unknown_and_never_sent_again():
    run = session(workspace(), State.SENDING, fence=3, misses=9, lease_until=from_now(timedelta(seconds=-1)))

    first = Woken()

    run.refresh_from_db()
    assert (run.state, run.problem, run.misses, run.lease_until, run.fence) == (State.UNKNOWN, "unanswered", 0, None, 3)
    assert first == {"reconcile": [run.pk]}
    assert "start" not in {name for name, pks in Woken().items() if pks}


def test_a_slow_workers_clock_does_not_make_a_start_unknown(time_machine):
    run = session(workspace(), State.SENDING, lease_until=from_now(timedelta(seconds=100)))

    time_machine.move_to(timezone.now() + timedelta(hours=2))
    Woken()

    run.refresh_from_db()
    assert run.state == State.SENDING


def test_a_wish_to_stop_whose_bearer_died_is_honoured():
    run = session(workspace(), State.ACTIVE, stop_requested_at=ago(1), stop_requested_by=user())

    woken = Woken()

    run.refresh_from_db()
    assert run.state == State.STOPPING
    assert woken["stop"] == [run.pk]


@pytest.mark.parametrize("state", State)
def test_agents_wait_for_the_browser_of_their_session(state):
    team = workspace()
    waiting = agent(team, State.QUEUED, session=session(team, state))

    assert Woken(AgentRun)["start"] == ([waiting.pk] if state == State.ACTIVE else [])


def test_sweeping_again_changes_nothing():
    team = workspace()
    session(team, State.SENDING, lease_until=from_now(timedelta(seconds=-1)))
    session(team, State.QUEUED)
    session(team, State.ACTIVE, stop_requested_at=ago(1))
    Woken()
    before = list(BrowserSession.objects.order_by("pk").values("state", "fence", "problem", "misses"))

    first, second = Woken(), Woken()

    assert first == dict(second)
    assert list(BrowserSession.objects.order_by("pk").values("state", "fence", "problem", "misses")) == before


@pytest.mark.parametrize("count", [1, 3])
def test_a_sweep_costs_the_same_however_much_is_due(count, django_assert_num_queries):
    team = workspace()
    for _ in range(count):
        for state in (State.QUEUED, State.UNKNOWN, State.STOPPING, State.ACTIVE):
            session(team, state)

    with django_assert_num_queries(6):
        Woken()


def test_a_sweep_wakes_a_batch_the_longest_waiting_first():
    team = workspace()
    rows = [
        BrowserSession(workspace=team, nonce=str(number), state=State.QUEUED, next_attempt_at=ago(number + 1))
        for number in range(BATCH + 5)
    ]
    BrowserSession.objects.bulk_create(rows)

    woken = Woken()["start"]

    assert len(woken) == BATCH
    assert woken[0] == BrowserSession.objects.get(nonce=str(BATCH + 4)).pk
