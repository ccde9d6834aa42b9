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
from tests.factories import make_agent, make_session, make_user, make_workspace, seconds_ago

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
    team = make_workspace()
    later = {"next_attempt_at": seconds_ago(-60)}
    make_session(team, state=State.QUEUED, **later)
    make_session(team, state=State.UNKNOWN, **later)
    make_session(team, state=State.SENDING, lease_until=from_now(timedelta(seconds=60)))
    make_session(team, state=State.STOPPING, **later, lease_until=from_now(timedelta(seconds=60)))
    make_session(team, state=State.ACTIVE, lease_until=from_now(timedelta(seconds=60)))
    for state in (State.CLOSED, State.ERROR, State.TIMED_OUT, State.REJECTED, State.NOT_STARTED):
        make_session(team, state=state)

    assert Woken() == {}


@pytest.mark.parametrize("due", [None, seconds_ago(1)])
def test_each_state_wakes_its_own_task(due):
    team = make_workspace()
    watched = {"lease_until": from_now(timedelta(seconds=60))}
    queued, unknown, stopping = (
        make_session(team, state=state, next_attempt_at=due, **watched) for state in (State.QUEUED, State.UNKNOWN, State.STOPPING)
    )

    assert Woken() == {"start": [queued.pk], "reconcile": [unknown.pk], "stop": [stopping.pk]}


@pytest.mark.parametrize("state", [State.ACTIVE, State.STOPPING])
def test_runs_without_a_watch_wake_one(state):
    for _ in range(3):
        make_session(make_workspace(), state=state, next_attempt_at=seconds_ago(-60))

    assert Woken() == {"watch": [0]}


def test_a_start_whose_sender_is_gone_is_unknown_and_never_sent_again():
    run = make_session(make_workspace(), state=State.SENDING, fence=3, misses=9, lease_until=from_now(timedelta(seconds=-1)))

    first = Woken()

    run.refresh_from_db()
    assert (run.state, run.problem, run.misses, run.lease_until, run.fence) == (State.UNKNOWN, "unanswered", 0, None, 3)
    assert first == {"reconcile": [run.pk]}
    assert "start" not in {name for name, pks in Woken().items() if pks}


def test_a_slow_workers_clock_does_not_make_a_start_unknown(time_machine):
    run = make_session(make_workspace(), state=State.SENDING, lease_until=from_now(timedelta(seconds=100)))

    time_machine.move_to(timezone.now() + timedelta(hours=2))
    Woken()

    run.refresh_from_db()
    assert run.state == State.SENDING


def test_a_wish_to_stop_whose_bearer_died_is_honoured():
    run = make_session(make_workspace(), state=State.ACTIVE, stop_requested_at=seconds_ago(1), stop_requested_by=make_user())

    woken = Woken()

    run.refresh_from_db()
    assert run.state == State.STOPPING
    assert woken["stop"] == [run.pk]


@pytest.mark.parametrize("state", State)
def test_agents_wait_for_the_browser_of_their_session(state):
    team = make_workspace()
    waiting = make_agent(make_session(team, state=state), state=State.QUEUED)

    assert Woken(AgentRun)["start"] == ([waiting.pk] if state == State.ACTIVE else [])


def test_sweeping_again_changes_nothing():
    team = make_workspace()
    make_session(team, state=State.SENDING, lease_until=from_now(timedelta(seconds=-1)))
    make_session(team, state=State.QUEUED)
    make_session(team, state=State.ACTIVE, stop_requested_at=seconds_ago(1))
    Woken()
    before = list(BrowserSession.objects.order_by("pk").values("state", "fence", "problem", "misses"))

    first, second = Woken(), Woken()

    assert first == dict(second)
    assert list(BrowserSession.objects.order_by("pk").values("state", "fence", "problem", "misses")) == before


@pytest.mark.parametrize("count", [1, 3])
def test_a_sweep_costs_the_same_however_much_is_due(count, django_assert_num_queries):
    team = make_workspace()
    for _ in range(count):
        for state in (State.QUEUED, State.UNKNOWN, State.STOPPING, State.ACTIVE):
            make_session(team, state=state)

    with django_assert_num_queries(6):
        Woken()


def test_a_sweep_wakes_a_batch_the_longest_waiting_first():
    team = make_workspace()
    rows = [
        BrowserSession(workspace=team, nonce=str(number), state=State.QUEUED, next_attempt_at=seconds_ago(number + 1))
        for number in range(BATCH + 5)
    ]
    BrowserSession.objects.bulk_create(rows)

    woken = Woken()["start"]

    assert len(woken) == BATCH
    assert woken[0] == BrowserSession.objects.get(nonce=str(BATCH + 4)).pk
