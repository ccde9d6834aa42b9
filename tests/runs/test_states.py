"""The state machine against a table written by hand from the design, for every pair of states."""

import pytest

from notte_dashboard.runs.models import Run
from notte_dashboard.runs.states import DISPLAY, OVER, TONES, TRANSITIONS, UNDER_WAY, WATCHED, State, transition
from tests.factories import make_session, make_workspace
from tests.racing import race

ALLOWED = {
    *((State.QUEUED, to) for to in (State.SENDING, State.REJECTED, State.NOT_STARTED)),
    *((State.SENDING, to) for to in (State.QUEUED, State.ACTIVE, State.UNKNOWN, State.REJECTED, State.NOT_STARTED)),
    *((State.UNKNOWN, to) for to in (State.ACTIVE, State.NOT_STARTED)),
    *((State.ACTIVE, to) for to in (State.STOPPING, State.CLOSED, State.ERROR, State.TIMED_OUT)),
    *((State.STOPPING, to) for to in (State.CLOSED, State.ERROR, State.TIMED_OUT)),
}
PAIRS = [(before, to) for before in State for to in State]


@pytest.mark.parametrize(("before", "to"), PAIRS, ids=lambda state: state.value)
@pytest.mark.django_db
def test_a_run_moves_exactly_along_the_design(before: State, to: State):
    run = make_session(make_workspace(), state=before, fence=7)

    moved = transition(run, to, fence=7, problem="told")

    run.refresh_from_db()
    assert moved is ((before, to) in ALLOWED)
    assert (run.state, run.problem) == ((to, "told") if moved else (before, ""))


@pytest.mark.parametrize("fence", [6, 8], ids=["older", "newer"])
@pytest.mark.django_db
def test_another_fence_never_writes(fence: int):
    run = make_session(make_workspace(), state=State.ACTIVE, fence=7)

    assert not transition(run, State.CLOSED, fence=fence)

    run.refresh_from_db()
    assert run.state == State.ACTIVE


@pytest.mark.django_db
def test_a_deleted_row_is_no_error():
    run = make_session(make_workspace(), state=State.ACTIVE)
    run.__class__.objects.filter(pk=run.pk).delete()

    assert not transition(run, State.CLOSED)


@pytest.mark.parametrize("end", sorted(OVER))
def test_nothing_leads_out_of_an_end(end: State):
    assert TRANSITIONS[end] == frozenset()
    assert end not in UNDER_WAY | WATCHED


def test_every_state_has_its_place_on_the_page():
    assert set(TRANSITIONS) == set(TONES) == set(State)
    assert {State.QUEUED, State.SENDING} == set(DISPLAY)
    longest = Run._meta.get_field("state").max_length
    assert max(len(state) for state in State) <= longest


@pytest.mark.django_db(transaction=True)
def test_of_many_that_end_a_run_one_wins():
    run = make_session(make_workspace(), state=State.ACTIVE)
    ends = [State.CLOSED, State.ERROR, State.TIMED_OUT] * 4

    won = race(*(lambda end=end: transition(run, end, problem=end) for end in ends))

    run.refresh_from_db()
    assert won.count(True) == 1
    assert run.state == run.problem == ends[won.index(True)]
