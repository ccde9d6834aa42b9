"""The agent's log over a real websocket server."""

import asyncio
import contextlib
import json
import logging
import traceback
from http import HTTPStatus

import httpx
import pytest
from websockets.asyncio.server import serve

from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import BadAnswer, NotFound, Unanswered, Unauthorized, Unreachable
from notte_dashboard.notte_api.streams import MESSAGE_LIMIT, agent_logs, stream_token
from tests.notte_api.wire import KEY, http, says

TOKEN = "session/token+1234567890"
STEP = {"type": "agent_completion", "value": {"action": {"type": "goto"}}}
STOP = {"status": "agent_stop", "agent": {"agent_id": "a-1"}}


@contextlib.asynccontextmanager
async def log_server(handler, **options):
    async with serve(handler, "127.0.0.1", 0, **options) as server:
        port = server.sockets[0].getsockname()[1]
        yield Connection(f"http://127.0.0.1:{port}/v0", KEY)


def sends(*frames, code=1000):
    async def handler(socket):
        for frame in frames:
            await socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
        await socket.close(code)

    return handler


async def collect(connection, token=TOKEN):
    return [message async for message in agent_logs(connection, "a/1", "s-1", token)]


async def test_log_ends_with_the_message_that_the_agent_stopped():
    async with log_server(sends(STEP, {"validation": "fine"}, STOP, STEP)) as connection:
        assert await collect(connection) == [STEP, {"validation": "fine"}, STOP]


async def test_log_ends_with_a_normal_close():
    async with log_server(sends(STEP)) as connection:
        assert await collect(connection) == [STEP]


async def test_log_is_asked_for_with_the_token_and_no_key():
    asked = []

    async def handler(socket):
        asked.append(socket.request)

    async with log_server(handler) as connection:
        await collect(connection)

    assert asked[0].path == "/v0/agents/a%2F1/debug/logs?token=session%2Ftoken%2B1234567890&session_id=s-1"
    assert asked[0].headers["x-notte-request-origin"] == "notte-dashboard"
    assert "authorization" not in asked[0].headers


@pytest.mark.parametrize("frame", [b"\x00\x01", "not JSON", "[]", "5", "[" * 200, '{"x":' * 70 + "1" + "}" * 70])
async def test_message_that_is_no_object_is_passed_over(frame):
    async with log_server(sends(STEP, frame, STOP)) as connection:
        assert await collect(connection) == [STEP, STOP]


async def test_message_comes_without_the_key():
    async with log_server(sends({"viewer_url": f"https://x?token={KEY}", "message": KEY}, STOP)) as connection:
        assert (await collect(connection))[0] == {"viewer_url": None, "message": "[api key]"}


@pytest.mark.parametrize("code", [1001, 1011, 1012, 4001])
async def test_other_close_is_a_cut(code):
    async with log_server(sends(STEP, code=code)) as connection:
        if code == 1001:
            assert await collect(connection) == [STEP]
        else:
            with pytest.raises(Unanswered, match=str(code)):
                await collect(connection)


async def test_lost_connection_is_a_cut():
    async def handler(socket):
        socket.transport.abort()
        await asyncio.sleep(0.1)

    async with log_server(handler) as connection:
        with pytest.raises(Unanswered):
            await collect(connection)


async def test_message_over_the_limit_ends_the_log():
    async with log_server(sends(STEP, "x" * (MESSAGE_LIMIT + 1), STOP)) as connection:
        with pytest.raises(BadAnswer, match="5 MB"):
            await collect(connection)


@pytest.mark.parametrize(("status", "kind"), [(401, Unauthorized), (403, Unauthorized), (404, NotFound)])
async def test_refused_handshake_is_the_error_of_its_status(status, kind):
    async with log_server(
        sends(STOP), process_request=lambda socket, _: socket.respond(HTTPStatus(status), "No\n")
    ) as connection:
        with pytest.raises(kind) as caught:
            await collect(connection)

    assert caught.value.status == status


async def test_redirect_is_not_followed(wire):
    elsewhere = await wire(says(http(200, {})))
    api = await wire(says(http(307, b"", headers=f"location: {elsewhere.address.replace('http', 'ws')}/x\r\n")))
    with pytest.raises(BadAnswer):
        await collect(api.connection)

    assert elsewhere.connections == 0


async def test_server_that_speaks_no_websocket_is_a_bad_answer(wire):
    api = await wire(says(b"220 mail.example ESMTP\r\n\r\n"))
    with pytest.raises(BadAnswer):
        await collect(api.connection)


async def test_server_that_is_not_there_is_unreachable():
    with pytest.raises(Unreachable):
        await collect(Connection("http://127.0.0.1:1", KEY))


async def test_token_is_in_no_log_and_no_exception(caplog):
    caplog.set_level(logging.DEBUG)
    texts = []
    async with log_server(sends(STEP, code=1011)) as connection:
        for target in (connection, Connection("http://127.0.0.1:1", KEY), Connection("https" + connection.base_url[4:], KEY)):
            with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is, it must not tell
                await collect(target, token=KEY)
            texts += traceback.format_exception(caught.value)

    ours = [record.getMessage() for record in caplog.records if record.name != "websockets.server"]
    assert not connection.carries_key("".join([*texts, *ours]))


async def test_closing_the_iterator_closes_the_socket():
    closed = asyncio.Event()

    async def handler(socket):
        await socket.send(json.dumps(STEP))
        await socket.wait_closed()
        closed.set()

    async with log_server(handler) as connection:
        async with contextlib.aclosing(agent_logs(connection, "a", "s", TOKEN)) as messages:
            assert await anext(messages) == STEP
        await asyncio.wait_for(closed.wait(), 20)


@pytest.mark.parametrize(
    ("logs", "token"),
    [
        (f"wss://api.notte.cc/sessions/s-1/debug/logs?token={TOKEN.replace('+', '%2B')}", TOKEN),
        ("wss://api.notte.cc/x?other=1", None),
        ("wss://api.notte.cc/x?token=", None),
        (f"wss://api.notte.cc/x?token={KEY}", None),
        (None, None),
        (5, None),
        ("::not a url::", None),
    ],
)
async def test_token_of_a_session_is_that_of_its_log_address(logs, token):
    answer = {"debug_url": "", "ws": {"logs": logs}, "tabs": []}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answer))
    async with NotteClient(Connection("https://api.notte.cc", KEY), transport=transport) as client:
        assert await stream_token(client, "s-1") == token
