"""A page with the real scripts and fragments on a real HTTP server and a real websocket that a test speaks through."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self
from urllib.parse import parse_qs

import uvicorn
from django.conf import settings
from django.template.loader import render_to_string

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def run_facts(**facts: Any) -> SimpleNamespace:
    plain = {
        "uuid": "11111111-1111-1111-1111-111111111111",
        "kind": "agent",
        "state": "active",
        "display_status": "active",
        "status_label": "Active",
        "tone": "live",
        "is_over": False,
        "last_url": "",
    }
    return SimpleNamespace(**{**plain, **facts})


def card(number: int, first_seq: int, *kinds: str, goal: str = "") -> str:
    items = [
        {"seq": first_seq + index, "kind": kind, "goal": goal, "url": f"https://shop.example/{number}", "raw": "{}"}
        for index, kind in enumerate(kinds)
    ]
    context = {"number": number, "heading": f"Step {number}", "tone": "good", "items": items, "duration": timedelta(seconds=1)}
    # Templates ask a mapping for its own `items` first, an object for the attribute.
    return render_to_string("partials/step_card.html", {"card": SimpleNamespace(**context)})


def status(label: str, state: str) -> dict[str, str]:
    run = run_facts(status_label=label, state=state, display_status=state)
    return {"id": "status", "html": render_to_string("partials/status.html", {"run": run})}


def static_file(path: str) -> tuple[str, bytes]:
    file = Path(settings.BASE_DIR, path.lstrip("/"))
    return TYPES[file.suffix], file.read_bytes()


class Line:
    """One accepted socket, from the server's side."""

    def __init__(self, after: int, send: Any) -> None:
        self.after, self._send = after, send
        self.gone = asyncio.Event()

    async def say(self, kind: str, **more: Any) -> None:
        await self._send({"type": "websocket.send", "text": json.dumps({"kind": kind, **more})})

    async def hang_up(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code})
        self.gone.set()


class ServedPage:
    def __init__(self) -> None:
        self.lines: asyncio.Queue[Line] = asyncio.Queue()
        self.posts: list[str] = []
        self.cards: list[str] = []
        self.last_seq = 0

    async def __aenter__(self) -> Self:
        config = uvicorn.Config(self.answer, port=0, log_level="error", lifespan="off", interface="asgi3", ws="websockets-sansio")
        self.server = uvicorn.Server(config)
        self.serving = asyncio.create_task(self.server.serve())
        while not self.server.started:  # noqa: ASYNC110  the server offers no event
            await asyncio.sleep(0.01)
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.should_exit = self.server.force_exit = True
        await self.serving

    async def line(self) -> Line:
        return await asyncio.wait_for(self.lines.get(), 60)

    def page(self) -> str:
        run = run_facts()
        context = {"run": run, "socket_path": "/ws/run/", "last_seq": self.last_seq, **self.context()}
        around = ("partials/status.html", "partials/live_socket.html", "partials/timing_strip.html", "partials/dialogs.html")
        body = "".join(render_to_string(part, context) for part in around)
        columns = "".join(render_to_string(f"partials/{part}.html", context) for part in ("splitter", "timeline_panel"))
        body += f'<div class="run-columns"><div id="run-left">Browser</div>{columns}</div>'
        return (
            '<!DOCTYPE html><html lang="en"><head><title>Active · A run · Notte Dashboard</title>'
            '<link rel="icon" href="/static/img/favicon.svg"><script src="/static/js/theme.js"></script>'
            f'<link rel="stylesheet" href="/static/dist/app.css">{render_to_string("partials/run_files.html")}'
            '<script src="/static/dist/app.js" defer></script></head>'
            f'<body><main><output id="location"></output><a id="stop" href="/stop" data-confirm="Stop?">Stop</a>{body}</main>'
            f'<div id="toasts" role="status"></div></body></html>'
        )

    async def answer(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._follow(scope, receive, send)
            return
        if scope["method"] == "POST":
            self.posts.append(scope["path"])
            await _send(send, 204, "text/plain", b"")
        elif scope["path"].startswith("/static/"):
            await _send(send, 200, *static_file(scope["path"]))
        elif scope["path"].startswith("/steps/"):
            html = self.fragment(scope["path"], scope["query_string"].decode())
            await _send(send, 200, "text/html; charset=utf-8", html.encode())
        else:
            await _send(send, 200, "text/html; charset=utf-8", self.page().encode())

    def context(self) -> dict[str, Any]:
        """What the page shows from the start; of a subclass."""
        return {}

    def fragment(self, path: str, query: str) -> str:
        """What the page asks for later; of a subclass."""
        raise NotImplementedError

    async def _follow(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        line = Line(int(parse_qs(scope["query_string"].decode())["after"][0]), send)
        await self.lines.put(line)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        line.gone.set()


async def _send(send: Any, code: int, kind: str, body: bytes) -> None:
    headers = [(b"content-type", kind.encode()), (b"content-security-policy", POLICY.encode())]
    await send({"type": "http.response.start", "status": code, "headers": headers})
    await send({"type": "http.response.body", "body": body})
