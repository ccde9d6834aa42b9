"""In which session the rest of a refused request is sent: in its own, or in one like it."""

from agents_app.models import AgentRun
from sessions_app.models import BrowserSession
from tests.factories import make_agent, make_session

REASONS = [{"loc": ["body", "use_vision"], "msg": "Extra inputs are not permitted", "type": "extra_forbidden"}]
REQUEST = {"task": "Look", "use_vision": False, "max_steps": 4}


def send_without(bob, session, times=1):
    """Returns the agent that was refused, and the new one."""
    agent = make_agent(session, bob.user, "rejected", task="Look", request=REQUEST, reasons=REASONS, problem="invalid")
    for _ in range(times):
        bob.client.post(f"/agents/{agent.uuid}/without/?field=use_vision")
    return agent, AgentRun.objects.exclude(pk=agent.pk).get()


def test_the_rest_starts_in_the_same_session(bob):
    agent, new = send_without(bob, make_session(bob.workspace, bob.user))
    assert (new.session, new.request, new.task) == (agent.session, {"task": "Look", "max_steps": 4}, "Look")


def test_after_the_end_of_its_session_it_gets_one_like_it(bob):
    agent, new = send_without(bob, make_session(bob.workspace, bob.user, "closed", request={"idle_timeout_minutes": 7}))
    assert new.session != agent.session
    assert (new.session.request, new.session.state) == ({"idle_timeout_minutes": 7}, "queued")


def test_asking_twice_starts_one_session(bob):
    send_without(bob, make_session(bob.workspace, bob.user, "closed"), times=2)
    assert (AgentRun.objects.count(), BrowserSession.objects.count()) == (2, 2)
