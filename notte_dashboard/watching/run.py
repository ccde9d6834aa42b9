"""The watch of one run: look, store, announce, wait for the next reason to look."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from notte_dashboard import metrics
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.errors import NotFound, NotteError
from notte_dashboard.realtime.publish import announce
from notte_dashboard.runs import troubles
from notte_dashboard.runs.recording import FencedError, Stored
from notte_dashboard.watching import backoff
from notte_dashboard.watching.kinds import WatchKind
from notte_dashboard.watching.nudges import nudge

logger = logging.getLogger(__name__)
GATHER = 0.05
"""Between two looks that events ask for: the first looks at once, those that come close behind it become one more."""
TRY_ONCE_MORE = 0.25
"""After a look for an event that found nothing: the event may be quicker than the status."""
FINAL_LOOK = 1.0
VIEWED_FOR = timedelta(seconds=60)
LAST_ANSWER_WITHIN = timedelta(minutes=10)


class RunWatch:
    def __init__(self, kind: WatchKind, run: Any, client: NotteClient, in_database: Callable[..., Awaitable[Any]]) -> None:
        self.kind, self.run, self.client, self.in_database = kind, run, client, in_database
        self.woken = asyncio.Event()
        self.viewed = False
        self.listening = False
        self.expects_news = self.once_more = False
        self.looked_at = time.monotonic()
        self.unchanged = self.failures = 0
        self.digest, self.delay = "", 0.0
        self.missing_since: datetime | None = None

    def take_note(self, row: dict[str, Any]) -> None:
        """What others wrote into the run's row: that somebody looks at it, that a stop has ended it."""
        if self.run.state != row["state"]:
            self.woken.set()
        self.run.state, self.run.ended_at = row["state"], row["ended_at"]
        viewed_at = row["viewed_at"]
        viewed = viewed_at is not None and timezone.now() - viewed_at < VIEWED_FOR
        if viewed and not self.viewed and not self.listening:
            self.woken.set()
        self.viewed = viewed

    def expect_news(self) -> None:
        """Somebody says that there is something new."""
        self.expects_news = True
        self.woken.set()

    async def run_until_over(self) -> None:
        listener = asyncio.create_task(self._listen()) if self.kind.listen else None
        try:
            while not (await self._look()).over:
                if self._ended_long_ago():
                    return
                await self._wait()
            await asyncio.sleep(FINAL_LOOK)  # the API's lists lag a little behind its status
            await self._look()
        except FencedError:
            logger.warning("%s is watched by a newer lease", self.run)
        finally:
            if listener:
                listener.cancel()
                await asyncio.gather(listener, return_exceptions=True)

    def _ended_long_ago(self) -> bool:
        """A stop ended it, and since then the API gave no last answer."""
        return self.run.is_over and self.run.ended_at is not None and timezone.now() - self.run.ended_at > LAST_ANSWER_WITHIN

    async def _look(self) -> Stored:
        self.woken.clear()
        self.looked_at = time.monotonic()
        self.once_more, self.expects_news = self.expects_news, False
        try:
            answer = await self.kind.look(self.run, self.client, self.digest)
        except NotteError as error:
            self._count("failed")
            return await self._failed(error)
        if answer is None:
            self.unchanged += 1
            self._count("same")
            return Stored(changed=False, over=False)
        stored = await self._store(answer)
        self.digest, self.failures, self.missing_since = answer.digest, 0, None
        self.unchanged = 0 if stored.changed else self.unchanged + 1
        self._count("news" if stored.changed else "no_news")
        if stored.changed:
            self.once_more = False
            await announce(self.run, self.run.state)
            if self.kind.news_for:
                await nudge(*self.kind.news_for(self.run))
        return stored

    async def _store(self, answer: Any) -> Stored:
        began, before = time.monotonic(), self.run.last_seq
        stored: Stored = await self.in_database(self.kind.store, self.run, answer)
        metrics.STORE.observe(time.monotonic() - began)
        metrics.STORED.labels(self.kind.model.kind).inc(self.run.last_seq - before)
        return stored

    def _count(self, outcome: str) -> None:
        metrics.LOOKS.labels(self.kind.model.kind, outcome).inc()

    async def _failed(self, error: NotteError) -> Stored:
        self.failures += 1
        self.digest = ""  # the next answer is read and stored even if it is the old one: it says that the trouble is over
        wait = float(getattr(error, "retry_after", 0.0) or 0.0)
        self.delay = backoff.after_failure(self.failures, wait=wait)
        logger.info("Looking at %s failed (%s), again in %.1f s", self.run, error.code, self.delay)
        self.missing_since = (self.missing_since or timezone.now()) if isinstance(error, NotFound) else None
        stored: Stored = await self.in_database(troubles.noted, self.run, error, self.failures, self.missing_since)
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
        if self.once_more:
            pause = min(pause, TRY_ONCE_MORE)
        # Counted from the last look's beginning: a slow answer does not slow the pace.
        since = time.monotonic() - self.looked_at
        # Not asyncio.wait_for: in Python 3.11 it loses a cancellation that comes together with the event.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(pause - since, 0)):
                await self.woken.wait()
        await asyncio.sleep(max(GATHER - (time.monotonic() - self.looked_at), 0))

    async def _listen(self) -> None:
        """Upstream events wake the watch; without them it falls back to looking by the clock."""
        assert self.kind.listen is not None
        failures = 0
        while True:
            try:
                async for _ in self.kind.listen(self.run, self.client):
                    self.listening, failures = True, 0
                    metrics.UPSTREAM_EVENTS.labels(self.kind.model.kind).inc()
                    self.expect_news()
            except NotteError as error:
                logger.info("The event stream of %s is gone (%s)", self.run, error.code)
            except Exception:  # whatever the stream says, the looks by the clock go on
                logger.exception("The event stream of %s failed", self.run)
            self.listening = False
            self.woken.set()
            failures += 1
            await asyncio.sleep(backoff.after_failure(failures))
