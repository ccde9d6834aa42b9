"""The start form of agents: errors at their fields, what was typed stays, one wish is one run, in the right session."""

from uuid import uuid4

import pytest

from agents_app.models import AgentRun
from sessions_app.models import BrowserSession
from tests.factories import make_agent, make_session
from tests.html_forms import RenderedForm

WRONG = {
    "max_steps": "many",
    "use_vision": "perhaps",
    "response_format": "{not json",
    "notifier_config": '"no map"',
    "session_offset": "x",
    "session_id": "of-somebody-else",
}


def start(person, **typed):
    return person.client.post("/agents/start/", {"task": "Find the price", **typed})


def test_the_form_shows_every_field_of_the_contract(bob):
    from notte_dashboard.schema_forms.contract import contract  # noqa: PLC0415

    drawn = RenderedForm(bob.client.get("/agents/start/").content.decode())
    names = {name.partition("-")[0] for name in drawn.values}
    assert set(contract()["components"]["schemas"]["ApiAgentStartRequest"]["properties"]) <= names
    assert len(drawn.values["nonce"]) == 32


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_told_at_its_field_and_stays(bob, name):
    answer = start(bob, **{"url": "https://shop.example", "nonce": "kept-nonce", name: WRONG[name]})
    drawn = RenderedForm(answer.content.decode())
    assert answer.status_code == 422
    assert drawn.error_of(name)
    assert drawn.attrs[name]["aria-invalid"] == "true"
    assert drawn.values[name] == WRONG[name]
    assert (drawn.values["task"], drawn.values["url"]) == ("Find the price", "https://shop.example")
    assert drawn.values["nonce"] == "kept-nonce"
    assert not AgentRun.objects.exists()
    assert not BrowserSession.objects.exists()


def test_all_errors_are_told_at_once_and_everything_stays(bob):
    typed = {**WRONG, "task": ""}
    drawn = RenderedForm(bob.client.post("/agents/start/", typed).content.decode())
    assert {name: bool(drawn.error_of(name)) for name in typed} == dict.fromkeys(typed, True)
    assert {name: drawn.values[name] for name in typed} == typed
    assert len(set(drawn.ids)) == len(drawn.ids)
    assert "Nothing was started" in drawn.texts["form-errors"]


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


def test_a_form_sent_twice_is_one_agent_and_one_session(bob, committed, redis_client):
    nonce = uuid4().hex
    with committed():
        places = {start(bob, nonce=nonce)["Location"] for _ in range(3)}
    assert len(places) == AgentRun.objects.count() == BrowserSession.objects.count() == 1
    assert redis_client.llen("celery") == 2


def test_a_form_that_was_gone_back_to_and_changed_is_another_agent(bob):
    session = make_session(bob.workspace, bob.user)
    nonce = uuid4().hex
    typed = [{"task": "One"}, {"task": "Two"}, {"task": "Two", "session_id": session.session_id}]
    places = {start(bob, nonce=nonce, **each)["Location"] for each in typed}
    assert len(places) == AgentRun.objects.count() == 3


def test_long_nonces_that_begin_alike_share_no_session(bob):
    for end in "ab":
        start(bob, nonce="x" * 63 + end)
    assert AgentRun.objects.count() == BrowserSession.objects.count() == 2


def test_htmx_is_told_where_the_agent_is(bob):
    answer = bob.client.post("/agents/start/", {"task": "x"}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == AgentRun.objects.get().get_absolute_url()


def test_running_again_fills_the_form_without_secrets(bob):
    request = {"task": "Old task", "max_steps": 7, "url": {"$secret": True}, "notifier_config": {"type": {"$secret": True}}}
    agent = make_agent(make_session(bob.workspace, bob.user), bob.user, request=request)
    html = bob.client.get(f"/agents/start/?from={agent.uuid}").content.decode()
    drawn = RenderedForm(html)
    assert (drawn.values["task"], drawn.values["max_steps"], drawn.values["url"]) == ("Old task", "7", "")
    assert "$secret" not in html


def test_running_again_a_foreign_agent_is_an_empty_form(bob, eve):
    foreign = make_agent(make_session(eve.workspace, eve.user), eve.user, task="Their task")
    assert "Their task" not in bob.client.get(f"/agents/start/?from={foreign.uuid}").content.decode()


def test_credentials_in_a_start_url_are_shown_nowhere(bob):
    start(bob, url="https://user:canary-pw@shop.example/")
    agent = AgentRun.objects.get()
    assert "canary-pw" not in repr(AgentRun.objects.values().get())
    assert agent.url == ""
