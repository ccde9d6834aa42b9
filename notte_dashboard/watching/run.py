"""The watch of one run: look, store, announce, wait for the next reason to look."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.errors import NotFound, NotteError
from notte_dashboard.realtime.publish import announce
from notte_dashboard.runs import troubles
from notte_dashboard.runs.recording import FencedError, Stored
from notte_dashboard.watching import backoff
from notte_dashboard.watching.kinds import WatchKind

logger = logging.getLogger(__name__)
GATHER = 0.05
FINAL_LOOK = 1.0
VIEWED_FOR = timedelta(seconds=60)


class RunWatch:
    def __init__(self, kind: WatchKind, run: Any, client: NotteClient, in_database: Callable[..., Awaitable[Any]]) -> None:
        self.kind, self.run, self.client, self.in_database = kind, run, client, in_database
        self.woken = asyncio.Event()
        self.viewed = False
        self.listening = False
        self.unchanged = self.failures = 0
        self.digest, self.delay = "", 0.0

    def seen_by_people(self, viewed_at: datetime | None) -> None:
        viewed = viewed_at is not None and timezone.now() - viewed_at < VIEWED_FOR
        if viewed and not self.viewed and not self.listening:
            self.woken.set()
        self.viewed = viewed

    async def run_until_over(self) -> None:
        listener = asyncio.create_task(self._listen()) if self.kind.listen else None
        try:
            while not (await self._look()).over:
                await self._wait()
            await asyncio.sleep(FINAL_LOOK)  # the API's lists lag a little behind its status
            await self._look()
        except FencedError:
            logger.warning("%s is watched by a newer lease", self.run)
        finally:
            if listener:
                listener.cancel()
                await asyncio.gather(listener, return_exceptions=True)

    async def _look(self) -> Stored:
        self.woken.clear()
        try:
            answer = await self.kind.look(self.run, self.client, self.digest)
        except NotteError as error:
            return await self._failed(error)
        if answer is None and not self.failures:
            self.unchanged += 1
            return Stored(changed=False, over=False)
        if answer is None:
            stored = Stored(await self.in_database(troubles.cleared, self.run), over=False)
        else:
            stored = await self.in_database(self.kind.store, self.run, answer)
            self.digest = answer.digest
        self.failures, self.unchanged, self.delay = 0, 0 if stored.changed else self.unchanged + 1, 0.0
        if stored.changed:
            await announce(self.run)
        return stored

    async def _failed(self, error: NotteError) -> Stored:
        self.failures += 1
        self.digest = ""
        wait = float(getattr(error, "retry_after", 0.0) or 0.0)
        self.delay = backoff.after_failure(self.failures, wait=wait)
        logger.info("Looking at %s failed (%s), again in %.1f s", self.run, error.code, self.delay)
        missing = isinstance(error, NotFound)
        stored: Stored = await self.in_database(troubles.noted, self.run, error, self.failures, missing)
        if stored.changed:
            await announce(self.run)
        return stored

    async def _wait(self) -> None:
        if self.failures:
            await asyncio.sleep(self.delay)
            return
        pause = backoff.next_look(
            viewed=self.viewed,
            listening=self.listening,
            unchanged=self.unchanged,
            soon=settings.WATCH_LOOK_SOON,
            late=settings.WATCH_LOOK_LATE,
        )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.woken.wait(), pause)
            await asyncio.sleep(GATHER)  # several events of one step become one look

    async def _listen(self) -> None:
        """Upstream events wake the watch; without them it falls back to looking by the clock."""
        assert self.kind.listen is not None
        failures = 0
        while True:
            try:
                async for _ in self.kind.listen(self.run, self.client):
                    self.listening, failures = True, 0
                    self.woken.set()
            except NotteError as error:
                logger.info("The event stream of %s is gone (%s)", self.run, error.code)
            self.listening = False
            self.woken.set()
            failures += 1
            await asyncio.sleep(backoff.after_failure(failures))
