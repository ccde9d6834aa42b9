"""What all websockets share: who may open one, and that sending stops when the other side goes away."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from notte_dashboard.local_api.auth import same_key
from notte_dashboard.local_api.parts import Parts

UNAUTHORISED = 4401
UNKNOWN = 4404
UNSUPPORTED = 4501


def admitted(parts: Parts, token: str, session_id: str, *, api_key_too: bool) -> bool:
    if api_key_too and same_key(token, parts.settings.api_key):
        return True
    return parts.tokens.opens(token, session_id)


async def refuse(socket: WebSocket, code: int, reason: str = "") -> None:
    # Accepted first: a refused handshake reaches browsers as 1006, which they retry for ever.
    await socket.accept()
    await socket.close(code, reason)


async def serve(
    socket: WebSocket,
    sending: Coroutine[Any, Any, None],
    on_message: Callable[[str], Awaitable[None]] | None = None,
) -> None:
    """Sends until it is done or the client is gone, reading meanwhile: only reading notices that a client has left."""
    sender = asyncio.ensure_future(sending)
    reader = asyncio.ensure_future(_read(socket, on_message))
    try:
        done, _ = await asyncio.wait({sender, reader}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            _raise_unless_gone(task)
    finally:
        for task in (sender, reader):
            task.cancel()
        await asyncio.gather(sender, reader, return_exceptions=True)


async def _read(socket: WebSocket, on_message: Callable[[str], Awaitable[None]] | None) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text")
        if on_message is not None and text is not None:
            await on_message(text)


def _raise_unless_gone(task: "asyncio.Future[None]") -> None:
    error = task.exception()
    if error is not None and not isinstance(error, WebSocketDisconnect | RuntimeError):
        raise error
