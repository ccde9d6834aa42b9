"""One feed per watched run and process: one subscription, one database read, one rendering, whoever many sockets look.

A socket is a cursor into the run, not a queue: a slow one falls behind and catches up from the database, so it costs no memory.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.core.exceptions import ObjectDoesNotExist
from django.db import close_old_connections, connection

from notte_dashboard import metrics
from notte_dashboard.realtime.catching_up import CatchingUp
from notte_dashboard.realtime.eager import Begun, begin
from notte_dashboard.realtime.listening import listen
from notte_dashboard.realtime.news import News
from notte_dashboard.realtime.sources import Source
from notte_dashboard.realtime.subscriber import Subscriber

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
CONNECTION_KEPT = 60


def _keep_connection() -> None:
    """For these threads, which live on: each new connection to SQLite reads the whole schema. PostgreSQL has a pool."""
    if connection.vendor == "sqlite":
        connection.settings_dict = connection.settings_dict | {"CONN_MAX_AGE": CONNECTION_KEPT}


EXECUTOR = ThreadPoolExecutor(max_workers=4, thread_name_prefix="feed", initializer=_keep_connection)
LOOK_ANYWAY = 5.0
NOTE_VIEW_EVERY = 25.0
AFTER_FAILURE = 1.0
SEND_WITHIN = 10.0
SAME_AGAIN = 1.0
DRAWN_EVERY = 0.1
"""Seconds between two drawings of what stands around the steps, while those come quickly. Another state waits for nothing."""
AT_A_TIME = 256
"""Sockets that are sent to before others have their turn in the loop."""
_feeds: dict[tuple[int, str, bool], "Feed"] = {}


async def in_database(call: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    def work() -> Result:
        close_old_connections()
        try:
            return call(*args, **kwargs)
        finally:
            close_old_connections()

    return await sync_to_async(work, thread_sensitive=False, executor=EXECUTOR)()


class Feed:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.catching_up = CatchingUp(source.batch)
        self.subscribers: set[Subscriber] = set()
        self.news = News()
        self.announced = 0
        self.drawn_at = 0.0
        self.state = ""
        self.only_steps = False
        """Whether all that was heard since the last drawing may be no more than steps."""
        self.ready = False
        self.gone: ObjectDoesNotExist | None = None
        self.woken = asyncio.Event()
        self.noted_view = 0.0
        self.told: tuple[int, int, bool] | None = None
        self.told_at = 0.0
        self.delivered = 0
        """Since it was counted last: counting once for all is cheaper than a thousand times."""
        self.tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        metrics.FEEDS.inc()
        # Wake-ups become looks; without Redis the slow look goes on alone.
        hearing = listen(self.source.group, self._hear, self.woken.set)
        self.tasks = [asyncio.create_task(hearing), asyncio.create_task(self._refresh_on_wake())]

    def close(self) -> None:
        metrics.FEEDS.dec()
        for task in self.tasks:
            task.cancel()

    # --- what is new -------------------------------------------------------------------------------------------------------

    def _hear(self, message: dict[str, Any]) -> None:
        metrics.WAKE_UPS.inc()
        self.announced = max(self.announced, message["seq"])
        if not message["state"] or message["state"] != self.state:
            self.only_steps = False
        self.state = message["state"]
        self.woken.set()

    async def _refresh_on_wake(self) -> None:
        while True:
            try:
                await self._refresh()
            except ObjectDoesNotExist as error:
                self._end_as_gone(error)
                return
            except Exception:  # the database may be away for a moment
                metrics.FEED_FAILURES.inc()
                logger.exception("The feed of %s could not be read", self.source.group)
                await asyncio.sleep(AFTER_FAILURE)
                continue
            # Not asyncio.wait_for: in Python 3.11 it loses a cancellation that comes together with the event.
            try:
                async with asyncio.timeout(LOOK_ANYWAY):
                    await self.woken.wait()
            except TimeoutError:
                metrics.LOOKS_BY_CLOCK.inc()

    def _end_as_gone(self, error: ObjectDoesNotExist) -> None:
        """The run was deleted."""
        self.gone = error
        for subscriber in self.subscribers:
            subscriber.finish(error)

    async def _refresh(self) -> None:
        began = time.monotonic()
        more = self.ready
        while more:
            self.woken.clear()
            if self.news.position < self.announced:
                # The steps are what is waited for: they do not wait for the rest of the page to be drawn.
                await self._read_steps(self.announced)
                await self._deliver()
            more = await self._more_steps_come()
        self.woken.clear()
        self.only_steps, self.drawn_at = True, time.monotonic()
        viewed = began - self.noted_view > NOTE_VIEW_EVERY
        state = await in_database(self.source.snapshot, viewed=viewed)
        self.noted_view = began if viewed else self.noted_view
        if self.ready:
            await self._read_steps(state.last_seq)
        self.news.take_state(state)
        self.ready = True
        metrics.FEED_LOOK.observe(time.monotonic() - began)
        await self._deliver()
        metrics.DELIVERY.observe(time.monotonic() - began)

    async def _more_steps_come(self) -> bool:
        """False when the rest of the page is to be drawn now."""
        wait = self.drawn_at + DRAWN_EVERY - time.monotonic()
        if not self.only_steps or wait <= 0:
            return False
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self.woken.wait()
        return self.woken.is_set()

    async def _read_steps(self, until: int) -> None:
        while self.news.position < until:
            batch = await in_database(self.source.batch, self.news.position)
            if batch is None:
                return
            self.news.take_steps(batch)

    # --- who is told -------------------------------------------------------------------------------------------------------

    async def _deliver(self) -> None:
        """To everybody, unless they have all been told the very same a moment ago."""
        now, what = time.monotonic(), (self.news.last_seq, self.news.revision, self.news.state.over)
        if what == self.told and now - self.told_at < SAME_AGAIN:
            return
        self.told, self.told_at = what, now
        for count, subscriber in enumerate(tuple(self.subscribers), 1):
            self.push(subscriber)
            if not count % AT_A_TIME:
                await asyncio.sleep(0)
        metrics.DELIVERED.inc(self.delivered)
        self.delivered = 0

    def push(self, subscriber: Subscriber) -> None:
        """What memory has goes out at once. Who waits for the database, or has a client that does not read, gets a task."""
        if subscriber.task is not None or subscriber.over is None or subscriber.over.done():
            return  # the task takes along what is new
        rest, sent = None, 0
        try:
            while rest is None and (text := subscriber.next_text(self.news)):
                rest = begin(subscriber.send(text))
                sent += 1
                if subscriber.has_all(self.news):
                    break
        except Exception as error:  # noqa: BLE001 - told to whoever follows
            subscriber.finish(error)
            return
        if sent:
            subscriber.sent_at = time.monotonic()
            self.delivered += sent
        if rest is not None or subscriber.is_behind(self.news):
            subscriber.task = asyncio.create_task(self._catch_up(subscriber, rest))
        elif subscriber.told_end:
            subscriber.finish()

    async def _catch_up(self, subscriber: Subscriber, rest: Begun | None) -> None:
        metrics.WAITING.inc()
        try:
            if rest is not None:
                async with asyncio.timeout(SEND_WITHIN):
                    await rest.rest()
            while (text := subscriber.next_text(self.news)) or subscriber.is_behind(self.news):
                if text := text or await self._from_database(subscriber):
                    async with asyncio.timeout(SEND_WITHIN):
                        await subscriber.send(text)
                    subscriber.sent_at = time.monotonic()
                    metrics.DELIVERED.inc()
            if subscriber.told_end:
                subscriber.finish()
        except Exception as error:  # noqa: BLE001 - told to whoever follows
            subscriber.finish(error)
        finally:
            metrics.WAITING.dec()
            subscriber.task = None

    async def _from_database(self, subscriber: Subscriber) -> str:
        metrics.CATCH_UPS.inc()
        page = await self.catching_up.after(subscriber.cursor)
        if page is None:
            metrics.GAPS.inc()
            subscriber.gap = self.news.last_seq  # tried again when there is more
            return ""
        subscriber.cursor, text = page
        return text


async def follow(source: Source, subscriber: Subscriber) -> None:
    """Send everything after the subscriber's cursor, in order, then what comes; returns when the run is over.

    Raises what `send` raises, TimeoutError for a client that does not read, ObjectDoesNotExist when the run was deleted.
    """
    loop = asyncio.get_running_loop()
    key = (id(loop), source.group, source.can_operate)
    feed = _feeds.get(key)
    if feed is None:
        feed = _feeds[key] = Feed(source)
        feed.open()
    subscriber.over = loop.create_future()
    feed.subscribers.add(subscriber)
    try:
        if feed.gone:
            raise feed.gone
        if feed.ready:
            feed.push(subscriber)
        feed.woken.set()
        await subscriber.over
    finally:
        feed.subscribers.discard(subscriber)
        subscriber.leave()
        if not feed.subscribers:
            feed.close()
            _feeds.pop(key, None)


def backlog() -> int:
    """Steps that the open sockets of this process lack."""
    return sum(max(0, feed.news.last_seq - page.cursor) for feed in tuple(_feeds.values()) for page in tuple(feed.subscribers))


metrics.BACKLOG.set_function(backlog)
