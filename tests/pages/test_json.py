"""A run as JSON: the API's names, ours beside them."""

import pytest

from tests.factories import make_agent, record_run_steps
from tests.step_items import agent_step_items

API = {
    "session": {
        "session_id", "status", "error", "steps", "created_at", "closed_at", "last_accessed_at", "duration",
        "idle_timeout_minutes", "max_duration_minutes", "proxies", "browser_type", "use_file_storage", "network_request_bytes",
        "network_response_bytes", "user_agent", "viewport_width", "viewport_height", "headless", "solve_captchas", "web_bot_auth",
    },
    "agent": {
        "agent_id", "session_id", "status", "created_at", "closed_at", "saved", "task", "url", "success", "answer", "steps",
    },
}  # fmt: skip
OURS = {
    "kind", "uuid", "state", "remote_status", "problem", "problem_detail", "reasons", "request", "started_by", "requested_at",
    "active_at", "ended_at", "stop_requested_at", "stale_since", "last_seq", "last_url", "last_title",
}  # fmt: skip
OURS_OF_KIND = {"session": {"drives", "agents"}, "agent": {"outcome", "progress", "max_steps", "session"}}
REQUESTS = {"session": {"cdp_url": {"$secret": True}}, "agent": {"task": "Find the price", "url": {"$secret": True}}}
COLUMNS = {"session": {}, "agent": {"state": "closed", "success": True, "answer": "42"}}


@pytest.fixture
def run(bob, run_kind):
    """With an answer of the API and two steps; a session with an agent, an agent with its result."""
    remote = {name: value for name, value in run_kind.body().items() if name in API[run_kind.name] - {"steps"}}
    known = {run_kind.remote_id: run_kind.api_id, "remote": remote, "request": REQUESTS[run_kind.name]}
    made = run_kind.make(bob.workspace, bob.user, **{**known, **COLUMNS[run_kind.name]})
    if run_kind.name == "session":
        make_agent(made, bob.user)
    return record_run_steps(made, agent_step_items(2))


def as_json(person, run, accept="application/json"):
    return person.client.get(run.get_absolute_url(), headers={"Accept": accept})


def test_a_run_has_the_apis_names_and_ours_and_no_others(bob, run_kind, run):
    answer = as_json(bob, run)
    facts = answer.json()
    assert set(facts) == API[run_kind.name] | OURS | OURS_OF_KIND[run_kind.name]
    assert (facts[run_kind.remote_id], facts["session_id"]) == (run_kind.api_id, "s-1")
    assert (facts["status"], facts["state"], facts["uuid"], facts["kind"]) == (run.state, run.state, str(run.uuid), run_kind.name)
    assert facts["steps"] == [step.payload for step in run.steps.all()]
    assert facts["started_by"] == "bob"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("run_kind", ["session"], indirect=True)
def test_a_session_names_its_agents(bob, run):
    assert as_json(bob, run).json()["agents"] == [str(run.agents.get().uuid)]


@pytest.mark.parametrize("run_kind", ["agent"], indirect=True)
def test_an_agent_names_its_session_and_its_result(bob, run):
    facts = as_json(bob, run).json()
    assert (facts["success"], facts["answer"], facts["outcome"], facts["progress"]) == (True, "42", "success", 2)
    assert facts["session"] == str(run.session.uuid)


def test_what_an_api_adds_is_there_too_but_can_not_replace_ours(bob, run_kind, run):
    theirs = dict.fromkeys(("uuid", "state", "request", "kind"), "theirs")
    run_kind.model.objects.update(remote={"region": "eu", **theirs})
    facts = as_json(bob, run).json()
    assert facts["region"] == "eu"
    assert (facts["uuid"], facts["state"], facts["kind"]) == (str(run.uuid), run.state, run_kind.name)
    assert facts["request"] == REQUESTS[run_kind.name]


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/json", "application/json"),
        ("application/json, text/html;q=0.5", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("image/png", "text/html; charset=utf-8"),
    ],
)
def test_the_form_of_the_answer_follows_the_request(bob, run, accept, content_type):
    assert as_json(bob, run, accept)["Content-Type"] == content_type


def test_reviewers_read_it_too_and_strangers_do_not(vera, eve, run):
    assert as_json(vera, run).status_code == 200
    assert as_json(eve, run).status_code == 404
