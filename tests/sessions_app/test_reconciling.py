"""A start without an answer: looked for at the API, adopted when there is one match, never sent again."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sessions_app.models import BrowserSession
from sessions_app.services.reconcile import reconcile
from tests.factories import make_key, make_session
from tests.scripted_api import CUT, session_body

LIST = ("GET", "/sessions")


@pytest.fixture
def unknown(bob):
    return make_session(
        bob.workspace,
        bob.user,
        state="unknown",
        sent_at=timezone.now(),
        problem="unanswered",
        request={"idle_timeout_minutes": 4},
    )


def listed(*bodies):
    return {"items": list(bodies), "page": 1, "page_size": 100, "has_next": False, "has_previous": False}


def found(session_id="s-7", after=1.0, **fields):
    return session_body(session_id, created_at=(timezone.now() + timedelta(seconds=after)).isoformat(), **fields)


def reconciled(session, later=0.0):
    with time_machine.travel(timezone.now() + timedelta(seconds=later), tick=True):
        reconcile(session.pk)
    session.refresh_from_db()
    return session


def test_the_only_match_is_adopted(unknown, upstream):
    upstream.say(*LIST, listed(found("too-old", after=-60), found("s-7"), found("too-late", after=600)))
    session = reconciled(unknown)
    assert (session.state, session.session_id, session.problem) == ("active", "s-7", "")
    assert session.viewport_width == 1280
    assert "only_active=false" in upstream.asked[0].query.lower()


@pytest.mark.parametrize("fields", [{"idle_timeout_minutes": 5}, {"created_at": None}])
def test_what_does_not_echo_the_request_is_not_adopted(unknown, upstream, fields):
    upstream.say(*LIST, listed({**found("s-7"), **fields}))
    assert reconciled(unknown).state == "unknown"


def test_what_the_list_does_not_say_does_not_speak_against_a_match(unknown, upstream):
    upstream.say(*LIST, listed({**found("s-7"), "idle_timeout_minutes": None, "user_agent": None}))
    assert reconciled(unknown).session_id == "s-7"


def test_a_session_somebody_already_has_is_not_adopted(bob, unknown, upstream):
    make_session(bob.workspace, bob.user, session_id="s-7")
    upstream.say(*LIST, listed(found("s-7")))
    assert reconciled(unknown).state == "unknown"


def test_two_unanswered_starts_never_adopt_the_same_session(bob, unknown, upstream):
    other = make_session(bob.workspace, bob.user, state="unknown", sent_at=unknown.sent_at, request=unknown.request)
    upstream.say(*LIST, listed(found("s-7")))
    assert {reconciled(unknown).session_id, reconciled(other).session_id} == {"s-7", ""}


def test_three_misses_over_a_minute_mean_it_never_happened(unknown, upstream):
    upstream.say(*LIST, listed())
    assert reconciled(unknown, 5).state == "unknown"
    assert reconciled(unknown, 30).state == "unknown"
    session = reconciled(unknown, 65)
    assert (session.state, session.problem, session.is_over) == ("not_started", "not_found_again", True)


def test_three_quick_misses_are_not_enough(unknown, upstream):
    upstream.say(*LIST, listed())
    for later in (1, 2, 3, 4):
        assert reconciled(unknown, later).state == "unknown"


def test_several_matches_are_told_and_none_is_taken(bob, unknown, upstream):
    upstream.say(*LIST, listed(found("s-7"), found("s-8")))
    for later in (5, 30, 65, 90):
        session = reconciled(unknown, later)
        assert (session.state, session.problem, session.session_id) == ("unknown", "ambiguous", "")
    assert 'data-problem="ambiguous"' in bob.client.get(f"/sessions/{session.uuid}/").content.decode()


@pytest.mark.parametrize("answer", [CUT, (500, {}), (401, {"message": "no"}), (200, "no list"), (429, {}, {"retry-after": "60"})])
def test_a_list_that_can_not_be_read_says_nothing_about_the_start(unknown, upstream, answer, monkeypatch):
    monkeypatch.setattr("notte_dashboard.notte_api.retry.FIRST_WAIT", 0.01)
    upstream.say(*LIST, answer)
    session = reconciled(unknown)
    assert (session.state, session.misses) == ("unknown", 0)
    assert session.next_attempt_at > timezone.now()


def test_a_revoked_key_leaves_it_unknown_and_says_why(bob, unknown, upstream):
    key = make_key(bob.workspace, base_url=upstream.url, key="key-of-the-workspace", revoked_at=timezone.now())
    BrowserSession.objects.filter(pk=unknown.pk).update(api_key=key)
    session = reconciled(unknown)
    assert session.state == "unknown"
    assert "revoked" in session.problem_detail
    assert session.next_attempt_at > timezone.now()


def test_a_stop_that_was_asked_for_is_sent_once_it_is_found(unknown, bob, upstream, committed, redis_client):
    bob.client.post(f"/sessions/{unknown.uuid}/stop/")
    unknown.refresh_from_db()
    assert (unknown.state, unknown.stop_requested_by) == ("unknown", bob.user)
    upstream.say(*LIST, listed(found("s-7")))
    with committed():
        session = reconciled(unknown)
    assert (session.state, session.session_id) == ("stopping", "s-7")
    assert b"sessions_app.stop" in b"".join(redis_client.lrange("celery", 0, -1))
