"""Which agent of the API's list a start without an answer was: one in its session."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents_app.services.reconcile import reconcile
from tests.factories import make_agent, make_session
from tests.scripted_api import agent_body, list_page


@pytest.mark.parametrize(("session_id", "adopted"), [("s-1", "a-7"), ("s-2", "")])
def test_an_agent_of_its_session_is_adopted_and_no_other(bob, upstream, session_id, adopted):
    session = make_session(bob.workspace, bob.user, session_id="s-1")
    agent = make_agent(session, bob.user, "unknown", sent_at=timezone.now())
    created_at = (timezone.now() + timedelta(seconds=1)).isoformat()
    upstream.say("GET", "/agents", list_page(agent_body("a-7", session_id, created_at=created_at)))
    reconcile(agent.pk)
    agent.refresh_from_db()
    assert agent.agent_id == adopted
