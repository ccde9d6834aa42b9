"""What becomes of a start that failed, of a wish to stop, and of a start nobody answered for."""

import pytest
from django.utils import timezone

from agents_app.models import AgentRun
from notte_dashboard.notte_api.errors import (
    BadAnswer,
    Detail,
    Invalid,
    NotFound,
    NotteError,
    Overloaded,
    RateLimited,
    Refused,
    ServerFailed,
    Unanswered,
    Unauthorized,
    Unreachable,
)
from notte_dashboard.runs import commands
from notte_dashboard.runs.problems import PROBLEMS
from notte_dashboard.runs.states import OVER, State
from notte_dashboard.workspaces.keys import NoKeyError
from sessions_app.models import BrowserSession
from tests.factories import make_key, make_run, make_session, make_workspace, seconds_ago

REJECTED, QUEUED, UNKNOWN, NOT_STARTED = State.REJECTED, State.QUEUED, State.UNKNOWN, State.NOT_STARTED
ERRORS = [
    (Unreachable("no route"), QUEUED, "unreachable"),
    (Unanswered("cut"), UNKNOWN, "unanswered"),
    (BadAnswer("no JSON"), UNKNOWN, "bad_answer"),
    (Refused("no", status=402), REJECTED, "refused"),
    (Refused("slow", status=408), UNKNOWN, "refused"),
    (Unauthorized("who?", status=401), REJECTED, "unauthorized"),
    (NotFound("what?", status=404), REJECTED, "not_found"),
    (Invalid("wrong", status=422), REJECTED, "invalid"),
    (RateLimited("slower", status=429), QUEUED, "rate_limited"),
    (Overloaded("full", status=529), QUEUED, "overloaded"),
    (Overloaded("gateway", status=503), UNKNOWN, "overloaded"),
    (Overloaded("No Chromium was found", status=503), REJECTED, "no_chromium"),
    (ServerFailed("oops", status=500), UNKNOWN, "server_failed"),
    (NoKeyError("revoked"), REJECTED, "key_lost"),
]


def sending(**columns):
    return make_session(
        make_workspace(),
        state=State.SENDING,
        fence=3,
        attempt=1,
        sent_at=timezone.now(),
        lease_until=seconds_ago(-100),
        **columns,
    )


def stored(run):
    run.refresh_from_db()
    return run


@pytest.fixture
def embedded(settings):
    settings.EMBEDDED = True


@pytest.mark.parametrize(
    ("error", "state", "problem"), ERRORS, ids=[f"{type(each[0]).__name__}-{each[0].status}" for each in ERRORS]
)
@pytest.mark.django_db
def test_a_failed_start_goes_where_its_error_says(embedded, error, state, problem):
    run = sending()

    commands.start_failed(run, error)

    assert (stored(run).state, run.problem, run.problem_detail) == (state, problem, error.message)
    assert run.problem in PROBLEMS
    assert (run.ended_at is not None) is (state in OVER)
    assert (run.next_attempt_at is not None) is (state in {QUEUED, UNKNOWN})
    assert run.lease_until is None


def test_the_table_of_errors_is_complete():
    def kinds(kind):
        return {kind}.union(*map(kinds, kind.__subclasses__()))

    assert {type(error) for error, *_ in ERRORS} == kinds(NotteError) - {NotteError}


@pytest.mark.django_db
def test_only_our_own_api_is_believed_to_lack_a_chromium(embedded):
    team = make_workspace()
    elsewhere = make_session(team, state=State.SENDING, api_key=make_key(team))

    commands.start_failed(elsewhere, Overloaded("Chromium crashed", status=503))

    assert stored(elsewhere).state == UNKNOWN


@pytest.mark.django_db
def test_the_reasons_of_a_422_are_kept():
    run = sending()

    commands.start_failed(run, Invalid("wrong", status=422, detail=[Detail(("body", "proxies", 0), "no", "missing")]))

    assert stored(run).reasons == [{"loc": ["body", "proxies", 0], "msg": "no", "type": "missing"}]


@pytest.mark.parametrize(
    ("error", "attempt", "wait"),
    [
        (RateLimited("slower", status=429, retry_after=77), 1, 77),
        (Overloaded("full", status=529, retry_after=0), 1, 1.5),
        (Unreachable("no"), 1, 1.5),
        (Unreachable("no"), 5, 1.5**5),
        (Unreachable("no"), 9, 30),
        (Unreachable("no"), 4_000, 30),
    ],
)
@pytest.mark.django_db
def test_a_start_is_sent_again_after_what_the_api_asks_else_after_a_growing_wait(error, attempt, wait):
    run = sending()
    run.attempt = attempt

    commands.start_failed(run, error)

    assert (stored(run).next_attempt_at - timezone.now()).total_seconds() == pytest.approx(wait, abs=2)


@pytest.mark.parametrize(("age", "state", "problem"), [(590, QUEUED, "unreachable"), (610, NOT_STARTED, "gave_up")])
@pytest.mark.django_db
def test_a_start_that_can_not_be_sent_for_ten_minutes_is_given_up(age, state, problem):
    run = sending(created_at=seconds_ago(age))

    commands.start_failed(run, Unreachable("no"))

    assert (stored(run).state, run.problem, bool(run.ended_at)) == (state, problem, state == NOT_STARTED)


@pytest.mark.parametrize("error", [error for error, *_ in ERRORS], ids=lambda error: type(error).__name__)
@pytest.mark.django_db
def test_whoever_was_overtaken_writes_nothing(error):
    run = sending()
    BrowserSession.objects.filter(pk=run.pk).update(fence=4)

    commands.start_failed(run, error)

    assert (stored(run).state, run.problem) == (State.SENDING, "")


@pytest.mark.django_db
def test_a_late_answer_still_counts_for_a_start_given_up_for_unknown():
    run = make_session(make_workspace(), state=UNKNOWN, misses=2, problem="unanswered")

    assert commands.started(run, session_id="s-9")

    assert (stored(run).state, run.session_id, run.problem, run.misses) == (State.ACTIVE, "s-9", "", 0)


@pytest.mark.parametrize("end", sorted(OVER))
@pytest.mark.django_db
def test_an_answer_after_the_end_changes_nothing(end):
    run = make_session(make_workspace(), state=end, session_id="")

    assert not commands.started(run, session_id="s-9")

    assert (stored(run).state, run.session_id) == (end, "")


# --- a start nobody answered for ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("misses", "sent", "matches", "state", "after"),
    [
        (0, 10, 0, UNKNOWN, 1),
        (1, 300, 0, UNKNOWN, 2),
        (2, 59, 0, UNKNOWN, 3),
        (2, 61, 0, NOT_STARTED, 2),
        (7, 61, 0, NOT_STARTED, 7),
        (2, 300, 2, UNKNOWN, 0),
    ],
)
@pytest.mark.django_db
def test_three_misses_over_a_minute_mean_it_never_happened(misses, sent, matches, state, after):
    run = make_session(make_workspace(), state=UNKNOWN, misses=misses, sent_at=seconds_ago(sent), problem="unanswered")

    commands.not_found_at_api(run, matches)

    assert (stored(run).state, run.misses) == (state, after)
    assert run.problem == {NOT_STARTED: "not_found_again"}.get(state, "ambiguous" if matches else "unanswered")


@pytest.mark.parametrize(
    "act", [lambda run: commands.not_found_at_api(run, 0), lambda run: commands.ask_again(run, Unreachable("no"))]
)
@pytest.mark.django_db
def test_a_start_found_meanwhile_is_left_alone(act):
    run = make_session(make_workspace(), state=UNKNOWN, misses=2, sent_at=seconds_ago(300))
    BrowserSession.objects.filter(pk=run.pk).update(state=State.ACTIVE)

    act(run)

    assert (stored(run).state, run.next_attempt_at) == (State.ACTIVE, None)


@pytest.mark.django_db
def test_a_list_that_could_not_be_read_is_no_miss():
    run = make_session(make_workspace(), state=UNKNOWN, misses=2, sent_at=seconds_ago(300))

    commands.ask_again(run, Unreachable("no route"))

    assert (stored(run).state, run.misses, run.problem_detail) == (UNKNOWN, 2, "no route")
    assert run.next_attempt_at > timezone.now()


@pytest.mark.django_db
def test_agents_follow_the_same_rules():
    run = make_run("agent", make_workspace(), state=State.SENDING)

    commands.start_failed(run, Invalid("wrong", status=422))

    assert AgentRun.objects.get(pk=run.pk).state == REJECTED
