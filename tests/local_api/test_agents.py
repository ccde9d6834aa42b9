import base64
import json
import time
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image

from notte_dashboard.local_api.brains import brain_for
from notte_dashboard.notte_api import generated
from tests.local_api.serving import LocalApi
from tests.local_api.sites import serving

pytestmark = pytest.mark.chromium

DONE = {"type": "completion", "success": True, "answer": "42"}
MODELS = {
    "agent_step_start": generated.AgentStepStart,
    "observation": generated.Observation,
    "agent_completion": generated.AgentCompletion,
    "execution_result": generated.ApiExecutionResponse,
    "agent_step_stop": generated.AgentStepStop,
}


def test_an_agent_answers_and_its_steps_have_the_shapes_of_the_contract(local_api: LocalApi):
    session_id = local_api.start_session()
    body = {"task": json.dumps([{"type": "scroll_down"}, DONE]), "session_id": session_id, "url": f"{local_api.url}/demo/"}
    started = local_api.post("/agents/start/", {**body, "reasoning_model": "local/rules", "use_vision": False}).json()

    response = generated.AgentResponse.model_validate(started)
    assert (response.status, response.session_id, set(started)) == (
        "active",
        session_id,
        set(generated.AgentResponse.model_fields),
    )
    agent = generated.LegacyAgentStatusResponse.model_validate(local_api.agent_when_closed(response.agent_id))
    assert (agent.success, agent.answer, agent.task, agent.url) == (True, "42", body["task"], body["url"])
    steps = agent.steps or []
    assert [step["type"] for step in steps] == list(MODELS) * 3
    for step in steps:
        MODELS[step["type"]].model_validate(step["value"])
    assert [step["value"]["step_number"] for step in steps[::5]] == [0, 1, 2]
    opening = steps[2]["value"]
    assert opening["state"]["previous_goal_eval"] == "Nothing performed yet"
    assert opening["action"] == {"type": "goto", "url": body["url"]}
    assert steps[-3]["value"]["action"] == DONE
    moments = [step["value"].get("started_at") or step["value"]["ended_at"] for step in steps]
    assert all(earlier <= later for earlier, later in pairwise(moments))
    assert local_api.get(f"/sessions/{session_id}").json()["steps"] == steps


def test_observations_show_what_the_page_looked_like(local_api: LocalApi):
    session_id = local_api.start_session(viewport_width=641, viewport_height=481)
    agent = local_api.agent_when_closed(local_api.start_agent(session_id, [DONE], url=f"{local_api.url}/demo/"))

    views = [step["value"] for step in agent["steps"] if step["type"] == "observation"]
    picture = Image.open(BytesIO(base64.b64decode(views[1]["screenshot"]["raw"])))
    assert (picture.format, picture.size) == ("JPEG", (640, 480))
    darkest, lightest = picture.convert("L").getextrema()
    assert lightest - darkest > 100
    assert views[1]["metadata"]["url"] == f"{local_api.url}/demo/"
    assert views[1]["space"]["interaction_actions"]


def test_the_screenshot_type_is_honoured(local_api: LocalApi):
    click = {"type": "click", "element": "Shop"}
    shown: dict[str, dict[str, Any]] = {}
    for kind in ("raw", "full", "last_action"):
        session_id = local_api.start_session(screenshot_type=kind, viewport_width=800, viewport_height=200)
        agent = local_api.agent_when_closed(local_api.start_agent(session_id, [click, DONE], url=f"{local_api.url}/demo/"))
        shown[kind] = [step["value"]["screenshot"] for step in agent["steps"] if step["type"] == "observation"][-1]

    heights = {kind: Image.open(BytesIO(base64.b64decode(picture["raw"]))).size[1] for kind, picture in shown.items()}
    assert heights["raw"] == heights["last_action"] == 200 < heights["full"]
    assert (shown["raw"]["bboxes"], shown["raw"]["last_action_id"]) == ([], None)
    assert shown["last_action"]["last_action_id"]
    boxes = {box["notte_id"]: box for box in shown["last_action"]["bboxes"]}
    touched = generated.BoundingBox.model_validate(boxes[shown["last_action"]["last_action_id"]])
    assert touched.width > 0 < touched.height


def test_the_local_brain_reads_the_demo_site(start_local_api: Callable[..., LocalApi]):
    api = start_local_api(brain_for=brain_for)
    agent_id = api.start_agent(api.start_session(), "What is the title of the page?", url=f"{api.url}/demo/")

    agent = api.agent_when_closed(agent_id)

    titles = {step["value"]["metadata"]["title"] for step in agent["steps"] if step["type"] == "observation"}
    assert agent["success"] is True
    assert any(title and title in agent["answer"] for title in titles)


def test_an_agent_that_continues_knows_what_was_done_from_that_step_on(local_api: LocalApi):
    session_id = local_api.start_session()
    click = {"type": "click", "element": "Shop"}
    first = local_api.agent_when_closed(local_api.start_agent(session_id, [click, DONE], url=f"{local_api.url}/demo/"))
    offset = next(at for at, step in enumerate(first["steps"]) if step["value"].get("action", {}).get("type") == "click")

    told = local_api.agent_when_closed(local_api.start_agent(session_id, [DONE], session_offset=offset))
    fresh = local_api.agent_when_closed(local_api.start_agent(session_id, [DONE]))

    memory, nothing = (
        next(step["value"]["state"]["memory"] for step in agent["steps"] if step["type"] == "agent_completion")
        for agent in (told, fresh)
    )
    assert "Clicked on the element" in memory
    assert f"{local_api.url}/demo/shop" in memory
    assert "Before me" not in nothing


def test_too_few_steps_are_told(local_api: LocalApi):
    agent_id = local_api.start_agent(local_api.start_session(), [{"type": "wait", "time_ms": 1}] * 3, max_steps=2)

    agent = local_api.agent_when_closed(agent_id)
    assert (agent["success"], agent["answer"]) == (False, "Failed to solve task in 2 steps")


def test_a_call_for_help_ends_without_success(local_api: LocalApi):
    agent_id = local_api.start_agent(local_api.start_session(), [{"type": "help", "reason": "Which one?"}])

    agent = local_api.agent_when_closed(agent_id)
    assert (agent["success"], agent["answer"]) == (False, "Agent requested human help: Which one?")


def test_a_brain_that_fails_ends_its_agent_only(local_api: LocalApi):
    session_id = local_api.start_session()
    agent = local_api.agent_when_closed(local_api.start_agent(session_id, [{"type": "explode"}]))

    assert (agent["success"], agent["answer"]) == (False, "Failed due to LookupError: the brain is confused")
    assert [step["type"] for step in agent["steps"]] == ["agent_step_start", "observation", "agent_step_stop"]
    assert local_api.agent_when_closed(local_api.start_agent(session_id, [DONE]))["answer"] == "42"


def test_agents_of_a_session_run_one_after_another_and_count_on(local_api: LocalApi):
    session_id = local_api.start_session()
    first = local_api.start_agent(session_id, [{"type": "wait", "time_ms": 2000}, DONE])

    second = local_api.post("/agents/start", {"task": "[]", "session_id": session_id})
    assert (second.status_code, second.json()["detail"][0]["loc"]) == (422, ["body", "session_id"])
    local_api.agent_when_closed(first)
    later = local_api.agent_when_closed(local_api.start_agent(session_id, [DONE]))
    assert [step["value"]["step_number"] for step in later["steps"] if step["type"] == "agent_step_start"] == [2]
    assert local_api.get(f"/sessions/{session_id}").json()["steps"][10:] == later["steps"]


def test_a_stop_lets_the_running_action_finish(local_api: LocalApi):
    session_id = local_api.start_session()
    agent_id = local_api.start_agent(session_id, [{"type": "wait", "time_ms": 2000}] * 9)
    local_api.agent_when_acting(agent_id)

    assert local_api.delete(f"/agents/{agent_id}/stop").status_code == 422
    assert local_api.delete(f"/agents/{agent_id}/stop?session_id=other").status_code == 404
    stopped = local_api.delete(f"/agents/{agent_id}/stop?session_id={session_id}")

    agent = generated.AgentStatusResponse.model_validate(stopped.json())
    assert (stopped.status_code, agent.status, agent.success) == (200, "closed", False)
    assert [step["type"] for step in agent.steps or []] == list(MODELS)
    assert local_api.get(f"/sessions/{session_id}").json()["status"] == "active"
    assert local_api.delete(f"/agents/{agent_id}/stop?session_id={session_id}").json() == stopped.json()


def test_stopping_the_session_stops_its_agent_at_once(local_api: LocalApi):
    session_id = local_api.start_session()
    agent_id = local_api.start_agent(session_id, [{"type": "wait", "time_ms": 20000}])
    local_api.agent_when_acting(agent_id)

    began = time.monotonic()
    local_api.delete(f"/sessions/{session_id}/stop")

    assert time.monotonic() - began < 15
    agent = local_api.get(f"/agents/{agent_id}").json()
    assert (agent["status"], agent["success"]) == ("closed", False)
    assert agent["answer"] == "Failed due to the end of the session: The session was stopped."


def test_an_agent_needs_an_active_session(local_api: LocalApi):
    session_id = local_api.start_session()
    local_api.delete(f"/sessions/{session_id}/stop")

    answer = local_api.post("/agents/start", {"task": "x", "session_id": session_id})
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["body", "session_id"])
    assert local_api.get("/agents/unknown").status_code == 404


def test_agents_are_listed_newest_first(start_local_api: Callable[..., LocalApi]):
    api = start_local_api()
    session_id = api.start_session()
    done = api.start_agent(session_id, [DONE])
    api.agent_when_closed(done)
    running = api.start_agent(session_id, [{"type": "wait", "time_ms": 20000}])

    everything = generated.PaginatedResponseAgentResponse.model_validate(api.get("/agents/?only_active=False").json())
    assert [item.agent_id for item in everything.items] == [running, done]
    assert [item["agent_id"] for item in api.get("/agents?only_active=True&only_saved=False").json()["items"]] == [running]
    assert api.get("/agents?only_saved=true").json()["items"] == []


def test_a_typed_password_is_nowhere_in_the_steps(local_api: LocalApi):
    password = "correct-horse-canary"
    page = (
        "<title>Sign in</title><label>Password <input type=password></label>"
        "<p id=echo></p><script>addEventListener('input', e => echo.textContent = 'You typed ' + e.target.value)</script>"
    )
    with serving(page) as site:
        session_id = local_api.start_session()
        fill = {"type": "fill", "element": "Password", "value": password}
        closing = {"type": "completion", "success": True, "answer": f"It is {password}"}
        agent = local_api.agent_when_closed(local_api.start_agent(session_id, [fill, closing], url=site.url))

    told = {**agent, "task": ""}
    results = [step["value"] for step in agent["steps"] if step["type"] == "execution_result"]
    assert results[1]["success"] is True
    assert password not in json.dumps(told)
    assert password not in local_api.get(f"/sessions/{session_id}").text
    assert "You typed" in json.dumps(agent["steps"])
