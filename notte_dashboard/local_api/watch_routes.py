"""The viewer page and the websockets that carry the live picture."""

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response, WebSocket

from notte_dashboard.local_api.input import Input
from notte_dashboard.local_api.parts import Parts, PartsOf
from notte_dashboard.local_api.screencast import Audience, Watcher
from notte_dashboard.local_api.session import Session
from notte_dashboard.local_api.sockets import UNAUTHORISED, UNKNOWN, UNSUPPORTED, admitted, refuse, serve

router = APIRouter()

_FILES = Path(__file__).parent / "viewer"
_TYPES = {"index.html": "text/html", "viewer.js": "text/javascript", "viewer.css": "text/css"}
_MESSAGE_LIMIT = 4000


@router.get("/viewer")
@router.get("/viewer/")
async def viewer_page(request: Request, parts: PartsOf) -> Response:
    return _file("index.html", {"Content-Security-Policy": _policy(request.headers["host"], parts)})


@router.get("/viewer/{name}")
async def viewer_file(name: str) -> Response:
    if name not in _TYPES:
        return Response(status_code=404)
    return _file(name, {})


def _file(name: str, headers: dict[str, str]) -> Response:
    always = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
    return Response((_FILES / name).read_bytes(), media_type=_TYPES[name], headers={**always, **headers})


def _policy(host: str, parts: Parts) -> str:
    """Names the origin instead of 'self': the page is in a sandbox, with an origin of its own that nothing matches."""
    ancestors = ["http://localhost:*", "http://127.0.0.1:*", *parts.settings.dashboard_origins]
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src http://{host}/viewer/viewer.js",
            f"style-src http://{host}/viewer/viewer.css",
            f"connect-src ws://{host}",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {' '.join(ancestors)}",
            "sandbox allow-scripts",
        )
    )


@router.websocket("/viewer/live")
async def viewer_live(socket: WebSocket, parts: PartsOf, session: str = "", token: str = "", interactive: str = "0") -> None:
    live = await _admitted_session(socket, parts, session, token)
    if live is None:
        return
    await socket.accept()
    watcher = Watcher(Audience.VIEWER)
    pointer = Input(live) if interactive == "1" else None

    async def on_message(text: str) -> None:
        message = _message(text)
        if message.get("type") == "drawn":
            watcher.confirm()
        elif pointer is not None:
            await pointer.apply(message)

    await _stream(socket, live, watcher, on_message)


@router.websocket("/sessions/{session_id}/debug/recording")
async def recording(socket: WebSocket, session_id: str, parts: PartsOf, token: str = "") -> None:
    await _events(socket, parts, session_id, token, Audience.RECORDING)


@router.websocket("/sessions/{session_id}/debug/logs")
async def session_logs(socket: WebSocket, session_id: str, parts: PartsOf, token: str = "") -> None:
    await _events(socket, parts, session_id, token, Audience.LOGS)


@router.websocket("/sessions/{session_id}/debug")
async def cdp(socket: WebSocket, session_id: str, parts: PartsOf, token: str = "") -> None:
    """Chromium is driven over a pipe, which no page and no other program of this machine can reach."""
    if await _admitted_session(socket, parts, session_id, token) is not None:
        await refuse(socket, UNSUPPORTED, "The local API offers no CDP connection.")


async def _events(socket: WebSocket, parts: Parts, session_id: str, token: str, audience: Audience) -> None:
    live = await _admitted_session(socket, parts, session_id, token)
    if live is not None:
        await socket.accept()
        await _stream(socket, live, Watcher(audience), None)


async def _admitted_session(socket: WebSocket, parts: Parts, session_id: str, token: str) -> Session | None:
    if not admitted(parts, token, session_id, api_key_too=False):
        await refuse(socket, UNAUTHORISED, "This link is not valid any more.")
        return None
    live = parts.sessions.active(session_id)
    if live is None:
        await refuse(socket, UNKNOWN, "The session has ended.")
    return live


async def _stream(socket: WebSocket, session: Session, watcher: Watcher, on_message: Any) -> None:
    session.screencast.join(watcher)
    session.announce()
    try:
        await serve(socket, _send(socket, watcher), on_message)
    finally:
        session.screencast.leave(watcher)


async def _send(socket: WebSocket, watcher: Watcher) -> None:
    while (item := await watcher.next()) is not None:
        if isinstance(item, bytes):
            await socket.send_bytes(item)
        else:
            await socket.send_text(json.dumps(item))
    await socket.close(1000)


def _message(text: str) -> dict[str, Any]:
    if len(text) > _MESSAGE_LIMIT:
        return {}
    try:
        message = json.loads(text)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
