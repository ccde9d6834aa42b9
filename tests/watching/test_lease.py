"""Who watches what: on the database's clock, one watcher per run, and a fence that only rises."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as configured
from django.utils import timezone

from agents_app.models import AgentRun
from notte_dashboard.runs.clock import from_now
from notte_dashboard.runs.commands import ended
from notte_dashboard.runs.states import ENDED, WATCHED, State
from notte_dashboard.watching import lease
from sessions_app.models import BrowserSession
from tests.factories import make_agent, make_session, make_workspace, seconds_ago
from tests.racing import race


def lapse(run, seconds: float = 1) -> None:
    """As if the owner had not renewed for longer than its lease."""
    type(run).objects.filter(pk=run.pk).update(lease_until=from_now(timedelta(seconds=-seconds)))


def claimed(owner, limit=100, model=BrowserSession):
    return {run.pk for run in lease.claim(model, owner, limit)}


@pytest.mark.parametrize("state", State)
@pytest.mark.django_db
def test_only_what_runs_is_watched(state):
    run = make_session(make_workspace(), state=state)

    assert claimed("a") == ({run.pk} if state in WATCHED else set())


@pytest.mark.django_db
def test_a_claim_is_a_lease_with_a_higher_fence():
    run = make_session(make_workspace(), fence=4)

    (held,) = lease.claim(BrowserSession, "a", 10)

    assert (held.pk, held.lease_owner, held.fence) == (run.pk, "a", 5)
    seconds = configured.WATCH_LEASE
    inside = {
        "lease_until__gt": from_now(timedelta(seconds=seconds - 3)),
        "lease_until__lt": from_now(timedelta(seconds=seconds + 1)),
    }
    assert BrowserSession.objects.filter(pk=run.pk, **inside).exists()


@pytest.mark.django_db
def test_what_somebody_watches_is_left_to_them_until_the_lease_lapses():
    run = make_session(make_workspace())
    assert claimed("a") == {run.pk}
    assert claimed("b") == set()

    lapse(run)

    assert claimed("b") == {run.pk}
    run.refresh_from_db()
    assert (run.lease_owner, run.fence) == ("b", 2)


@pytest.mark.django_db
def test_those_who_waited_longest_come_first_and_never_more_than_asked_for():
    team = make_workspace()
    runs = [make_session(team) for _ in range(5)]
    for seconds, run in enumerate(runs, start=1):
        lapse(run, seconds)

    assert claimed("a", 2) == {runs[4].pk, runs[3].pk}
    assert claimed("b", 0) == claimed("b", -3) == set()
    assert claimed("b", 2) == {runs[2].pk, runs[1].pk}


@pytest.mark.parametrize("kind", ["session", "agent"])
@pytest.mark.django_db(transaction=True)
def test_claimers_never_get_the_same_run(kind):
    team = make_workspace()
    held = make_session(team, state=State.CLOSED)
    runs = {(make_agent(held) if kind == "agent" else make_session(team)).pk for _ in range(40)}
    model = AgentRun if kind == "agent" else BrowserSession

    def claim_all(owner):
        mine: set[int] = set()
        for _ in range(6):
            mine |= claimed(owner, 7, model)
        return mine

    shares = race(*[lambda owner=owner: claim_all(owner) for owner in "abcdefgh"])

    assert set().union(*shares) == runs
    assert sum(len(share) for share in shares) == len(runs)
    assert set(model.objects.filter(pk__in=runs).values_list("fence", flat=True)) == {1}


@pytest.mark.django_db
def test_renewing_tells_what_is_still_held():
    team = make_workspace()
    kept, lost, other = make_session(team, viewed_at=timezone.now()), make_session(team), make_session(team)
    claimed("a", 3)
    for run in (lost, other):
        lapse(run)
    assert claimed("b") == {lost.pk, other.pk}

    held = lease.renew(BrowserSession, "a", [kept.pk, lost.pk])

    assert held.keys() == {kept.pk}
    assert held[kept.pk] == {"pk": kept.pk, "fence": 1, "viewed_at": kept.viewed_at, "state": State.ACTIVE, "ended_at": None}


@pytest.mark.django_db
def test_a_lease_that_lapsed_but_was_not_taken_is_renewed():
    run = make_session(make_workspace())
    claimed("a")
    lapse(run)

    assert lease.renew(BrowserSession, "a", [run.pk]).keys() == {run.pk}
    assert claimed("b") == set()


@pytest.mark.django_db
def test_a_released_run_is_free_at_once():
    team = make_workspace()
    one, two = make_session(team), make_session(team)
    claimed("a")

    lease.release(BrowserSession, "b", one.pk)
    assert claimed("b") == set()
    lease.release(BrowserSession, "a", one.pk)
    assert claimed("b") == {one.pk}
    lease.release(BrowserSession, "a")
    assert claimed("c") == {two.pk}


@pytest.mark.django_db
def test_a_postponed_run_is_nobodys_for_a_while():
    run = make_session(make_workspace())
    claimed("a")

    lease.postpone(BrowserSession, "a", run.pk, timedelta(seconds=30))

    assert lease.renew(BrowserSession, "a", [run.pk]) == {}
    assert claimed("a") == claimed("b") == set()
    lapse(run)
    assert claimed("b") == {run.pk}


@pytest.mark.parametrize("hours", [-25, -1, 1, 25])
@pytest.mark.django_db
def test_a_worker_with_a_wrong_clock_neither_steals_nor_keeps_a_lease(hours):
    run = make_session(make_workspace())

    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert claimed("skewed") == {run.pk}
    assert claimed("right") == set()

    lapse(run)
    assert claimed("right") == {run.pk}
    with time_machine.travel(timezone.now() + timedelta(hours=hours)):
        assert claimed("skewed") == set()


# --- the last look ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(ENDED))
@pytest.mark.django_db
def test_a_run_that_ended_while_its_watcher_was_dead_is_looked_at_once_more(state):
    run = make_session(make_workspace())
    claimed("dead")
    BrowserSession.objects.filter(pk=run.pk).update(state=state)
    assert claimed("a") == set()

    lapse(run)
    assert claimed("a") == {run.pk}
    run.refresh_from_db()
    assert not run.is_settled
    lease.release(BrowserSession, "a", run.pk)

    assert claimed("b") == set()
    run.refresh_from_db()
    assert run.is_settled


@pytest.mark.django_db
def test_a_stop_that_ends_a_run_nobody_watches_leaves_its_last_look_to_somebody():
    run = make_session(make_workspace(), state=State.STOPPING)

    assert ended(run, State.CLOSED, ended_at=timezone.now())

    run.refresh_from_db()
    assert not run.is_settled, "open pages wait until the last steps are there"
    BrowserSession.objects.filter(pk=run.pk).update(lease_until=from_now(timedelta(milliseconds=-5)))
    assert claimed("a") == {run.pk}


@pytest.mark.django_db
def test_a_stop_that_ends_a_watched_run_leaves_its_last_look_to_the_watcher():
    run = make_session(make_workspace(), state=State.STOPPING)
    claimed("a")

    ended(run, State.CLOSED, ended_at=timezone.now())

    assert claimed("b") == set()
    assert lease.renew(BrowserSession, "a", [run.pk])[run.pk]["state"] == State.CLOSED


@pytest.mark.parametrize("state", [State.REJECTED, State.NOT_STARTED])
@pytest.mark.django_db
def test_what_never_started_has_no_last_look(state):
    make_session(make_workspace(), state=state, lease_until=seconds_ago(100))

    assert claimed("a") == set()
