"""A loopback API that answers real requests as a test scripts it, and remembers what it was asked."""

import json
import socket
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.ports import refusing_port

CUT = "cut"
"""The answer that never comes: the connection ends after the request was read."""
KEY = "upstream-key-1234567890"


@dataclass
class Asked:
    method: str
    path: str
    query: str
    body: Any
    headers: dict[str, str]


@dataclass
class ScriptedApi:
    """`say` queues answers for one operation; the last one stays."""

    answers: dict[tuple[str, str], list[Any]] = field(default_factory=lambda: defaultdict(list))
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def say(self, method: str, path: str, *answers: Any) -> None:
        """Each a JSON body (then 200), `(status, body)`, `(status, body, headers)`, CUT, or a call that answers one of them."""
        self.answers[method, path] = list(answers)

    def next_answer(self, method: str, path: str) -> Any:
        queue = self.answers.get((method, path)) or [(404, {"message": f"nothing scripted for {method} {path}"})]
        return queue.pop(0) if len(queue) > 1 else queue[0]

    def requests(self, method: str, path: str) -> list[Asked]:
        return [each for each in self.asked if (each.method, each.path) == (method, path)]

    def start(self) -> "ScriptedApi":
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": self}))
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        return self

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    api: ScriptedApi

    def _answer(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.api.asked.append(Asked(self.command, path, query, json.loads(body) if body else None, headers))
        said = self.api.next_answer(self.command, path)
        if callable(said):
            said = said()
        if said == CUT:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        status, content, *more = said if isinstance(said, tuple) else (200, said)
        encoded = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(encoded)), **dict(*more)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(encoded)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the standard library's names

    def log_message(self, *_: Any) -> None:
        """Tests read `asked` instead."""


def session_body(session_id: str = "s-1", **fields: Any) -> dict[str, Any]:
    return {
        "session_id": session_id,
        "status": "active",
        "idle_timeout_minutes": 4,
        "max_duration_minutes": 21,
        "created_at": "2026-05-20T09:15:02.100000Z",
        "closed_at": None,
        "last_accessed_at": "2026-05-20T09:16:00Z",
        "duration": "PT41.286072S",
        "error": None,
        "steps": [],
        "proxies": False,
        "browser_type": "chromium",
        "use_file_storage": True,
        "network_request_bytes": 12_345,
        "network_response_bytes": 6_789_000,
        "user_agent": "Agent/7.0",
        "viewport_width": 1280,
        "viewport_height": 720,
        "headless": True,
        "solve_captchas": False,
        "web_bot_auth": True,
        "cdp_url": "wss://api.example/debug?token=cdp-jwt-canary",
        "viewer_url": "https://viewer.example/v?jwt=viewer-jwt-canary",
        **fields,
    }


def agent_body(agent_id: str = "a-1", session_id: str = "s-1", **fields: Any) -> dict[str, Any]:
    return {
        "agent_id": agent_id,
        "session_id": session_id,
        "status": "active",
        "created_at": "2026-05-20T09:15:02Z",
        "closed_at": None,
        "saved": False,
        **fields,
    }


def list_page(*bodies: dict[str, Any], more: bool = False) -> dict[str, Any]:
    """The first page of a list."""
    return {"items": list(bodies), "page": 1, "page_size": 100, "has_next": more, "has_previous": False}


@pytest.fixture
def upstream(settings: Any) -> Iterator[ScriptedApi]:
    """The API of the environment, in this test."""
    api = ScriptedApi().start()
    settings.NOTTE_API_URL, settings.NOTTE_API_KEY = api.url, KEY
    yield api
    api.stop()


@pytest.fixture
def nobody_answers(settings: Any) -> None:
    """The API of the environment refuses connections."""
    settings.NOTTE_API_URL, settings.NOTTE_API_KEY = f"http://127.0.0.1:{refusing_port()}", KEY
