"""The start form of agents: a task, and the right session."""

from uuid import uuid4

import pytest

from agents_app.models import AgentRun
from sessions_app.models import BrowserSession
from tests.factories import make_session
from tests.html_forms import RenderedForm


def start(person, **typed):
    return person.client.post("/agents/start/", {"task": "Find the price", **typed})


def test_a_task_is_required(bob):
    answer = bob.client.post("/agents/start/", {})
    assert answer.status_code == 422
    assert "required" in RenderedForm(answer.content.decode()).error_of("task")


def test_an_agent_on_a_new_session_brings_one(bob):
    answer = start(bob, max_steps="5", url="https://shop.example")
    agent = AgentRun.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/agents/{agent.uuid}/")
    assert agent.request == {"task": "Find the price", "max_steps": 5, "url": "https://shop.example"}
    assert (agent.task, agent.url, agent.max_steps) == ("Find the price", "https://shop.example", 5)
    assert agent.session == BrowserSession.objects.get()
    assert (agent.session.state, agent.session.request, agent.session.started_by) == ("queued", {}, bob.user)


def test_an_agent_on_a_running_session_takes_it(bob):
    session = make_session(bob.workspace, bob.user)
    start(bob, session_id=session.session_id)
    assert AgentRun.objects.get().session == session
    assert BrowserSession.objects.count() == 1


def test_only_running_sessions_of_the_workspace_are_offered(bob, eve):
    mine = make_session(bob.workspace, bob.user)
    make_session(eve.workspace, eve.user)
    for state in ("queued", "unknown", "stopping", "closed"):
        make_session(bob.workspace, bob.user, state=state)
    drawn = RenderedForm(bob.client.get("/agents/start/").content.decode())
    assert drawn.options["session_id"] == ["", mine.session_id]


@pytest.mark.parametrize("state", ["stopping", "closed", "error"])
def test_a_session_that_ended_meanwhile_is_told_at_its_field(bob, state):
    session = make_session(bob.workspace, bob.user, state=state)
    answer = start(bob, session_id=session.session_id)
    drawn = RenderedForm(answer.content.decode())
    assert answer.status_code == 422
    assert drawn.error_of("session_id")
    assert drawn.values["task"] == "Find the price"
    assert not AgentRun.objects.exists()


def test_a_foreign_session_can_not_be_used(bob, eve):
    foreign = make_session(eve.workspace, eve.user)
    assert start(bob, session_id=foreign.session_id).status_code == 422
    assert not AgentRun.objects.exists()


def test_the_session_one_comes_from_is_chosen(bob):
    session = make_session(bob.workspace, bob.user)
    drawn = RenderedForm(bob.client.get(f"/agents/start/?session={session.uuid}").content.decode())
    assert drawn.values["session_id"] == session.session_id


@pytest.mark.parametrize("told", ["closed", "foreign", "missing", "no uuid"])
def test_a_session_that_can_not_be_used_is_not_chosen(bob, eve, told):
    uuid = {
        "closed": make_session(bob.workspace, bob.user, state="closed").uuid,
        "foreign": make_session(eve.workspace, eve.user).uuid,
        "missing": uuid4(),
        "no uuid": "x",
    }[told]
    drawn = RenderedForm(bob.client.get(f"/agents/start/?session={uuid}").content.decode())
    assert drawn.values["session_id"] == ""
    assert drawn.options["session_id"] == [""]


def test_a_form_with_another_session_is_another_agent(bob):
    session = make_session(bob.workspace, bob.user)
    nonce = uuid4().hex
    places = {start(bob, nonce=nonce, session_id=chosen)["Location"] for chosen in ("", session.session_id)}
    assert len(places) == AgentRun.objects.count() == 2


def test_credentials_in_a_start_url_are_shown_nowhere(bob):
    start(bob, url="https://user:canary-pw@shop.example/")
    agent = AgentRun.objects.get()
    assert "canary-pw" not in repr(AgentRun.objects.values().get())
    assert agent.url == ""
