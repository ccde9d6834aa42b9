"""Sockets through the whole websocket stack, a real channel layer, and waits that tests can afford."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.db import connections

from notte_dashboard.realtime import catching_up, hub
from notte_dashboard.realtime.publish import announce
from notte_dashboard.runs.recording import record_answer, record_steps
from notte_dashboard.runs.states import State
from sessions_app.models import SessionStep
from tests.factories import make_session
from tests.people import Person
from tests.realtime.looking import Tab, no_new_subscriptions, subscriptions
from tests.step_items import execution_item

HOST = b"localhost:8000"
SELF = b"http://localhost:8000"
PATIENCE = 60


def in_thread(call: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """With a database connection of its own, which ends with the call."""

    @sync_to_async(thread_sensitive=False)
    def work(*args: Any, **named: Any) -> Any:
        try:
            return call(*args, **named)
        finally:
            connections.close_all()

    return work


class Socket(WebsocketCommunicator):
    """An open page. Channels' own patience of a second is no measure."""

    async def connect(self, timeout: float = PATIENCE) -> tuple[bool, Any]:  # noqa: ASYNC109 - Channels' signature
        return await super().connect(timeout)

    async def receive_output(self, timeout: float = PATIENCE) -> Any:  # noqa: ASYNC109 - Channels' signature
        return await super().receive_output(timeout)

    async def receive_json_from(self, timeout: float = PATIENCE) -> Any:  # noqa: ASYNC109 - Channels' signature
        return await super().receive_json_from(timeout)

    async def next(self, kind: str) -> dict[str, Any]:
        """The next message of that kind; others before it are passed over."""
        while True:
            message = await self.receive_json_from(PATIENCE)
            if message["kind"] == kind:
                return message

    async def closed(self) -> int:
        """The code it is closed with; messages before that are passed over."""
        while True:
            output = await self.receive_output(PATIENCE)
            if output["type"] == "websocket.close":
                return output["code"]

    async def steps(self, until: int) -> list[tuple[int, int]]:
        """The ranges of steps that arrive, up to and with that seq."""
        found: list[tuple[int, int]] = []
        while not found or found[-1][1] < until:
            message = await self.next("steps")
            found.append((message["from"], message["to"]))
        return found


@pytest.fixture
async def nothing_left(transactional_db: None) -> AsyncIterator[set[bytes]]:
    """After each test no feed is open, no subscription of it is left, and the feeds' threads have closed their connections.

    The value: the subscriptions that there were before.
    """
    before = subscriptions()
    yield before
    assert hub._feeds == {}
    await get_channel_layer().flush()
    await no_new_subscriptions(before)
    await database_sync_to_async(connections.close_all)()
    together = threading.Barrier(4)
    await asyncio.gather(*[hub.in_database(_let_go, together) for _ in range(4)])
    await asyncio.wrap_future(catching_up.EXECUTOR.submit(connections.close_all))


def _let_go(together: threading.Barrier) -> None:
    """In each of the threads: a test database that somebody is connected to can't be dropped."""
    together.wait(PATIENCE)
    connections.close_all()


@pytest.fixture
async def page_of(nothing_left: None) -> AsyncIterator[Callable[..., Socket]]:
    from notte_dashboard.asgi import websocket  # noqa: PLC0415 - needs Django to be set up

    opened: list[Socket] = []

    def open_page(run: Any, person: Person | None, query: str = "", origin: bytes = SELF) -> Socket:
        headers = [(b"host", HOST), (b"origin", origin)]
        if person:
            headers.append((b"cookie", f"sessionid={person.client.cookies['sessionid'].value}".encode()))
        opened.append(Socket(websocket, f"/ws/sessions/{getattr(run, 'uuid', run)}/{query}", headers))
        return opened[-1]

    yield open_page
    await asyncio.gather(*[socket.disconnect() for socket in opened])


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a wake-up nothing is looked at for a long time."""
    monkeypatch.setattr(hub, "LOOK_ANYWAY", 600.0)


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "LOOK_ANYWAY", 0.05)


@pytest.fixture
def run(nothing_left: None, bob: Person) -> Any:
    return make_session(bob.workspace)


@in_thread
def add_steps(run: Any, count: int) -> None:
    before = run.last_seq
    record_steps(run, SessionStep, [execution_item(number) for number in range(before + count)])


@in_thread
def finish(run: Any, count: int) -> None:
    """The last answer of the API: steps and the end in one transaction, as the watch writes them."""
    steps = [execution_item(number) for number in range(run.last_seq + count)]
    record_answer(run, SessionStep, steps, {}, State.CLOSED, None)


async def tell(run: Any, count: int = 1) -> None:
    """As the watch does: store, then announce."""
    await add_steps(run, count)
    await announce(run)


@pytest.fixture
async def tabs(nothing_left):
    opened = []

    def open_tabs(source, count=1, **options):
        found = [Tab(source, **options) for _ in range(count)]
        opened.extend(found)
        return found

    yield open_tabs
    for tab in opened:
        tab.task.cancel()
        with suppress(asyncio.CancelledError):
            await tab.task
