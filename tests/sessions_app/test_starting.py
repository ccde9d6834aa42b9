"""From a queued row to what became of it, with an API that answers on a real wire."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from sessions_app.models import BrowserSession
from sessions_app.services.start import send_start
from sessions_app.tasks import sweep
from tests.factories import make_due, make_key, make_session
from tests.scripted_api import CUT, KEY, session_body

START = ("POST", "/sessions/start")


@pytest.fixture
def queued(bob):
    return make_session(bob.workspace, bob.user, state="queued", request={"idle_timeout_minutes": 4})


def sent(session):
    send_start(session.pk)
    session.refresh_from_db()
    return session


def test_an_answered_start_is_active_with_every_field_of_the_answer(queued, upstream):
    upstream.say(*START, session_body("s-9", timeout_minutes=4, brand_new={"field": [1]}))
    session = sent(queued)
    assert (session.state, session.session_id, session.remote_status) == ("active", "s-9", "active")
    stored = {
        "idle_timeout_minutes": 4,
        "max_duration_minutes": 21,
        "remote_created_at": datetime(2026, 5, 20, 9, 15, 2, 100_000, tzinfo=UTC),
        "remote_closed_at": None,
        "last_accessed_at": datetime(2026, 5, 20, 9, 16, tzinfo=UTC),
        "remote_duration": timedelta(seconds=41.286072),
        "error": "",
        "proxies": False,
        "browser_type": "chromium",
        "use_file_storage": True,
        "network_request_bytes": 12_345,
        "network_response_bytes": 6_789_000,
        "user_agent": "Agent/7.0",
        "viewport_width": 1280,
        "viewport_height": 720,
        "headless": True,
        "solve_captchas": False,
        "web_bot_auth": True,
    }
    assert {name: getattr(session, name) for name in stored} == stored
    assert session.remote["brand_new"] == {"field": [1]}
    assert not {"viewer_url", "cdp_url", "steps"} & set(session.remote)
    assert (session.attempt, session.problem, session.lease_until) == (1, "", None)
    assert session.idle_ends_at == datetime(2026, 5, 20, 9, 20, tzinfo=UTC)
    assert session.max_ends_at == datetime(2026, 5, 20, 9, 36, 2, 100_000, tzinfo=UTC)


def test_the_request_carries_the_key_and_says_who_asks(queued, upstream):
    upstream.say(*START, session_body())
    sent(queued)
    asked = upstream.requests(*START)[0]
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["x-notte-request-origin"] == "notte-dashboard"
    assert asked.body == {"idle_timeout_minutes": 4}


def test_a_key_of_the_workspace_is_used_and_goes_to_its_own_address_only(bob, upstream, nobody_answers, settings):
    settings.NOTTE_API_ORIGINS = [upstream.url]
    key = make_key(bob.workspace, base_url=upstream.url, key="key-of-the-workspace")
    upstream.say(*START, session_body())
    assert bob.client.post("/sessions/start/").status_code == 302
    session = sent(BrowserSession.objects.get())
    assert (session.state, session.api_key) == ("active", key)
    assert upstream.asked[0].headers["authorization"] == "Bearer key-of-the-workspace"


def test_a_start_is_sent_once_however_often_its_task_runs(queued, upstream):
    upstream.say(*START, session_body())
    for _ in range(3):
        sent(queued)
    assert len(upstream.requests(*START)) == 1


def test_a_refused_start_keeps_the_reasons_and_shows_them(bob, queued, upstream):
    reason = {"loc": ["body", "idle_timeout_minutes"], "msg": "Input should be less than 16", "type": "less_than", "input": 99}
    upstream.say(*START, (422, {"message": "Validation error", "detail": [reason]}))
    session = sent(queued)
    assert (session.state, session.problem) == ("rejected", "invalid")
    kept = {name: value for name, value in reason.items() if name != "input"}
    assert session.reasons == [kept]
    assert session.ended_at is not None
    html = bob.client.get(f"/sessions/{session.uuid}/").content.decode()
    assert 'data-problem="invalid"' in html
    assert "idle_timeout_minutes" in html
    assert "Input should be less than 16" in html


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_said_to_be_the_key(queued, upstream, status):
    upstream.say(*START, (status, {"message": "Invalid API key"}))
    session = sent(queued)
    assert (session.state, session.problem) == ("rejected", "unauthorized")


@pytest.mark.parametrize("status", [400, 402, 404, 409])
def test_any_other_refusal_is_the_end(queued, upstream, status):
    upstream.say(*START, (status, {"message": "No"}))
    assert sent(queued).state == "rejected"


def test_nobody_at_the_address_means_queued_again(queued, nobody_answers):
    session = sent(queued)
    assert (session.state, session.problem) == ("queued", "unreachable")
    assert session.next_attempt_at > timezone.now()
    assert session.stale_since is None


def test_a_start_waits_its_turn_before_it_is_tried_again(queued, nobody_answers):
    sent(queued)
    assert sent(queued).attempt == 1
    make_due(queued)
    assert sent(queued).attempt == 2


def test_ten_minutes_out_of_reach_are_given_up(queued, nobody_answers):
    sent(queued)
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=True):
        session = sent(queued)
    assert (session.state, session.problem) == ("not_started", "gave_up")
    assert session.is_over


def test_a_start_without_a_free_browser_is_sent_when_there_is_one(queued, upstream):
    upstream.say(*START, (529, {"message": "full"}, {"retry-after": "7"}), session_body())
    session = sent(queued)
    assert (session.state, session.problem) == ("queued", "overloaded")
    assert timedelta(seconds=6) < session.next_attempt_at - timezone.now() <= timedelta(seconds=7)
    make_due(session)
    session = sent(session)
    assert (session.state, session.problem, session.problem_detail) == ("active", "", "")


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (CUT, "unanswered"),
        ((500, {"message": "broken"}), "server_failed"),
        ((502, {"message": "gateway"}), "server_failed"),
        ((503, {"message": "later"}), "overloaded"),
        ((200, ["no object"]), "bad_answer"),
        ((200, {"status": "active"}), "bad_answer"),
    ],
)
def test_a_start_that_may_have_happened_is_unknown_and_never_sent_again(queued, upstream, answer, problem):
    upstream.say(*START, answer)
    session = sent(queued)
    assert (session.state, session.problem) == ("unknown", problem)
    make_due(session)
    sent(session)
    sweep()
    assert len(upstream.requests(*START)) == 1


def test_a_worker_that_died_while_sending_leaves_an_unknown_start(queued, upstream):
    BrowserSession.objects.filter(pk=queued.pk).update(state="sending", sent_at=timezone.now(), lease_until=timezone.now())
    sweep()
    queued.refresh_from_db()
    assert (queued.state, queued.problem) == ("unknown", "unanswered")


def test_a_revoked_key_rejects_the_start_and_asks_nobody(bob, queued, upstream):
    key = make_key(bob.workspace, base_url=upstream.url, key="key-of-the-workspace", revoked_at=timezone.now())
    BrowserSession.objects.filter(pk=queued.pk).update(api_key=key)
    session = sent(queued)
    assert (session.state, session.problem, upstream.asked) == ("rejected", "key_lost", [])


def test_a_status_of_a_newer_api_is_kept_and_is_no_end(bob, queued, upstream):
    upstream.say(*START, session_body(status="warming_up"))
    session = sent(queued)
    assert (session.state, session.remote_status) == ("active", "warming_up")
    assert "warming_up" in bob.client.get(f"/sessions/{session.uuid}/").content.decode()


def test_fields_of_a_newer_api_are_shown(bob, queued, upstream):
    upstream.say(*START, session_body(region="eu-north", pool={"size": 3}))
    session = sent(queued)
    html = bob.client.get(f"/sessions/{session.uuid}/").content.decode()
    rest = html.partition("Also in the API&#x27;s answer")[2]
    assert "region" in rest
    assert "eu-north" in rest
    assert "&quot;size&quot;: 3" in rest


@pytest.mark.parametrize(
    "odd",
    [
        {"idle_timeout_minutes": -1, "max_duration_minutes": 10**15, "viewport_width": 10**12},
        {"created_at": "0001-01-01T00:00:00+14:00", "last_accessed_at": "9999-12-31T23:59:59-12:00"},
        {"duration": "P999999999D", "network_request_bytes": 10**30},
        {"last_accessed_at": "9999-12-31T23:59:59Z", "idle_timeout_minutes": 10**8},
        {"session_id": "s" * 255, "status": "x" * 5000, "browser_type": "b" * 5000},
        {"user_agent": "\x00\ud83d", "error": "\x00", "note\x00": ["\x00\ud83d"]},
        {"created_at": 5, "proxies": "yes", "viewport_width": "wide", "headless": None, "session_id": 12},
    ],
)
def test_odd_values_cost_nothing_but_themselves(bob, queued, upstream, odd):
    upstream.say(*START, session_body(**odd))
    session = sent(queued)
    assert session.state == "active"
    assert session.session_id == str(odd.get("session_id", "s-1"))
    for accept in ("text/html", "application/json"):
        assert bob.client.get(f"/sessions/{session.uuid}/", headers={"Accept": accept}).status_code == 200
    assert bob.client.get("/").status_code == 200
