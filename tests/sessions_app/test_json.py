"""A session as JSON: the API's names, ours beside them."""

import pytest

from tests.factories import make_agent, make_session, record_run_steps
from tests.scripted_api import session_body
from tests.step_items import agent_step_items

API = {
    "session_id", "status", "error", "steps", "created_at", "closed_at", "last_accessed_at", "duration", "idle_timeout_minutes",
    "max_duration_minutes", "proxies", "browser_type", "use_file_storage", "network_request_bytes", "network_response_bytes",
    "user_agent", "viewport_width", "viewport_height", "headless", "solve_captchas", "web_bot_auth",
}  # fmt: skip
OURS = {
    "kind", "uuid", "state", "remote_status", "problem", "problem_detail", "reasons", "request", "started_by", "requested_at",
    "active_at", "ended_at", "stop_requested_at", "stale_since", "last_seq", "last_url", "last_title", "drives", "agents",
}  # fmt: skip


@pytest.fixture
def session(bob):
    remote = {name: value for name, value in session_body("s-1").items() if name in API and name != "steps"}
    run = make_session(bob.workspace, bob.user, session_id="s-1", remote=remote, request={"cdp_url": {"$secret": True}})
    make_agent(run, bob.user)
    return record_run_steps(run, agent_step_items(2))


def as_json(person, session, accept="application/json"):
    return person.client.get(f"/sessions/{session.uuid}/", headers={"Accept": accept})


def test_a_session_has_the_apis_names_and_ours_and_no_others(bob, session):
    answer = as_json(bob, session)
    found = answer.json()
    assert set(found) == API | OURS
    assert (found["session_id"], found["status"], found["state"], found["uuid"]) == ("s-1", "active", "active", str(session.uuid))
    assert found["steps"] == [step.payload for step in session.steps.all()]
    assert found["agents"] == [str(session.agents.get().uuid)]
    assert found["started_by"] == "bob"
    assert "no-store" in answer["Cache-Control"]


def test_what_an_api_adds_is_there_too_but_can_not_replace_ours(bob, session):
    type(session).objects.update(
        remote={"region": "eu", "uuid": "theirs", "state": "theirs", "request": "theirs", "kind": "theirs"}
    )
    found = as_json(bob, session).json()
    assert found["region"] == "eu"
    assert (found["uuid"], found["state"], found["kind"]) == (str(session.uuid), "active", "session")
    assert found["request"] == {"cdp_url": {"$secret": True}}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("image/png", "text/html; charset=utf-8"),
    ],
)
def test_the_form_of_the_answer_follows_the_request(bob, session, accept, kind):
    assert as_json(bob, session, accept)["Content-Type"] == kind


def test_reviewers_read_it_too_and_strangers_do_not(vera, eve, session):
    assert as_json(vera, session).status_code == 200
    assert as_json(eve, session).status_code == 404
