"""The live picture of a session: one pump, started only while someone watches, fanned out to every watcher."""

import asyncio
import base64
import contextlib
import logging
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

logger = logging.getLogger("notte_dashboard.local_api")

VIEWER_CREDITS = 2
_RETRY_SECONDS = 0.02
_QUALITY = 60
_MOST_EVENTS = 1000

Event = dict[str, Any]


class Audience(Enum):
    VIEWER = "viewer"
    RECORDING = "recording"
    LOGS = "logs"  # events without pictures


class Watcher:
    """One viewer's place. Frames replace each other until it is ready for the next, so a slow one costs no memory;
    events are kept in order.
    """

    def __init__(self, audience: Audience) -> None:
        self.audience = audience
        # A viewer confirms each frame it has drawn; other clients only pace us by reading.
        self._credits = VIEWER_CREDITS if audience is Audience.VIEWER else None
        self._frame: bytes | None = None
        self._events: deque[Event] = deque(maxlen=_MOST_EVENTS)
        self._ended = False
        self._wake = asyncio.Event()

    def offer(self, frame: bytes) -> None:
        self._frame = frame
        self._wake.set()

    def tell(self, event: Event) -> None:
        self._events.append(event)
        self._wake.set()

    def end(self) -> None:
        self._ended = True
        self._wake.set()

    def confirm(self) -> None:
        if self._credits is not None:
            self._credits = min(self._credits + 1, VIEWER_CREDITS)
            self._wake.set()

    async def next(self) -> bytes | Event | None:
        """The next thing to send; None when the session has ended and everything was said."""
        while True:
            if self._events:
                return self._events.popleft()
            if self._ended:
                return None
            if self._frame is not None and self._credits != 0:
                frame, self._frame = self._frame, None
                self._credits = None if self._credits is None else self._credits - 1
                return frame
            self._wake.clear()
            await self._wake.wait()


@dataclass(frozen=True, slots=True)
class _Cast:
    page: Page
    cdp: CDPSession


class Screencast:
    def __init__(self, *, width: int, height: int) -> None:
        self._size = {"maxWidth": width, "maxHeight": height}
        self._watchers: set[Watcher] = set()
        self._page: Page | None = None
        self._cast: _Cast | None = None
        self._last: bytes | None = None
        self._lock = asyncio.Lock()
        self._chores: set[asyncio.Task[None]] = set()

    @property
    def is_watched(self) -> bool:
        return bool(self._watchers)

    def join(self, watcher: Watcher) -> None:
        self._watchers.add(watcher)
        if self._last is not None and watcher.audience is not Audience.LOGS:
            watcher.offer(self._last)
        self._spawn(self._settle())

    def leave(self, watcher: Watcher) -> None:
        self._watchers.discard(watcher)
        self._spawn(self._settle())

    def follow(self, page: Page | None) -> None:
        """Another tab is the one to show from now on; None when the session has ended."""
        if page is not self._page:
            self._page, self._last = page, None
            self._spawn(self._settle())

    def tell(self, event: Event, *audiences: Audience) -> None:
        for watcher in self._watchers:
            if watcher.audience in audiences:
                watcher.tell(event)

    def end(self) -> None:
        self.follow(None)
        for watcher in self._watchers:
            watcher.end()

    def _spawn(self, chore: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    def _wanted(self) -> Page | None:
        watched = any(watcher.audience is not Audience.LOGS for watcher in self._watchers)
        return self._page if watched and self._page is not None and not self._page.is_closed() else None

    async def _settle(self) -> None:
        """Brings the pump in line with what is wanted now, whatever order joins, leaves and tab changes came in."""
        async with self._lock:
            page = self._wanted()
            if self._cast is not None:
                if self._cast.page is page:
                    return
                with contextlib.suppress(PlaywrightError):
                    await self._cast.cdp.send("Page.stopScreencast")
                    await self._cast.cdp.detach()
                self._cast = self._last = None
            if page is not None:
                await self._start(page)

    async def _start(self, page: Page) -> None:
        try:
            cdp = await page.context.new_cdp_session(page)
            # Playwright raises what a listener raises out of some later, unrelated call: nothing may escape it.
            cdp.on("Page.screencastFrame", lambda event: self._on_frame(page, cdp, event))
            await page.bring_to_front()
            while self._wanted() is page:
                if await self._begun(cdp):
                    self._cast = _Cast(page, cdp)
                    return
                await asyncio.sleep(_RETRY_SECONDS)
        except PlaywrightError as error:
            logger.info("No live picture: %s", type(error).__name__)

    async def _begun(self, cdp: CDPSession) -> bool:
        try:
            await cdp.send("Page.startScreencast", {"format": "jpeg", "quality": _QUALITY, **self._size})
        except PlaywrightError as error:
            # Refused for some milliseconds of each navigation; a viewer that gave up would stay blank for ever.
            if "Not attached to an active page" in str(error):
                return False
            raise
        return True

    def _on_frame(self, page: Page, cdp: CDPSession, event: dict[str, Any]) -> None:
        self._spawn(_acknowledge(cdp, event["sessionId"]))
        if page is not self._page:
            return
        self._last = base64.b64decode(event["data"])
        for watcher in self._watchers:
            if watcher.audience is not Audience.LOGS:
                watcher.offer(self._last)


async def _acknowledge(cdp: CDPSession, frame: int) -> None:
    """At once: holding acknowledgements back does not throttle Chromium, it loses the last frame of a change."""
    with contextlib.suppress(PlaywrightError):
        await cdp.send("Page.screencastFrameAck", {"sessionId": frame})
