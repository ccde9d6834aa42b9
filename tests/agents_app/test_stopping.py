"""A stop is a lasting wish: honoured in every state, sent again until the agent is over."""

import pytest
from django.db import connections
from django.utils import timezone

from agents_app.models import AgentRun
from agents_app.services.start import send_start
from agents_app.services.stop import send_stop
from tests.factories import make_agent, make_session
from tests.scripted_api import CUT, agent_body

STOP = ("DELETE", "/agents/a-1/stop")
ENDED = agent_body("a-1", status="closed", closed_at="2026-05-20T10:00:00Z", success=False)


@pytest.fixture
def agent(bob):
    def make(state="active", **columns):
        known = {"agent_id": "a-1"} if state in {"active", "stopping", "closed", "error", "timed_out"} else {}
        return make_agent(make_session(bob.workspace, bob.user, session_id="s-1"), bob.user, state=state, **known, **columns)

    return make


def stopped(agent):
    send_stop(agent.pk)
    agent.refresh_from_db()
    return agent


@pytest.mark.parametrize(
    ("state", "becomes"),
    [("queued", "not_started"), ("sending", "sending"), ("unknown", "unknown"), ("active", "stopping"), ("stopping", "stopping")],
)
def test_the_wish_is_kept_in_every_state_that_is_not_over(bob, agent, state, becomes):
    run = agent(state)
    assert bob.client.post(f"/agents/{run.uuid}/stop/")["Location"] == f"/agents/{run.uuid}/"
    run.refresh_from_db()
    assert run.state == becomes
    assert run.session.state == "active"
    if state != "stopping":
        assert run.stop_requested_by == bob.user


@pytest.mark.parametrize("state", ["closed", "error", "timed_out", "rejected", "not_started"])
def test_what_is_over_stays_as_it_is(bob, agent, state):
    run = agent(state)
    bob.client.post(f"/agents/{run.uuid}/stop/")
    run.refresh_from_db()
    assert (run.state, run.stop_requested_at) == (state, None)


def test_htmx_gets_no_content_and_a_get_asks_first(bob, agent):
    run = agent()
    asked = bob.client.get(f"/agents/{run.uuid}/stop/")
    run.refresh_from_db()
    assert (asked.status_code, run.state) == (200, "active")
    assert "Stop this agent?" in asked.content.decode()
    assert bob.client.post(f"/agents/{run.uuid}/stop/", headers={"HX-Request": "true"}).status_code == 204


def test_a_stopped_agent_is_stopped_and_neither_success_nor_failure(bob, agent, upstream):
    upstream.say(*STOP, ENDED)
    run = agent()
    bob.client.post(f"/agents/{run.uuid}/stop/")
    run = stopped(run)
    assert (run.state, run.outcome, run.success) == ("closed", "stopped", False)
    assert upstream.asked[0].query == "session_id=s-1"
    html = bob.client.get(f"/agents/{run.uuid}/").content.decode()
    assert 'data-outcome="stopped"' in html


@pytest.mark.django_db(transaction=True)
def test_a_stop_asked_for_while_sending_is_sent_when_the_id_is_known(bob, agent, upstream, redis_client):
    run = agent("queued")

    def answer_after_the_stop():
        try:
            bob.client.post(f"/agents/{run.uuid}/stop/")
            return agent_body("a-1")
        finally:
            connections.close_all()

    upstream.say("POST", "/agents/start", answer_after_the_stop)
    upstream.say(*STOP, ENDED)
    send_start(run.pk)
    run.refresh_from_db()
    assert (run.state, run.agent_id, run.stop_requested_by) == ("stopping", "a-1", bob.user)
    assert b"agents_app.stop" in b"".join(redis_client.lrange("celery", 0, -1))
    assert stopped(run).state == "closed"


@pytest.mark.parametrize("answer", [CUT, (500, {"message": "broken"}), (401, {"message": "no"}), (200, "odd")])
def test_a_lost_stop_is_sent_again_until_it_is_over(agent, upstream, answer, monkeypatch):
    monkeypatch.setattr("notte_dashboard.notte_api.retry.FIRST_WAIT", 0.01)
    upstream.say(*STOP, *[answer] * 4, ENDED)
    run = stopped(agent("stopping"))
    while run.state == "stopping" and len(upstream.asked) < 9:
        assert run.problem
        assert run.next_attempt_at > timezone.now()
        run = stopped(run)
    assert (run.state, run.problem) == ("closed", "")


def test_the_answer_of_a_stop_does_not_wipe_what_was_known(agent, upstream):
    upstream.say(*STOP, agent_body("a-1", status="closed", closed_at="2026-05-20T10:00:00Z"))
    run = stopped(agent("stopping", answer="42", success=True))
    assert (run.answer, run.success) == ("42", True)


def test_what_the_api_no_longer_knows_is_over(agent, upstream):
    upstream.say(*STOP, (404, {"message": "not found"}))
    run = stopped(agent("stopping"))
    assert (run.state, run.problem) == ("closed", "gone")


def test_a_finished_agent_is_told_as_it_finished(agent, upstream):
    upstream.say(*STOP, (409, {"message": "Agent already stopped"}))
    upstream.say("GET", "/agents/a-1", {**ENDED, "success": True, "answer": "42"})
    run = stopped(agent("stopping", stop_requested_at=timezone.now()))
    assert (run.state, run.outcome, run.answer) == ("closed", "success", "42")
    assert AgentRun.objects.get().problem == ""
