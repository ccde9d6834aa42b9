"""An agent as JSON: the API's names, ours beside them."""

import pytest

from tests.factories import make_agent, make_session, record_run_steps
from tests.scripted_api import agent_body
from tests.step_items import agent_step_items

API = {"agent_id", "session_id", "status", "created_at", "closed_at", "saved", "task", "url", "success", "answer", "steps"}
OURS = {
    "kind", "uuid", "state", "remote_status", "outcome", "problem", "problem_detail", "reasons", "request", "progress",
    "max_steps", "started_by", "requested_at", "active_at", "ended_at", "stop_requested_at", "stale_since", "last_seq",
    "last_url", "last_title", "session",
}  # fmt: skip


@pytest.fixture
def agent(bob):
    columns = {"agent_id": "a-1", "remote": agent_body("a-1"), "success": True, "answer": "42", "state": "closed"}
    return record_run_steps(
        make_agent(make_session(bob.workspace, bob.user, session_id="s-1"), bob.user, **columns), agent_step_items(2)
    )


def as_json(person, agent, accept="application/json"):
    return person.client.get(f"/agents/{agent.uuid}/", headers={"Accept": accept})


def test_an_agent_has_the_apis_names_and_ours_and_no_others(bob, agent):
    found = as_json(bob, agent).json()
    assert set(found) == API | OURS
    assert (found["agent_id"], found["session_id"], found["status"]) == ("a-1", "s-1", "closed")
    assert (found["success"], found["answer"], found["outcome"], found["progress"]) == (True, "42", "success", 2)
    assert found["steps"] == [step.payload for step in agent.steps.all()]
    assert (found["session"], found["uuid"]) == (str(agent.session.uuid), str(agent.uuid))


def test_what_an_api_adds_is_there_too_but_can_not_replace_ours(bob, agent):
    type(agent).objects.update(remote={"region": "eu", "uuid": "theirs", "state": "theirs", "request": "theirs"})
    found = as_json(bob, agent).json()
    assert (found["region"], found["uuid"], found["state"]) == ("eu", str(agent.uuid), "closed")


def test_reviewers_read_it_too_and_strangers_do_not(vera, eve, agent):
    assert as_json(vera, agent).status_code == 200
    assert as_json(eve, agent).status_code == 404
