"""The API's websockets: an agent's log. It wakes a watch early; the status call stays the source of the steps."""

import logging
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedOK, InvalidStatus, WebSocketException

from notte_dashboard.notte_api.calls import counted
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import BadAnswer, NotteError, Unanswered, Unreachable
from notte_dashboard.notte_api.public import PublicResolver
from notte_dashboard.notte_api.reading import clean, parse
from notte_dashboard.notte_api.refusals import error_from
from notte_dashboard.notte_api.transport import HEADERS, tls_context

MESSAGE_LIMIT = 5 * 1024 * 1024
OPEN_SECONDS = 10.0
PING_SECONDS = 20.0
CLOSE_SECONDS = 2.0
TOO_BIG = 1009

# The library logs the address, and the address holds the token. Outside the tree, no logging configuration revives it.
_silence = logging.Logger(__name__, level=logging.CRITICAL + 1)  # noqa: LOG001
_silence.addHandler(logging.NullHandler())


class _NoRedirects(connect):
    """A redirect would send the token elsewhere."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


async def agent_logs(
    connection: Connection, agent_id: str, session_id: str, token: str, *, opening: bool = False
) -> AsyncIterator[dict[str, Any]]:
    """Every message that is a JSON object, up to and with the one that says the agent stopped. Close the iterator.

    With `opening`, an empty one first, as soon as the socket is open: a quiet agent says nothing for long.
    """
    path = f"/agents/{quote(agent_id, safe='')}/debug/logs"
    address = connection.websocket_url(path, token=token, session_id=session_id)
    with counted("WS /agents/{id}/debug/logs"):
        socket = await _opened(connection, address)
    try:
        if opening:
            yield {}
        async for message in _messages(socket, connection):
            yield message
            if message.get("status") == "agent_stop":
                return
    finally:
        await socket.close()


async def stream_token(client: NotteClient, session_id: str) -> str | None:
    """The session's own token for its logs; None when there is none, or only the API key."""
    address = (await client.session_debug(session_id)).ws.logs
    tokens = parse_qs(urlsplit(address).query).get("token", []) if address else []
    return next((token for token in tokens if not client.connection.carries_key(token)), None)


async def _opened(connection: Connection, address: str) -> ClientConnection:
    try:
        return await _NoRedirects(
            address,
            additional_headers={name: HEADERS[name] for name in ("x-notte-request-origin", "x-notte-sdk-version")},
            user_agent_header=HEADERS["user-agent"],
            compression=None,
            proxy=None,
            ssl=tls_context() if address.startswith("wss:") else None,
            logger=_silence,
            max_size=MESSAGE_LIMIT,
            open_timeout=OPEN_SECONDS,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            close_timeout=CLOSE_SECONDS,
            **await _reached_at(connection),
        )
    # Not chained: the library's exceptions and their frames know the address.
    except (OSError, ValueError, WebSocketException) as error:
        raise _handshake_error(connection, error) from None


async def _reached_at(connection: Connection) -> dict[str, Any]:
    """For an address that must be public: what its name stands for just now, so that nothing else is connected to."""
    if not connection.public_only:
        return {}
    parts = urlsplit(connection.base_url)
    found = await PublicResolver().resolve(str(parts.hostname), parts.port or 443)
    return {"host": found[0]["host"]}


def _handshake_error(connection: Connection, error: Exception) -> NotteError:
    if isinstance(error, InvalidStatus):
        response = error.response
        headers = {name.lower(): value for name, value in response.headers.raw_items()}
        return error_from(connection, response.status_code, headers, bytes(response.body or b""))
    if isinstance(error, OSError):
        return Unreachable(f"The log cannot be reached ({type(error).__name__}).")
    return BadAnswer(f"The log did not open ({type(error).__name__}).")


async def _messages(socket: ClientConnection, connection: Connection) -> AsyncIterator[dict[str, Any]]:
    while True:
        try:
            frame = await socket.recv()
        except ConnectionClosedOK:
            return
        except ConnectionClosed as error:
            raise _cut(error) from None
        message = _message(frame, connection)
        if message is not None:
            yield message


def _cut(error: ConnectionClosed) -> NotteError:
    codes = [close.code for close in (error.rcvd, error.sent) if close is not None]
    if TOO_BIG in codes:
        return BadAnswer(f"The log sent a message larger than {MESSAGE_LIMIT // 1024 // 1024} MB.")
    return Unanswered(f"The log was cut (close code {codes[0]})." if codes else "The log was cut without a close.")


def _message(frame: str | bytes, connection: Connection) -> dict[str, Any] | None:
    if isinstance(frame, bytes):
        return None
    try:
        value = clean(parse(frame.encode(), connection).value, connection)[0]
    except BadAnswer:
        return None
    return value if isinstance(value, dict) else None
