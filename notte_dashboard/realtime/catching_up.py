"""What pages lack that memory no longer has: read and drawn once for all that lack the same, and never before what is new."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from notte_dashboard.realtime import news
from notte_dashboard.realtime.sources import Batch

# A thread of its own: pages that open long runs must not take the feeds' threads from those that only wait for the next step.
EXECUTOR = ThreadPoolExecutor(max_workers=1, thread_name_prefix="catching-up")


class CatchingUp:
    """Of one feed. Many pages come back together, after a restart of the server or a cut of the network."""

    def __init__(self, read: Callable[[int], Batch | None]) -> None:
        self.read = read
        self.readings: dict[int, asyncio.Task[tuple[int, str] | None]] = {}

    async def after(self, cursor: int) -> tuple[int, str] | None:
        """The last step of the next page of steps, and the page as a message; None when there is none."""
        reading = self.readings.get(cursor)
        if reading is None:
            reading = self.readings[cursor] = asyncio.create_task(self._read(cursor))
            reading.add_done_callback(lambda done: self._forget(cursor, done))
        # A page that goes away must not take it from the others.
        return await asyncio.shield(reading)

    async def _read(self, cursor: int) -> tuple[int, str] | None:
        def work() -> tuple[int, str] | None:
            close_old_connections()
            try:
                batch = self.read(cursor)
                return (batch.last, news.steps_text(batch)) if batch else None
            finally:
                close_old_connections()

        return await sync_to_async(work, thread_sensitive=False, executor=EXECUTOR)()

    def _forget(self, cursor: int, done: asyncio.Task[Any]) -> None:
        del self.readings[cursor]
        if not done.cancelled():
            done.exception()  # seen, also when nobody waits for it any more
