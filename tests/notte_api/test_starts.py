"""A start is sent exactly once, whatever happens: counted where it arrives."""

import asyncio
import gzip
import json
import socket
import struct

import pytest

from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.errors import (
    BadAnswer,
    Invalid,
    NotFound,
    Overloaded,
    RateLimited,
    Refused,
    ServerFailed,
    Unanswered,
    Unauthorized,
)
from notte_dashboard.notte_api.transport import STARTS, Timeouts
from tests.notte_api.wire import http, says

STARTED = {"session_id": "s-1", "agent_id": "a-1", "status": "active"}


async def hang(reader, writer, number):
    await asyncio.sleep(30)


async def cut(reader, writer, number):
    writer.close()


async def reset(reader, writer, number):
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def drip(reader, writer, number):
    writer.write(http(200, b"", length=1000))
    for _ in range(1000):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.1)


def then_cut(data):
    async def script(reader, writer, number):
        writer.write(data)
        await writer.drain()
        writer.close()

    return script


def then_hang(data):
    async def script(reader, writer, number):
        writer.write(data)
        await asyncio.sleep(30)

    return script


REFUSALS = {
    400: Refused,
    401: Unauthorized,
    403: Unauthorized,
    404: NotFound,
    408: Refused,
    409: Refused,
    422: Invalid,
    429: RateLimited,
    500: ServerFailed,
    502: ServerFailed,
    503: Overloaded,
    504: ServerFailed,
    529: Overloaded,
}
FAULTS = {
    "hang": (hang, Unanswered),
    "cut": (cut, Unanswered),
    "reset": (reset, Unanswered),
    "drip": (drip, Unanswered),
    "half a head": (then_cut(b"HTTP/1.1 200 OK\r\nconten"), Unanswered),
    "half a body": (then_cut(http(200, b'{"session', length=500)), Unanswered),
    "head, then silence": (then_hang(http(200, b"", length=500)), Unanswered),
    "only 100 Continue": (then_cut(b"HTTP/1.1 100 Continue\r\n\r\n"), Unanswered),
    "not HTTP": (then_cut(b"220 mail.example ESMTP\r\n"), (BadAnswer, Unanswered)),
    "HTML": (says(http(200, b"<html>Welcome</html>")), BadAnswer),
    "half an object": (says(http(200, b'{"session_id": "s-1"')), BadAnswer),
    "no id": (says(http(200, {"status": "active"})), BadAnswer),
    "nothing": (says(http(204, b"")), BadAnswer),
    "wrong charset": (says(http(200, '{"session_id": "é"}'.encode("latin-1"))), BadAnswer),
    "wrongly packed": (says(http(200, b'{"session_id": "s-1"}', headers="content-encoding: gzip\r\n")), BadAnswer),
    "half packed": (
        says(http(200, gzip.compress(json.dumps(STARTED).encode())[:20], headers="content-encoding: gzip\r\n")),
        BadAnswer,
    ),
    "packed unasked": (says(http(200, b"x", headers="content-encoding: br\r\n")), BadAnswer),
    "redirect": (says(http(307, b"", headers="location: /sessions/start/\r\n")), BadAnswer),
    **{str(status): (says(http(status, {"message": "No", "status": status})), kind) for status, kind in REFUSALS.items()},
}
NEVER_END = {"hang", "drip", "head, then silence"}
SURELY_NOT_DONE = {"400", "401", "403", "404", "409", "422", "429", "529"}


@pytest.mark.parametrize("start", ["start_session", "start_agent"])
@pytest.mark.parametrize(
    "fault", [pytest.param(fault, marks=pytest.mark.clock) if fault in NEVER_END else fault for fault in FAULTS]
)
async def test_start_is_sent_exactly_once(wire, plain_transport, fault, start):
    script, kind = FAULTS[fault]
    api = await wire(script)
    patience = Timeouts(read=0.3, deadline=0.8) if fault in NEVER_END else STARTS
    async with NotteClient(api.connection, transport=plain_transport, starts=patience) as client:
        with pytest.raises(kind) as caught:
            await getattr(client, start)({"task": "x"})
    await asyncio.sleep(0.02)

    assert len(api.requests) == 1
    assert caught.value.outcome_unknown is (fault not in SURELY_NOT_DONE)
    assert caught.value.not_started is (fault in {"429", "529"})


async def test_start_does_not_ride_on_a_connection_that_may_just_be_closing(wire):
    api = await wire(says(http(200, STARTED)))
    async with NotteClient(api.connection) as client:
        await client.session_status("s-1")
        await client.session_status("s-1")
        await client.start_session({})
        await client.start_agent({})

    assert len(api.requests) == 4
    assert api.connections == 3


async def test_cancelled_start_is_not_sent_again(wire):
    arrived = asyncio.Event()

    async def arrive_and_hang(reader, writer, number):
        arrived.set()
        await asyncio.sleep(30)

    api = await wire(arrive_and_hang)
    async with NotteClient(api.connection) as client:
        start = asyncio.create_task(client.start_session({}))
        await arrived.wait()
        start.cancel()
        with pytest.raises(asyncio.CancelledError):
            await start

    assert len(api.requests) == 1
