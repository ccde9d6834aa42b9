"""A real server in a thread, on a port that the system chooses, and the client that tests ask it with."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
import uvicorn
from websockets.sync.client import ClientConnection, connect

from notte_dashboard.local_api.app import create_app
from notte_dashboard.local_api.brains.interface import Decision, PageView, Turn
from notte_dashboard.local_api.settings import Settings

KEY = "key-of-the-tests"


class ScriptedBrain:
    """Does what the task says: a JSON list of actions."""

    name = "scripted"

    def __init__(self, task: str, url: str | None) -> None:
        self._actions = json.loads(task)
        self._opened = 1 if url else 0

    def decide(self, view: PageView, history: Sequence[Turn]) -> Decision:
        action = self._actions[len(history) - self._opened]
        if action["type"] == "explode":
            raise LookupError("the brain is confused")
        state = {
            "previous_goal_status": "success",
            "previous_goal_eval": "Done.",
            "page_summary": view.title,
            "relevant_interactions": [],
            "memory": "",
            "next_goal": f"Do {action}",
        }
        return Decision(state, action_on(view, action))


def action_on(view: PageView, action: dict[str, Any]) -> dict[str, Any]:
    """Scripts name elements, since ids are only known once the page is seen."""
    wanted = action.get("element")
    if wanted is None:
        return action
    element = next(element for element in view.elements if element.name == wanted)
    return {key: value for key, value in action.items() if key != "element"} | {"id": element.id}


@dataclass
class LocalApi:
    settings: Settings
    server: uvicorn.Server
    thread: threading.Thread
    http: httpx.Client

    @property
    def url(self) -> str:
        return self.settings.base_url

    def post(self, path: str, body: Any = None) -> httpx.Response:
        return self.http.post(path, json={} if body is None else body)

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def delete(self, path: str) -> httpx.Response:
        return self.http.delete(path)

    def start_session(self, **fields: Any) -> str:
        answer = self.post("/sessions/start", fields)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["session_id"])

    def start_agent(self, session_id: str, actions: Any, **fields: Any) -> str:
        task = actions if isinstance(actions, str) else json.dumps(actions)
        answer = self.post("/agents/start", {"task": task, "session_id": session_id, **fields})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["agent_id"])

    def session_when(self, session_id: str, check: Callable[[dict[str, Any]], bool], seconds: float = 60) -> dict[str, Any]:
        return _when(lambda: self.get(f"/sessions/{session_id}").json(), check, seconds)

    def agent_when_acting(self, agent_id: str, seconds: float = 60) -> dict[str, Any]:
        """It has decided on an action, which is being done."""
        return _when(lambda: self.get(f"/agents/{agent_id}").json(), _is_acting, seconds)

    def agent_when_closed(self, agent_id: str, seconds: float = 60) -> dict[str, Any]:
        return _when(lambda: self.get(f"/agents/{agent_id}").json(), lambda agent: agent["status"] == "closed", seconds)

    def token(self, session_id: str) -> str:
        url = self.get(f"/sessions/{session_id}").json()["viewer_url"]
        return str(httpx.URL(url).params["token"])

    def socket(self, path: str, **options: Any) -> ClientConnection:
        return connect(f"{self.url.replace('http', 'ws', 1)}{path}", max_size=5_000_000, proxy=None, **options)

    def stop(self) -> None:
        self.http.close()
        self.server.should_exit = True
        self.thread.join(timeout=60)
        assert not self.thread.is_alive(), "the server did not stop"


def _is_acting(agent: dict[str, Any]) -> bool:
    return bool(agent["steps"]) and agent["steps"][-1]["type"] == "agent_completion"


def _when(read: Callable[[], dict[str, Any]], check: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = read()
        if check(answer):
            return answer
        time.sleep(0.05)
    pytest.fail(f"not reached in {seconds} s: { ({key: value for key, value in answer.items() if key != 'steps'}) }")


def serve(settings: Settings, **options: Any) -> LocalApi:
    """Port 0 in the settings is replaced by the one that the system gives; it must be known before the app is made."""
    listener = socket.create_server((settings.host, settings.port), backlog=512)
    settings = replace(settings, port=listener.getsockname()[1])
    app = create_app(settings, **options)
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.02)
    http = httpx.Client(base_url=settings.base_url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60, trust_env=False)
    return LocalApi(settings, server, thread, http)
