"""Clients that open a socket and never read: they cost little memory, are let go, and nobody else waits for them."""

import base64
import os
import re
import socket
import statistics
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psutil
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.e2e.hostile_sinks import Rows, rows_of
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.clock]
SILENT = 8
STEPS = 400
LONG_TEXT = "An ordinary sentence of a page that has much to say. " * 28
MOST_MEMORY = 60
"""MB that all of them together may cost; what they are sent is many times as much."""
LET_GO_WITHIN = 60
MESSAGES = 12
LATE = 10.0
"""Seconds; whoever had to wait for them would wait until they are let go."""


@pytest.fixture
def rows(stack: Stack) -> Iterator[Rows]:
    with rows_of(stack) as program:
        yield program


@pytest.fixture
def cookie(signed_in: dict[str, Any]) -> str:
    return "; ".join(f"{each['name']}={each['value']}" for each in signed_in["storage_state"]["cookies"])


def silent(stack: Stack, path: str, cookie: str) -> socket.socket:
    """It greets, and never reads a byte of what it is told."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect(("127.0.0.1", stack.port))
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET /ws{path}?after=0 HTTP/1.1", f"Host: localhost:{stack.port}", f"Origin: {stack.base_url}", f"Cookie: {cookie}",
        "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
    ]  # fmt: skip
    made.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    return made


def reading(stack: Stack, path: str, cookie: str) -> ClientConnection:
    url = f"ws://localhost:{stack.port}/ws{path}?after=0"
    return connect(url, origin=stack.base_url, additional_headers={"Cookie": cookie}, compression=None, max_size=None)


def seconds_until_told(rows: Rows, run: dict[str, Any], reader: ClientConnection, number: int) -> float:
    began = time.monotonic()
    rows("push", pks=run["pks"], payloads=[f"step {step}" for step in range(number)])
    while '"steps"' not in str(reader.recv(timeout=20)):
        pass
    return time.monotonic() - began


def everything(reader: ClientConnection, last: str) -> int:
    """The bytes of a whole run."""
    told, text = 0, ""
    while last not in text[:200]:
        text = str(reader.recv(timeout=60))
        told += len(text)
    return told


def let_go(stack: Stack) -> int:
    """How many clients were closed because they did not read."""
    with urllib.request.urlopen(f"{stack.base_url}/metrics", timeout=20) as answer:  # noqa: S310 - our own address
        found = re.search(r'^notte_sockets_closed_total\{code="1013".*\} (\S+)$', answer.read().decode(), re.MULTILINE)
    return int(float(found[1])) if found else 0


def megabytes(process: psutil.Process) -> float:
    return process.memory_info().rss / 2**20


def test_clients_that_never_read_cost_little_and_delay_nobody(stack: Stack, rows: Rows, cookie: str):
    huge, small = rows("make", payloads=["huge"]), rows("make", payloads=["small"])
    huge |= rows("push", pks=huge["pks"], payloads=[LONG_TEXT] * STEPS)
    web = psutil.Process(stack.pids()["web"])
    with ExitStack() as opened:
        reader = opened.enter_context(reading(stack, small["agent"], cookie))
        alone = [seconds_until_told(rows, small, reader, number) for number in range(1, MESSAGES + 1)]
        with reading(stack, huge["agent"], cookie) as greedy:
            whole = everything(greedy, f'"to":{huge["steps"]},')
        before, before_them = megabytes(web), let_go(stack)
        for _ in range(SILENT):
            opened.enter_context(silent(stack, huge["agent"], cookie))
        beside = [seconds_until_told(rows, small, reader, number) for number in range(MESSAGES + 1, 2 * MESSAGES + 1)]
        grown = megabytes(web) - before
        assert max(beside) < LATE
        assert statistics.median(beside) < 3 * statistics.median(alone) + 0.5
        assert grown < MOST_MEMORY < SILENT * whole / 2**20
        stack.wait_for(lambda: let_go(stack) - before_them >= SILENT, LET_GO_WITHIN)
