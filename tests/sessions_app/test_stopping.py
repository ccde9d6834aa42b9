"""A stop is a lasting wish: honoured in every state, sent again until the session is over."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from sessions_app.models import BrowserSession
from sessions_app.services.start import send_start
from sessions_app.services.stop import send_stop, stop_session
from sessions_app.tasks import sweep
from tests.factories import make_key, make_session
from tests.scripted_api import CUT, session_body

STOP = ("DELETE", "/sessions/s-1/stop")


@pytest.fixture
def session(bob):
    def make(state="active", **columns):
        known = {"session_id": "s-1"} if state in {"active", "stopping", "closed", "error", "timed_out"} else {}
        return make_session(bob.workspace, bob.user, state=state, **known, **columns)

    return make


def stopped(session):
    send_stop(session.pk)
    session.refresh_from_db()
    return session


@pytest.mark.parametrize(
    ("state", "becomes"),
    [("queued", "not_started"), ("sending", "sending"), ("unknown", "unknown"), ("active", "stopping"), ("stopping", "stopping")],
)
def test_the_wish_is_kept_in_every_state_that_is_not_over(bob, session, state, becomes):
    run = session(state)
    assert bob.client.post(f"/sessions/{run.uuid}/stop/")["Location"] == f"/sessions/{run.uuid}/"
    run.refresh_from_db()
    assert run.state == becomes
    if state != "stopping":
        assert run.stop_requested_by == bob.user
        assert run.stop_requested_at is not None


@pytest.mark.parametrize("state", ["closed", "error", "timed_out", "rejected", "not_started"])
def test_what_is_over_stays_as_it_is(bob, session, state):
    run = session(state)
    assert bob.client.post(f"/sessions/{run.uuid}/stop/").status_code == 302
    run.refresh_from_db()
    assert (run.state, run.stop_requested_at) == (state, None)


def test_htmx_gets_no_content_and_a_get_asks_first(bob, session):
    run = session()
    asked = bob.client.get(f"/sessions/{run.uuid}/stop/")
    run.refresh_from_db()
    assert (asked.status_code, run.state) == (200, "active")
    assert "Stop this session?" in asked.content.decode()
    assert bob.client.post(f"/sessions/{run.uuid}/stop/", headers={"HX-Request": "true"}).status_code == 204


def test_a_session_stopped_before_it_was_sent_is_never_sent(bob, session, upstream):
    run = session("queued")
    stop_session(by=bob.user, session=run)
    send_start(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, upstream.asked) == ("not_started", "stopped_before_start", [])


@pytest.mark.django_db(transaction=True)
def test_a_stop_asked_for_while_sending_is_sent_when_the_id_is_known(bob, session, upstream, redis_client):
    run = session("queued")

    def answer_after_the_stop():
        try:
            bob.client.post(f"/sessions/{run.uuid}/stop/")
            return session_body("s-1")
        finally:
            connections.close_all()

    upstream.say("POST", "/sessions/start", answer_after_the_stop)
    upstream.say(*STOP, session_body("s-1", status="closed", closed_at="2026-05-20T10:00:00Z"))
    send_start(run.pk)
    run.refresh_from_db()
    assert (run.state, run.session_id, run.stop_requested_by) == ("stopping", "s-1", bob.user)
    assert b"sessions_app.stop" in b"".join(redis_client.lrange("celery", 0, -1))
    assert stopped(run).state == "closed"


def test_the_answer_of_a_stop_is_the_end(session, upstream):
    upstream.say(*STOP, session_body("s-1", status="closed", closed_at="2026-05-20T10:00:00Z", network_request_bytes=99))
    run = stopped(session("stopping"))
    assert (run.state, run.ended_at) == ("closed", datetime(2026, 5, 20, 10, tzinfo=UTC))
    assert (run.network_request_bytes, run.remote_status) == (99, "closed")
    assert "viewer_url" not in run.remote


def test_a_session_that_had_timed_out_meanwhile_is_told_so(session, upstream):
    upstream.say(*STOP, (400, {"message": "Session is already closed"}))
    upstream.say("GET", "/sessions/s-1", session_body("s-1", status="timed_out", closed_at="2026-05-20T10:00:00Z"))
    assert stopped(session("stopping")).state == "timed_out"


@pytest.mark.parametrize("answer", [CUT, (500, {"message": "broken"}), (401, {"message": "no"}), (200, "odd")])
def test_a_lost_stop_is_sent_again_until_it_is_over(session, upstream, answer, monkeypatch, redis_client, committed):
    monkeypatch.setattr("notte_dashboard.notte_api.retry.FIRST_WAIT", 0.01)
    closed = session_body("s-1", status="closed", closed_at="2026-05-20T10:00:00Z")
    upstream.say(*STOP, *[answer] * 4, closed)
    run = stopped(session("stopping"))
    while run.state == "stopping" and len(upstream.asked) < 9:
        assert run.problem
        assert run.next_attempt_at > timezone.now()
        run = stopped(run)
    assert (run.state, run.problem) == ("closed", "")


def test_the_sweep_sends_a_due_stop_again(session, redis_client):
    waiting = session("stopping", next_attempt_at=timezone.now() + timedelta(seconds=5))
    sweep()
    assert b"sessions_app.stop" not in b"".join(redis_client.lrange("celery", 0, -1))
    with time_machine.travel(timezone.now() + timedelta(seconds=6), tick=True):
        sweep()
    sent = b"".join(redis_client.lrange("celery", 0, -1))
    assert b"sessions_app.stop" in sent
    assert f"({waiting.pk},)".encode() in sent


def test_a_stop_that_takes_its_time_is_asked_again_later(session, upstream):
    upstream.say(*STOP, session_body("s-1"))
    run = stopped(session("stopping"))
    assert (run.state, run.next_attempt_at > timezone.now()) == ("stopping", True)


def test_what_the_api_no_longer_knows_is_over(session, upstream):
    upstream.say(*STOP, (404, {"message": "not found"}))
    run = stopped(session("stopping"))
    assert (run.state, run.problem, run.is_over) == ("closed", "gone", True)


def test_a_revoked_key_keeps_the_wish_and_says_why(bob, session, upstream):
    key = make_key(bob.workspace, base_url=upstream.url, key="key-of-the-workspace", revoked_at=timezone.now())
    run = stopped(session("stopping", api_key=key))
    assert (run.state, upstream.asked) == ("stopping", [])
    assert "revoked" in run.problem_detail
    assert run.next_attempt_at > timezone.now()


@pytest.mark.parametrize("state", ["queued", "sending", "unknown", "active", "closed"])
def test_a_stop_is_only_sent_for_what_is_stopping(session, upstream, state):
    assert stopped(session(state)).state == state
    assert upstream.asked == []


def test_an_id_of_an_answer_stays_one_segment_of_the_address(session, upstream):
    run = session("stopping")
    BrowserSession.objects.filter(pk=run.pk).update(session_id="../agents/x?y=")
    stopped(run)
    assert [each.path for each in upstream.asked] == ["/sessions/..%2Fagents%2Fx%3Fy=/stop"]
