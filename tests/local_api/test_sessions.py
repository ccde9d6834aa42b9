import json
from collections.abc import Callable
from pathlib import Path

import pytest

from notte_dashboard.notte_api.generated import PaginatedResponseSessionResponse, SessionDebugResponse, SessionResponse
from tests.local_api.serving import LocalApi

pytestmark = pytest.mark.chromium


def goto(url: str) -> dict[str, str]:
    return {"type": "goto", "url": url}


def run(api: LocalApi, session_id: str, *actions: dict[str, object]) -> list[dict[str, object]]:
    """The results of actions, by an agent that then completes."""
    done = {"type": "completion", "success": True, "answer": "done"}
    agent = api.agent_when_closed(api.start_agent(session_id, [*actions, done]))
    return [step["value"] for step in agent["steps"] if step["type"] == "execution_result"][:-1]


def test_a_session_starts_is_read_listed_and_stops(local_api: LocalApi):
    started = local_api.post("/sessions/start/", {}).json()
    session_id = started["session_id"]

    session = SessionResponse.model_validate(started)
    assert (session.status, session.closed_at, session.error, session.steps) == ("active", None, None, [])
    assert (session.idle_timeout_minutes, session.max_duration_minutes) == (3, 15)
    assert session.use_file_storage is False
    assert session.cdp_url is None
    assert started["viewer_url"].startswith(f"{local_api.url}/viewer/?session={session_id}&token=")
    assert local_api.settings.api_key not in json.dumps(started)
    assert local_api.get(f"/sessions/{session_id}/").json()["status"] == "active"
    page = PaginatedResponseSessionResponse.model_validate(local_api.get("/sessions").json())
    assert [item.session_id for item in page.items] == [session_id]

    stopped = local_api.delete(f"/sessions/{session_id}/stop?close_reason=manual")
    assert (stopped.status_code, stopped.json()["status"], stopped.json()["error"]) == (200, "closed", None)
    assert SessionResponse.model_validate(stopped.json()).closed_at is not None
    assert stopped.json()["viewer_url"] is None
    again = local_api.delete(f"/sessions/{session_id}/stop/").json()
    assert again == stopped.json()
    assert local_api.get("/sessions").json()["items"] == []


def test_an_unknown_session_is_a_404_everywhere(local_api: LocalApi):
    answers = [local_api.get("/sessions/x"), local_api.delete("/sessions/x/stop"), local_api.get("/sessions/x/debug")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert answers[0].json() == {"status": 404, "message": "There is no such session.", "detail": "There is no such session."}


def test_what_the_start_asked_for_is_what_the_page_sees(local_api: LocalApi):
    headers, agent = {"X-Team": "harbour"}, "Harbour/1.0"
    session_id = local_api.start_session(
        viewport_width=641, viewport_height=481, user_agent=agent, extra_http_headers=headers, chrome_args=["--lang=de-AT"]
    )
    run(local_api, session_id, goto(f"{local_api.url}/demo/"))

    session = local_api.get(f"/sessions/{session_id}").json()
    view = [step["value"] for step in session["steps"] if step["type"] == "observation"][-1]
    assert (session["viewport_width"], session["viewport_height"], session["user_agent"]) == (641, 481, agent)
    assert (view["metadata"]["viewport"]["viewport_width"], view["metadata"]["viewport"]["viewport_height"]) == (641, 481)
    assert session["network_request_bytes"] > 300
    assert session["network_response_bytes"] > 1000


@pytest.mark.parametrize(("ratio", "size"), [("16:9", (1280, 720)), ("5:4", (1280, 1024))])
def test_an_aspect_ratio_is_a_viewport_of_that_shape(local_api: LocalApi, ratio: str, size: tuple[int, int]):
    session = local_api.get(f"/sessions/{local_api.start_session(aspect_ratio=ratio)}").json()

    assert (session["viewport_width"], session["viewport_height"]) == size


def test_debug_names_the_tabs_and_opens_with_its_own_token(local_api: LocalApi):
    session_id = local_api.start_session()
    run(local_api, session_id, goto(f"{local_api.url}/demo/"), {"type": "goto_new_tab", "url": f"{local_api.url}/demo/?second"})

    raw = local_api.get(f"/sessions/{session_id}/debug?update_metadata=False")
    debug = SessionDebugResponse.model_validate(raw.json())
    assert [tab.metadata.url for tab in debug.tabs] == [f"{local_api.url}/demo/", f"{local_api.url}/demo/?second"]
    assert all(url.startswith("ws://127.0.0.1:") and "token=" in url for url in (debug.ws.cdp, debug.ws.recording, debug.ws.logs))
    assert local_api.settings.api_key not in raw.text


def test_the_dashboards_own_pages_cannot_be_reached(local_api: LocalApi):
    session_id = local_api.start_session()
    dashboard = f"http://127.0.0.1:{local_api.settings.dashboard_port}/"
    api = f"{local_api.url}/sessions"

    refused = run(local_api, session_id, goto(dashboard), goto(api), goto("file:///etc/passwd"), goto(f"{local_api.url}/demo/"))

    assert [result["success"] for result in refused] == [False, False, False, True]


def test_too_many_sessions_are_refused_as_overload(start_local_api: Callable[..., LocalApi]):
    api = start_local_api(session_limit=1)
    session_id = api.start_session()

    full = api.post("/sessions/start")
    assert (full.status_code, full.json()["status"]) == (529, 529)
    api.delete(f"/sessions/{session_id}/stop")
    api.start_session()


def test_lists_are_newest_first_and_paged(start_local_api: Callable[..., LocalApi]):
    api = start_local_api()
    started = [api.start_session() for _ in range(3)]
    api.delete(f"/sessions/{started[0]}/stop")

    page = api.get("/sessions/?only_active=False&page=1&page_size=2&unknown=1").json()
    rest = api.get("/sessions?only_active=False&page=2&page_size=2").json()
    active = api.get("/sessions?only_active=True&page_size=10").json()
    assert [item["session_id"] for item in page["items"]] == [started[2], started[1]]
    assert (page["has_next"], page["has_previous"], page["page"], page["page_size"]) == (True, False, 1, 2)
    assert [item["session_id"] for item in rest["items"]] == [started[0]]
    assert (rest["has_next"], rest["has_previous"]) == (False, True)
    assert [item["session_id"] for item in active["items"]] == [started[2], started[1]]
    assert all(item["viewer_url"] is None and "steps" not in item for item in page["items"])
    assert api.get("/sessions?page_size=101").json()["detail"][0]["loc"] == ["query", "page_size"]


def test_without_a_chromium_the_answer_says_what_to_do(start_local_api: Callable[..., LocalApi], tmp_path: Path):
    api = start_local_api(chromium=str(tmp_path / "nothing"))

    answer = api.post("/sessions/start")
    assert answer.status_code == 503
    assert "CHROMIUM" in answer.json()["message"]
    health = api.get("/health").json()["chromium"]
    assert (health["ok"], health["message"]) == (False, answer.json()["message"])


def test_a_chromium_that_does_not_work_is_told_apart(start_local_api: Callable[..., LocalApi], tmp_path: Path):
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)

    answer = start_local_api(chromium=str(broken)).post("/sessions/start")
    assert (answer.status_code, "does not work" in answer.json()["message"]) == (503, True)
