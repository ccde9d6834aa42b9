"""A service that does not know a field of an agent's request: the rest of it can be sent without."""

import pytest

from agents_app.models import AgentRun
from sessions_app.models import BrowserSession
from tests.factories import make_agent, make_session
from tests.html_forms import RenderedForm

REASONS = [{"loc": ["body", "use_vision"], "msg": "Extra inputs are not permitted", "type": "extra_forbidden"}]
REQUEST = {"task": "Look", "use_vision": False, "max_steps": 4}


@pytest.fixture
def rejected(bob):
    def make(session_state="active", **columns):
        session = make_session(bob.workspace, bob.user, session_state, **columns)
        return make_agent(session, bob.user, "rejected", task="Look", request=REQUEST, reasons=REASONS, problem="invalid")

    return make


def without(client, agent):
    return client.post(f"/agents/{agent.uuid}/without/?field=use_vision")


def test_the_rest_starts_in_the_same_session(bob, rejected):
    agent = rejected()
    assert f"/agents/{agent.uuid}/without/?field=use_vision" in bob.client.get(agent.get_absolute_url()).content.decode()
    answer = without(bob.client, agent)
    new = AgentRun.objects.exclude(pk=agent.pk).get()
    assert answer["Location"] == new.get_absolute_url()
    assert (new.session, new.request, new.task) == (agent.session, {"task": "Look", "max_steps": 4}, "Look")


def test_after_the_end_of_its_session_it_gets_one_like_it(bob, rejected):
    agent = rejected("closed", request={"idle_timeout_minutes": 7})
    without(bob.client, agent)
    new = AgentRun.objects.exclude(pk=agent.pk).get()
    assert new.session != agent.session
    assert (new.session.request, new.session.state) == ({"idle_timeout_minutes": 7}, "queued")


def test_asking_twice_is_one_agent(bob, rejected):
    agent = rejected("closed")
    for _ in range(2):
        without(bob.client, agent)
    assert (AgentRun.objects.count(), BrowserSession.objects.count()) == (2, 2)


def test_others_may_not(as_, rejected):
    agent = rejected()
    assert {name: without(as_(name), agent).status_code for name in ("vera", "eve", "nobody")} == {
        "vera": 403,
        "eve": 404,
        "nobody": 302,
    }
    assert AgentRun.objects.count() == 1


def test_a_repeat_shows_the_apis_reasons_at_the_fields(bob, rejected):
    drawn = RenderedForm(bob.client.get(f"/agents/start/?from={rejected().uuid}").content.decode())
    assert drawn.error_of("use_vision") == "Extra inputs are not permitted"
    assert (drawn.values["task"], drawn.values["max_steps"]) == ("Look", "4")
