"""From a queued row to what became of it, with an API that answers on a real wire; an agent waits for its session."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from agents_app.models import AgentRun
from agents_app.services.start import send_start
from agents_app.tasks import sweep
from sessions_app.models import BrowserSession
from sessions_app.services import store as sessions
from sessions_app.services.start import send_start as send_session
from tests.factories import make_agent, make_due, make_session
from tests.scripted_api import CUT, agent_body, session_body

START = ("POST", "/agents/start")


@pytest.fixture
def queued(bob):
    session = make_session(bob.workspace, bob.user, session_id="s-1")
    return make_agent(session, bob.user, state="queued", request={"task": "Find the price", "max_steps": 3})


def sent(agent):
    send_start(agent.pk)
    agent.refresh_from_db()
    return agent


def test_an_answered_start_is_active_with_every_field_of_the_answer(queued, upstream):
    upstream.say(*START, agent_body("a-9", "s-1", saved=True, brand_new={"field": [1]}))
    agent = sent(queued)
    assert (agent.state, agent.agent_id, agent.remote_status) == ("active", "a-9", "active")
    assert agent.remote_created_at == datetime(2026, 5, 20, 9, 15, 2, tzinfo=UTC)
    assert (agent.remote_closed_at, agent.saved, agent.success, agent.answer) == (None, True, None, "")
    assert agent.remote["brand_new"] == {"field": [1]}
    assert (agent.attempt, agent.problem, agent.lease_until) == (1, "", None)
    assert upstream.requests(*START)[0].body == {"task": "Find the price", "max_steps": 3, "session_id": "s-1"}


def test_a_start_is_sent_once_however_often_its_task_runs(queued, upstream):
    upstream.say(*START, agent_body())
    for _ in range(3):
        sent(queued)
    assert len(upstream.requests(*START)) == 1


def test_a_refused_start_keeps_the_reasons_and_shows_them(bob, queued, upstream):
    reason = {"loc": ["body", "max_steps"], "msg": "Input should be less than 151", "type": "less_than", "input": 999}
    upstream.say(*START, (422, {"detail": [reason]}))
    agent = sent(queued)
    assert (agent.state, agent.problem) == ("rejected", "invalid")
    assert agent.reasons == [{"loc": ["body", "max_steps"], "msg": "Input should be less than 151", "type": "less_than"}]
    html = bob.client.get(f"/agents/{agent.uuid}/").content.decode()
    assert 'data-problem="invalid"' in html
    assert "Input should be less than 151" in html


@pytest.mark.parametrize(
    ("answer", "state", "problem"),
    [
        ((401, {"message": "no"}), "rejected", "unauthorized"),
        ((404, {"message": "no such session"}), "rejected", "not_found"),
        ((429, {}, {"retry-after": "3"}), "queued", "rate_limited"),
        ((529, {"message": "full"}), "queued", "overloaded"),
        ((500, {"message": "broken"}), "unknown", "server_failed"),
        (CUT, "unknown", "unanswered"),
        ((200, {"no": "id"}), "unknown", "bad_answer"),
    ],
)
def test_every_failure_has_its_state_and_its_problem(queued, upstream, answer, state, problem):
    upstream.say(*START, answer)
    agent = sent(queued)
    assert (agent.state, agent.problem) == (state, problem)
    sweep()
    sent(agent)
    assert len(upstream.requests(*START)) == 1


def test_nobody_at_the_address_means_queued_again_until_ten_minutes_are_over(queued, nobody_answers):
    assert sent(queued).state == "queued"
    make_due(queued)
    assert (sent(queued).state, queued.attempt, queued.problem) == ("queued", 2, "unreachable")
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=True):
        assert (sent(queued).state, queued.problem) == ("not_started", "gave_up")


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


def test_a_status_and_fields_of_a_newer_api_are_kept_and_shown(bob, queued, upstream):
    upstream.say(*START, agent_body(status="thinking", cost={"cents": 3}))
    agent = sent(queued)
    assert (agent.state, agent.remote_status) == ("active", "thinking")
    html = bob.client.get(f"/agents/{agent.uuid}/").content.decode()
    assert "thinking" in html
    assert "&quot;cents&quot;: 3" in html.partition("Also in the API&#x27;s answer")[2]


@pytest.mark.parametrize(
    "odd",
    [
        {"agent_id": "a" * 255, "status": "x" * 5000},
        {"created_at": "9999-12-31T23:59:59-12:00", "saved": "yes"},
        {"answer": {"price": 3}, "success": "perhaps"},
        {"answer": "\x00\ud83d", "task": "\x00", "url": 7},
    ],
)
def test_odd_values_cost_nothing_but_themselves(bob, queued, upstream, odd):
    upstream.say(*START, agent_body(**odd))
    agent = sent(queued)
    assert (agent.state, agent.agent_id) == ("active", odd.get("agent_id", "a-1"))
    assert agent.task == "Find the price"
    for accept in ("text/html", "application/json"):
        assert bob.client.get(f"/agents/{agent.uuid}/", headers={"Accept": accept}).status_code == 200
