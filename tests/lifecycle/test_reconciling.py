"""A start without an answer: looked for at the API, adopted when there is one match, never sent again."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.scripted_api import CUT, list_page


@pytest.fixture
def unknown(bob, run_kind):
    columns = {"sent_at": timezone.now(), "problem": "unanswered", "request": run_kind.request}
    return run_kind.make(bob.workspace, bob.user, "unknown", **columns)


@pytest.fixture
def body(run_kind):
    """What the API's list says of a run that was created so many seconds from now."""
    return lambda api_id, after=1.0, **fields: run_kind.body(
        api_id, **{"created_at": (timezone.now() + timedelta(seconds=after)).isoformat(), **fields}
    )


@pytest.fixture
def reconcile(run_kind):
    """Looks for it as its task does, so many seconds from now; returns the row as it is then."""

    def look_for(run, later=0.0):
        with time_machine.travel(timezone.now() + timedelta(seconds=later), tick=True):
            run_kind.reconcile(run.pk)
        run.refresh_from_db()
        return run

    return look_for


def test_the_only_match_is_adopted(run_kind, unknown, upstream, body, reconcile):
    upstream.say(*run_kind.api_list, list_page(body("too-old", after=-60), body("id-7"), body("too-late", after=600)))
    run = reconcile(unknown)
    assert (run.state, run_kind.id_of(run), run.problem, run.remote_status) == ("active", "id-7", "", "active")
    assert "only_active=false" in upstream.asked[0].query.lower()


def test_what_does_not_say_when_it_was_created_is_not_adopted(run_kind, unknown, upstream, body, reconcile):
    upstream.say(*run_kind.api_list, list_page(body("id-7", created_at=None)))
    assert reconcile(unknown).state == "unknown"


def test_what_somebody_already_has_is_not_adopted(bob, run_kind, unknown, upstream, body, reconcile):
    run_kind.make(bob.workspace, bob.user, **{run_kind.remote_id: "id-7"})
    upstream.say(*run_kind.api_list, list_page(body("id-7")))
    assert reconcile(unknown).state == "unknown"


def test_two_unanswered_starts_never_adopt_the_same(bob, run_kind, unknown, upstream, body, reconcile):
    other = run_kind.make(bob.workspace, bob.user, "unknown", sent_at=unknown.sent_at, request=unknown.request)
    upstream.say(*run_kind.api_list, list_page(body("id-7")))
    assert {run_kind.id_of(reconcile(run)) for run in (unknown, other)} == {"id-7", ""}


def test_three_misses_over_a_minute_mean_it_never_happened(run_kind, unknown, upstream, reconcile):
    upstream.say(*run_kind.api_list, list_page())
    assert [reconcile(unknown, later).state for later in (5, 30, 65)] == ["unknown", "unknown", "not_started"]
    assert (unknown.problem, unknown.is_over) == ("not_found_again", True)


def test_three_quick_misses_are_not_enough(run_kind, unknown, upstream, reconcile):
    upstream.say(*run_kind.api_list, list_page())
    assert [reconcile(unknown, later).state for later in (1, 2, 3, 4)] == ["unknown"] * 4


def test_several_matches_are_told_and_none_is_taken(bob, run_kind, unknown, upstream, body, reconcile):
    upstream.say(*run_kind.api_list, list_page(body("id-7"), body("id-8")))
    for later in (5, 30, 65, 90):
        run = reconcile(unknown, later)
        assert (run.state, run.problem, run_kind.id_of(run)) == ("unknown", "ambiguous", "")
    assert 'data-problem="ambiguous"' in bob.client.get(unknown.get_absolute_url()).content.decode()


@pytest.mark.parametrize("answer", [CUT, (500, {}), (401, {"message": "no"}), (200, "no list"), (429, {}, {"retry-after": "60"})])
def test_a_list_that_can_not_be_read_says_nothing_about_the_start(run_kind, unknown, upstream, reconcile, answer, monkeypatch):
    monkeypatch.setattr("notte_dashboard.notte_api.retry.FIRST_WAIT", 0.01)
    upstream.say(*run_kind.api_list, answer)
    run = reconcile(unknown)
    assert (run.state, run.misses) == ("unknown", 0)
    assert run.next_attempt_at > timezone.now()


def test_a_lost_key_leaves_it_unknown_and_says_why(unknown, upstream, reconcile, lose_key):
    word = lose_key(unknown)
    run = reconcile(unknown)
    assert (run.state, upstream.asked) == ("unknown", [])
    assert word in run.problem_detail
    assert run.next_attempt_at > timezone.now()


def test_a_stop_that_was_asked_for_is_sent_once_it_is_found(
    bob, run_kind, unknown, upstream, body, reconcile, committed, redis_client
):
    bob.client.post(f"{unknown.get_absolute_url()}stop/")
    unknown.refresh_from_db()
    assert (unknown.state, unknown.stop_requested_by) == ("unknown", bob.user)
    upstream.say(*run_kind.api_list, list_page(body("id-7")))
    with committed():
        run = reconcile(unknown)
    assert (run.state, run_kind.id_of(run)) == ("stopping", "id-7")
    assert run_kind.stop_task in b"".join(redis_client.lrange("celery", 0, -1))
