"""One slice of watching: many runs in one asyncio loop, with one client per API key and one database thread."""

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

import uvloop
from django.conf import settings
from django.db import connections

from notte_dashboard import metrics
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.realtime.publish import announce
from notte_dashboard.runs import troubles
from notte_dashboard.watching import lease, nudges
from notte_dashboard.watching.kinds import WatchKind
from notte_dashboard.watching.run import RunWatch
from notte_dashboard.workspaces import keys

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
_running: dict[str, "Slice"] = {}
_guard = threading.Lock()
TRY_AGAIN = timedelta(seconds=30)
RENEWED_AT_ONCE = 100
SHOWN_AT_ONCE = 2
"""Failures: from so many on, a page tells of them."""


def run_slice(kind: WatchKind) -> None:
    """Watch until the slice's time is over or nothing is left. A slice already at work in this process is only poked."""
    name = kind.model.kind
    with _guard:
        if name in _running:
            _running[name].poke()
            return
        _running[name] = current = Slice(kind)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(current.run())
    finally:
        with _guard:
            del _running[name]


def stop_slices(**_: object) -> None:
    """For the worker's shutdown: leases are released, so that another worker goes on at once."""
    with _guard:
        for current in _running.values():
            current.stop()


class Slice:
    def __init__(self, kind: WatchKind) -> None:
        self.kind, self.owner = kind, uuid4().hex
        self.watches: dict[int, RunWatch] = {}
        self.tasks: dict[int, asyncio.Task[None]] = {}
        self.clients: dict[Any, NotteClient] = {}
        self.database = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"watch-{kind.model.kind}")
        self.loop: asyncio.AbstractEventLoop | None = None
        self.poked = asyncio.Event()
        self.stopping = False

    def poke(self) -> None:
        """Thread-safe: look for new runs now."""
        if self.loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just ended: the sweep enqueues the next slice
                self.loop.call_soon_threadsafe(self.poked.set)

    def stop(self) -> None:
        self.stopping = True
        self.poke()

    async def in_database(self, call: Callable[..., Result], *args: Any) -> Result:
        assert self.loop is not None
        return await self.loop.run_in_executor(self.database, call, *args)

    def look_now(self, pk: int) -> bool:
        """Thread-safe; False when the run is not watched here."""
        watch = self.watches.get(pk)
        if watch is None or self.loop is None:
            return False
        with contextlib.suppress(RuntimeError):  # the loop has just ended: whoever watches next begins with a look
            self.loop.call_soon_threadsafe(watch.expect_news)
        return True

    async def run(self) -> None:
        self.loop = asyncio.get_running_loop()
        ends = time.monotonic() + settings.WATCH_SLICE
        hearing = asyncio.create_task(nudges.hear(self.kind.model.kind, self.look_now))
        try:
            while not self.stopping and time.monotonic() < ends:
                await self._tend()
                if not self.tasks and not self.poked.is_set():
                    break
                await self._sleep(settings.WATCH_LEASE / 3)
        finally:
            await self._close()
            await _called_off(hearing)

    async def _sleep(self, seconds: float) -> None:
        due = time.monotonic() + seconds
        try:
            async with asyncio.timeout(seconds):
                await self.poked.wait()
        except TimeoutError:
            metrics.SLICE_LATE.observe(time.monotonic() - due)
        self.poked.clear()

    async def _tend(self) -> None:
        """Renew what is ours, drop what is not, claim what nobody watches."""
        held = await self._renewed()
        for pk, watch in list(self.watches.items()):
            if self.tasks[pk].done():
                await self._forget(pk)
            elif pk not in held or held[pk]["fence"] != watch.run.fence:
                logger.warning("The lease of %s was lost", watch.run)
                metrics.LEASES_LOST.labels(self.kind.model.kind).inc()
                await self._forget(pk)
            else:
                watch.take_note(held[pk])
        await self._claim()
        metrics.WATCHED.labels(self.kind.model.kind).set(len(self.tasks))

    async def _renewed(self) -> dict[int, dict[str, Any]]:
        """In portions, so that an answer never waits for a thousand rows."""
        pks = list(self.watches)
        held: dict[int, dict[str, Any]] = {}
        for first in range(0, len(pks), RENEWED_AT_ONCE):
            few = pks[first : first + RENEWED_AT_ONCE]
            held |= await self.in_database(lease.renew, self.kind.model, self.owner, few)
        return held

    async def _claim(self) -> None:
        """In portions: workers that begin together share the runs, and the first are looked at before the last are taken."""
        while not self.stopping and (room := settings.WATCH_RUNS_PER_SLICE - len(self.tasks)) > 0:
            few = min(room, settings.WATCH_RUNS_PER_CLAIM)
            taken = await self.in_database(lease.claim, self.kind.model, self.owner, few)
            metrics.CLAIMED.labels(self.kind.model.kind).inc(len(taken))
            for run in taken:
                if run.pk not in self.tasks:
                    await self._begin(run)
            if not taken:
                return

    async def _begin(self, run: Any) -> None:
        try:
            client = await self._client(run)
        except (NotteError, ValueError) as error:  # a key that can't be used must not stop the other runs
            logger.warning("%s can't be watched: %s", run, error)
            trouble = error if isinstance(error, NotteError) else keys.NoKeyError(str(error))
            await self.in_database(troubles.noted, run, trouble, SHOWN_AT_ONCE)
            await self.in_database(lease.postpone, self.kind.model, self.owner, run.pk, TRY_AGAIN)
            await announce(run)
            return
        watch = self.watches[run.pk] = RunWatch(self.kind, run, client, self.in_database)
        self.tasks[run.pk] = asyncio.create_task(watch.run_until_over(), name=str(run))
        self.tasks[run.pk].add_done_callback(lambda _: self.poked.set())

    async def _client(self, run: Any) -> NotteClient:
        where = await self.in_database(keys.connection, run.api_key)
        if where not in self.clients:
            self.clients[where] = await NotteClient(where, retries=0).__aenter__()
        return self.clients[where]

    async def _forget(self, pk: int) -> None:
        task, watch = self.tasks.pop(pk), self.watches.pop(pk)
        await _called_off(task)
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            logger.error("The watch of %s failed", watch.run, exc_info=failure)
            await self.in_database(lease.postpone, self.kind.model, self.owner, pk, TRY_AGAIN)
            return
        await self.in_database(lease.release, self.kind.model, self.owner, pk)
        if not task.cancelled():
            await announce(watch.run)  # open pages wait for the released lease before they believe that nothing more comes

    async def _close(self) -> None:
        try:
            # All at once: each may have to wait for the API to close a socket.
            await _called_off(*self.tasks.values())
            for pk in list(self.tasks):
                await self._forget(pk)
            metrics.WATCHED.labels(self.kind.model.kind).set(0)
            await self.in_database(lease.release, self.kind.model, self.owner)
        finally:
            for task in self.tasks.values():
                task.cancel()
            for client in self.clients.values():
                await client.__aexit__(None, None, None)
            await self.in_database(connections.close_all)
            self.database.shutdown()


async def _called_off(*tasks: asyncio.Task[None]) -> None:
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()  # again, should a library have swallowed it: the other runs' leases are renewed after this
        await asyncio.wait(left, timeout=0.5)
