"""What an agent's start stores of the API's answer, and how it waits for its session and ends with it."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from agents_app.models import AgentRun
from agents_app.services.start import send_start
from agents_app.tasks import sweep
from sessions_app.models import BrowserSession
from sessions_app.services import store as sessions
from sessions_app.services.start import send_start as send_session
from tests.factories import make_agent, make_key, make_session
from tests.scripted_api import agent_body, session_body

START = ("POST", "/agents/start")


@pytest.fixture
def queued(bob):
    session = make_session(bob.workspace, bob.user, session_id="s-1")
    return make_agent(session, bob.user, state="queued", request={"task": "Find the price", "max_steps": 3})


def sent(agent):
    send_start(agent.pk)
    agent.refresh_from_db()
    return agent


def test_an_answered_start_has_every_field_of_the_answer(queued, upstream):
    upstream.say(*START, agent_body("a-9", "s-1", saved=True))
    agent = sent(queued)
    assert (agent.agent_id, agent.remote_created_at) == ("a-9", datetime(2026, 5, 20, 9, 15, 2, tzinfo=UTC))
    assert (agent.remote_closed_at, agent.saved, agent.success, agent.answer) == (None, True, None, "")


def test_it_is_sent_with_the_key_of_its_session(bob, upstream, nobody_answers, settings):
    settings.NOTTE_API_ORIGINS = [upstream.url]
    key = make_key(bob.workspace, base_url=upstream.url, key="key-of-the-session")
    make_session(bob.workspace, bob.user, session_id="s-1", api_key=key)
    make_key(bob.workspace, base_url=upstream.url, key="a-newer-key-of-the-workspace")
    upstream.say(*START, agent_body())
    assert bob.client.post("/agents/start/", {"task": "Find the price", "session_id": "s-1"}).status_code == 302
    agent = sent(AgentRun.objects.get())
    assert (agent.state, agent.api_key) == ("active", key)
    assert upstream.asked[-1].headers["authorization"] == "Bearer key-of-the-session"


@pytest.mark.parametrize("state", ["queued", "sending", "unknown", "stopping"])
def test_an_agent_waits_until_its_session_has_a_browser(bob, upstream, state):
    agent = make_agent(make_session(bob.workspace, bob.user, state=state), bob.user, state="queued")
    assert sent(agent).state == "queued"
    assert upstream.asked == []


def test_an_agent_on_a_new_session_is_sent_when_the_session_is_there(bob, upstream, committed, redis_client):
    upstream.say("POST", "/sessions/start", session_body("s-5"))
    upstream.say(*START, agent_body("a-5", "s-5"))
    bob.client.post("/agents/start/", {"task": "Find the price"})
    session, agent = BrowserSession.objects.get(), AgentRun.objects.get()
    with committed():
        send_session(session.pk)
    assert f"({agent.pk},)".encode() in b"".join(
        message for message in redis_client.lrange("celery", 0, -1) if b"agents_app.start" in message
    )
    assert sent(agent).state == "active"
    assert upstream.requests(*START)[0].body["session_id"] == "s-5"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [((401, {"message": "no"}), "session_failed"), ((422, {"detail": []}), "session_failed")],
)
def test_an_agent_is_rejected_when_its_session_does_not_start(bob, upstream, answer, problem):
    upstream.say("POST", "/sessions/start", answer)
    bob.client.post("/agents/start/", {"task": "Find the price"})
    agent = AgentRun.objects.get()
    send_session(agent.session_id)
    agent.refresh_from_db()
    assert (agent.state, agent.problem, agent.is_over) == ("rejected", problem, True)
    assert 'data-problem="session_failed"' in bob.client.get(f"/agents/{agent.uuid}/").content.decode()


def test_an_agent_is_rejected_when_its_session_is_stopped_before_it_starts(bob):
    bob.client.post("/agents/start/", {"task": "Find the price"})
    agent = AgentRun.objects.get()
    bob.client.post(f"/sessions/{agent.session.uuid}/stop/")
    agent.refresh_from_db()
    assert (agent.state, agent.problem) == ("rejected", "session_failed")


def test_an_agent_is_rejected_when_its_session_ends_first(queued):
    BrowserSession.objects.filter(pk=queued.session_id).update(state="timed_out", ended_at=timezone.now())
    sessions.announce_state(queued.session)
    queued.refresh_from_db()
    assert (queued.state, queued.problem) == ("rejected", "session_over")


def test_an_agent_whose_sessions_end_was_not_heard_is_rejected_by_the_sweep(queued, redis_client):
    BrowserSession.objects.filter(pk=queued.session_id).update(state="closed", ended_at=timezone.now())
    sweep()
    queued.refresh_from_db()
    assert (queued.state, queued.problem) == ("rejected", "session_over")


def test_running_agents_are_left_alone_when_their_session_ends(bob):
    session = make_session(bob.workspace, bob.user)
    agents = [make_agent(session, bob.user, state=state) for state in ("sending", "unknown", "active", "closed")]
    BrowserSession.objects.filter(pk=session.pk).update(state="closed", ended_at=timezone.now())
    sessions.announce_state(session)
    sweep()
    for agent in agents:
        before = agent.state
        agent.refresh_from_db()
        assert agent.state == before
