"""What the end of an agent says of it; its session goes on."""

import pytest
from django.utils import timezone

from agents_app.services.stop import send_stop
from tests.factories import WITHOUT_API_ID, make_agent, make_session
from tests.scripted_api import agent_body

STOP = ("DELETE", "/agents/a-1/stop")
ENDED = agent_body("a-1", status="closed", closed_at="2026-05-20T10:00:00Z", success=False)


@pytest.fixture
def agent(bob):
    def make(state="active", **columns):
        known = {} if state in WITHOUT_API_ID else {"agent_id": "a-1"}
        return make_agent(make_session(bob.workspace, bob.user, session_id="s-1"), bob.user, state, **known, **columns)

    return make


def stopped(agent):
    send_stop(agent.pk)
    agent.refresh_from_db()
    return agent


@pytest.mark.parametrize("state", ["queued", "sending", "unknown", "active", "stopping"])
def test_its_session_goes_on(bob, agent, state):
    run = agent(state)
    bob.client.post(f"/agents/{run.uuid}/stop/")
    run.session.refresh_from_db()
    assert (run.session.state, run.session.stop_requested_at) == ("active", None)


def test_a_stopped_agent_is_stopped_and_neither_success_nor_failure(bob, agent, upstream):
    upstream.say(*STOP, ENDED)
    run = agent()
    bob.client.post(f"/agents/{run.uuid}/stop/")
    run = stopped(run)
    assert (run.state, run.outcome, run.success) == ("closed", "stopped", False)
    assert upstream.asked[0].query == "session_id=s-1"
    html = bob.client.get(f"/agents/{run.uuid}/").content.decode()
    assert 'data-outcome="stopped"' in html


def test_the_answer_of_a_stop_does_not_wipe_what_was_known(agent, upstream):
    upstream.say(*STOP, agent_body("a-1", status="closed", closed_at="2026-05-20T10:00:00Z"))
    run = stopped(agent("stopping", answer="42", success=True))
    assert (run.answer, run.success) == ("42", True)


def test_a_finished_agent_is_told_as_it_finished(agent, upstream):
    upstream.say(*STOP, (409, {"message": "Agent already stopped"}))
    upstream.say("GET", "/agents/a-1", {**ENDED, "success": True, "answer": "42"})
    run = stopped(agent("stopping", stop_requested_at=timezone.now()))
    assert (run.state, run.outcome, run.answer, run.problem) == ("closed", "success", "42", "")
