"""One feed per watched run and process: one subscription, one database read, one rendering, whoever many sockets look.

A socket is a cursor into the run, not a queue: a slow one falls behind and catches up from the database, so it costs no memory.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import close_old_connections
from redis.exceptions import RedisError

from notte_dashboard.realtime.sources import Batch, Snapshot, Source

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
EXECUTOR = ThreadPoolExecutor(max_workers=4, thread_name_prefix="feed")
LOOK_ANYWAY = 5.0
NOTE_VIEW_EVERY = 25.0
AFTER_FAILURE = 1.0
BEAT = 10.0
"""Seconds a socket may hear nothing before it is told that there is nothing. The browser takes a longer silence for a cut."""
RECENT = 64
_feeds: dict[tuple[int, str, bool], "Feed"] = {}


async def in_database(call: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    def work() -> Result:
        close_old_connections()
        try:
            return call(*args, **kwargs)
        finally:
            close_old_connections()

    return await sync_to_async(work, thread_sensitive=False, executor=EXECUTOR)()


class Subscriber:
    """One open page: what it has seen, and how to send to it."""

    def __init__(self, after: int, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self.cursor, self.send = after, send
        self.sent: dict[str, str] = {}
        self.sent_at = time.monotonic()
        self.news = asyncio.Event()
        self.news.set()

    async def tell(self, message: dict[str, Any]) -> None:
        await self.send(message)
        self.sent_at = time.monotonic()


class Feed:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.subscribers: set[Subscriber] = set()
        self.recent: deque[Batch] = deque(maxlen=RECENT)
        self.state = Snapshot(0, over=False, fragments=[])
        self.ready = asyncio.Event()
        self.woken = asyncio.Event()
        self.noted_view = 0.0
        self.tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        self.tasks = [asyncio.create_task(self._subscribe()), asyncio.create_task(self._refresh_on_wake())]

    def close(self) -> None:
        for task in self.tasks:
            task.cancel()

    async def batch_after(self, cursor: int) -> Batch | None:
        """From memory for those who keep up, from the database for those who catch up."""
        for batch in self.recent:
            if batch.first == cursor + 1:
                return batch
        return await in_database(self.source.batch, cursor)

    async def _subscribe(self) -> None:
        """Turn wake-ups of the channel layer into looks; without Redis the slow look goes on alone."""
        layer: Any = get_channel_layer()
        while True:
            channel = ""
            try:
                channel = await layer.new_channel()
                await layer.group_add(self.source.group, channel)
                self.woken.set()
                while True:
                    await layer.receive(channel)
                    self.woken.set()
            except (RedisError, OSError) as error:
                logger.warning("No live wake-ups for %s: %s", self.source.group, error)
                await asyncio.sleep(AFTER_FAILURE)
            finally:
                # The layer forgets the channel by itself, but not that it was in the group.
                with contextlib.suppress(RedisError, OSError):
                    await layer.group_discard(self.source.group, channel)

    async def _refresh_on_wake(self) -> None:
        while True:
            try:
                await self._refresh()
            except Exception:  # the database may be away for a moment
                logger.exception("The feed of %s could not be read", self.source.group)
                await asyncio.sleep(AFTER_FAILURE)
                continue
            # Not asyncio.wait_for: in Python 3.11 it loses a cancellation that comes together with the event.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_ANYWAY):
                    await self.woken.wait()

    async def _refresh(self) -> None:
        self.woken.clear()
        now = time.monotonic()
        viewed = now - self.noted_view > NOTE_VIEW_EVERY
        state = await in_database(self.source.snapshot, viewed=viewed)
        self.noted_view = now if viewed else self.noted_view
        position = self.recent[-1].last if self.recent else self.state.last_seq
        while self.ready.is_set() and position < state.last_seq:
            batch = await in_database(self.source.batch, position)
            if batch is None:
                break
            self.recent.append(batch)
            position = batch.last
        self.state = state
        self.ready.set()
        for subscriber in self.subscribers:
            subscriber.news.set()


async def follow(source: Source, subscriber: Subscriber) -> None:
    """Send everything after the subscriber's cursor, in order, then what comes; returns when the run is over."""
    key = (id(asyncio.get_running_loop()), source.group, source.can_operate)
    feed = _feeds.get(key)
    if feed is None:
        feed = _feeds[key] = Feed(source)
        feed.open()
    feed.subscribers.add(subscriber)
    feed.noted_view = 0.0
    feed.woken.set()
    try:
        await feed.ready.wait()
        while True:
            await subscriber.news.wait()
            subscriber.news.clear()
            if await _send_news(feed, subscriber):
                return
    finally:
        feed.subscribers.discard(subscriber)
        if not feed.subscribers:
            feed.close()
            _feeds.pop(key, None)


async def _send_news(feed: Feed, subscriber: Subscriber) -> bool:
    """True at the end. The state is taken before the steps, so that the end is never told before the last step."""
    state = feed.state
    while subscriber.cursor < state.last_seq:
        batch = await feed.batch_after(subscriber.cursor)
        if batch is None:
            break
        await subscriber.tell({"kind": "steps", "from": batch.first, "to": batch.last, "html": batch.html})
        subscriber.cursor = batch.last
    changed = [fragment for fragment in state.fragments if subscriber.sent.get(fragment.id) != fragment.key]
    if changed:
        await subscriber.tell({"kind": "state", "fragments": [{"id": each.id, "html": each.html} for each in changed]})
        subscriber.sent |= {fragment.id: fragment.key for fragment in changed}
    if state.over and subscriber.cursor >= state.last_seq:
        await subscriber.tell({"kind": "end"})
        return True
    # Only after a look at the database: it says that the page is current, not just that a process is alive.
    if time.monotonic() - subscriber.sent_at >= BEAT:
        await subscriber.tell({"kind": "beat"})
    return False
