"""One feed per workspace and process for all pages that show many runs: one subscription, one look, whoever many look.

News may come from a thousand runs at once: the first is looked for at once, the rest wait a little and share the next look.
A socket is a revision of its page, not a queue: a slow one skips what came in between.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from notte_dashboard import metrics
from notte_dashboard.realtime import hub, news
from notte_dashboard.realtime.groups import workspace_group
from notte_dashboard.realtime.listening import listen
from notte_dashboard.realtime.news import STILL_THERE, encoded
from notte_dashboard.realtime.workspace_sources import Finding, Item, Page, Part, compose, look

logger = logging.getLogger(__name__)
GAP = 0.03
"""Seconds between two looks, at least."""
SHARE = 4
"""After a look the feed rests this many times as long as the look has computed: however large a workspace, a fifth of a core."""
REMEMBERED = 10_000
"""Runs whose states are remembered; then it begins anew."""
_feeds: dict[tuple[int, int], "WorkspaceFeed"] = {}


class Onlooker:
    """One open page: the revision it shows."""

    __slots__ = ("news", "revision", "sent_at")

    def __init__(self) -> None:
        self.revision = 0
        self.sent_at = time.monotonic()
        self.news = asyncio.Event()


class Audience:
    """Those who look at equal pages: each difference is encoded once."""

    def __init__(self) -> None:
        self.onlookers: set[Onlooker] = set()
        self.revision = 0
        self._items: dict[tuple[str, str], tuple[int, str, Item]] = {}
        self._texts: dict[int, list[str]] = {}

    def take(self, items: list[Item]) -> None:
        changed, before, self._items = self.revision + 1, self._items, {}
        for item in items:
            key = item.key
            known = before.get((item.kind, item.id))
            since = known[0] if known and known[1] == key else changed
            self.revision = max(self.revision, since)
            self._items[item.kind, item.id] = since, key, item
        self._texts.clear()
        for onlooker in self.onlookers:
            onlooker.news.set()

    def texts_since(self, revision: int) -> list[str]:
        if revision not in self._texts:
            messages: dict[str, dict[str, Any]] = {}
            for since, _, item in self._items.values():
                if since > revision:
                    message = messages.setdefault(item.kind, {"kind": item.kind, "fragments": []})
                    message.update(item.data)
                    message["fragments"] += [{"id": item.id, "html": item.html}] if item.html else []
            self._texts[revision] = [encoded(message) for message in messages.values()]
        return self._texts[revision]


class WorkspaceFeed:
    def __init__(self, workspace_id: int) -> None:
        self.group = workspace_group(workspace_id)
        self.audiences: dict[Page, Audience] = {}
        self.found: dict[Part, Finding] = {}
        self.states: dict[str, str] = {}
        """Of the runs that were heard of. Of those in the state they had, only steps are new."""
        self.only_steps = False
        self.read_all_at = 0.0
        self.woken = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        metrics.FEEDS.inc()
        # Without Redis the slow look goes on alone.
        hearing = listen(self.group, self._hear, self._may_have_missed)
        self.tasks = [asyncio.create_task(hearing), asyncio.create_task(self._look_on_wake())]

    def close(self) -> None:
        metrics.FEEDS.dec()
        for task in self.tasks:
            task.cancel()

    def _hear(self, message: dict[str, Any]) -> None:
        metrics.WAKE_UPS.inc()
        for run, state in message["states"].items():
            if not state or self.states.get(run) != state:
                self.only_steps = False
            self.states[run] = state
        if len(self.states) > REMEMBERED:
            self.states.clear()
        self.woken.set()

    def _may_have_missed(self) -> None:
        self.only_steps = False
        self.woken.set()

    async def _look_on_wake(self) -> None:
        while True:
            began = time.monotonic()
            try:
                computed = await self._look()
            except Exception:  # the database may be away for a moment
                metrics.FEED_FAILURES.inc()
                logger.exception("The feed of %s could not be read", self.group)
                self.only_steps = False
                await asyncio.sleep(hub.AFTER_FAILURE)
                continue
            metrics.FEED_LOOK.observe(time.monotonic() - began)
            await asyncio.sleep(max(GAP, SHARE * computed))
            # Not asyncio.wait_for: in Python 3.11 it loses a cancellation that comes together with the event.
            try:
                async with asyncio.timeout(hub.LOOK_ANYWAY):
                    await self.woken.wait()
            except TimeoutError:
                metrics.LOOKS_BY_CLOCK.inc()

    async def _look(self) -> float:
        """The seconds of computing it took, without waits for the database or for other programs."""
        self.woken.clear()
        now = time.monotonic()
        # Also where steps never cease: what the clock changes, and what was announced in vain, is found as soon as elsewhere.
        reads_all = not self.only_steps or now - self.read_all_at >= hub.LOOK_ANYWAY
        known = {} if reads_all else {part: finding for part, finding in self.found.items() if not part.BY_STEPS}
        self.only_steps, self.read_all_at = True, now if reads_all else self.read_all_at
        self.found, items_of, computed = await hub.in_database(_look, tuple(self.audiences), known)
        for page, items in items_of.items():
            if page in self.audiences:
                self.audiences[page].take(items)
        return computed


def _look(pages: tuple[Page, ...], known: dict[Part, Finding]) -> tuple[dict[Part, Finding], dict[Page, list[Item]], float]:
    began = time.thread_time()
    found = look(pages, known)
    return found, compose(pages, found), time.thread_time() - began


async def follow_workspace(page: Page, send: Callable[[str], Awaitable[None]]) -> None:
    """Send what the page shows, then what changes in it, until cancelled. Raises TimeoutError for a client that does not read."""
    key = (id(asyncio.get_running_loop()), page.workspace_id)
    feed = _feeds.get(key)
    if feed is None:
        feed = _feeds[key] = WorkspaceFeed(page.workspace_id)
        feed.open()
    audience = feed.audiences.setdefault(page, Audience())
    onlooker = Onlooker()
    audience.onlookers.add(onlooker)
    if audience.revision:
        onlooker.news.set()
    feed.woken.set()
    try:
        while True:
            await onlooker.news.wait()
            onlooker.news.clear()
            await _tell(audience, onlooker, send)
    finally:
        audience.onlookers.discard(onlooker)
        if not audience.onlookers:
            feed.audiences.pop(page, None)
        if not feed.audiences:
            feed.close()
            _feeds.pop(key, None)


async def _tell(audience: Audience, onlooker: Onlooker, send: Callable[[str], Awaitable[None]]) -> None:
    texts = audience.texts_since(onlooker.revision)
    onlooker.revision = audience.revision
    # A beat only after a look at the database: it says that the page is current, not just that a process is alive.
    if not texts and time.monotonic() - onlooker.sent_at >= news.BEAT:
        texts = [STILL_THERE]
    for text in texts:
        async with asyncio.timeout(hub.SEND_WITHIN):
            await send(text)
        onlooker.sent_at = time.monotonic()
        metrics.DELIVERED.inc()
