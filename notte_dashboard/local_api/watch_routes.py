"""The viewer page and the websockets that carry the live picture."""

import asyncio
import json
from typing import Any

from fastapi import APIRouter, Request, Response, WebSocket

from notte_dashboard.local_api.helm import EXPIRED
from notte_dashboard.local_api.parts import Parts, PartsOf
from notte_dashboard.local_api.pilot import Pilot
from notte_dashboard.local_api.screencast import Audience, Watcher
from notte_dashboard.local_api.session import Session
from notte_dashboard.local_api.sockets import UNAUTHORISED, UNKNOWN, UNSUPPORTED, admitted, refuse, serve
from notte_dashboard.local_api.viewer import page

router = APIRouter()

_MESSAGE_LIMIT = 40_000


@router.get("/viewer")
@router.get("/viewer/")
async def viewer_page(request: Request, parts: PartsOf) -> Response:
    headers = {
        "Content-Security-Policy": page.policy(request.headers["host"], parts.settings.dashboard_origins),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(page.HTML, media_type="text/html", headers=headers)


@router.websocket("/viewer/live")
async def viewer_live(
    socket: WebSocket, parts: PartsOf, session: str = "", token: str = "", control: str = "", interactive: str = "0"
) -> None:
    live = await _admitted_session(socket, parts, session, token)
    if live is None:
        return
    await socket.accept()
    watcher = Watcher(Audience.VIEWER)
    wish = parts.tokens.control(control, session) if interactive == "1" else None
    grip = live.helm.take(wish, lambda reason: watcher.tell(_control(held=False, reason=reason))) if wish else None
    if interactive == "1":
        watcher.tell(_control(held=grip is not None, reason="" if grip else EXPIRED))
    pilot = Pilot(live, grip) if grip else None

    async def on_message(text: str) -> None:
        message = _message(text)
        if message.get("type") == "drawn":
            watcher.confirm()
        elif pilot is not None:
            pilot.obey(message)

    working = asyncio.ensure_future(pilot.work()) if pilot else None
    try:
        await _stream(socket, live, watcher, on_message)
    finally:
        if working is not None and grip is not None:
            live.helm.let_go(grip)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)


def _control(*, held: bool, reason: str) -> dict[str, Any]:
    return {"type": "control", "held": held, "reason": reason}


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
