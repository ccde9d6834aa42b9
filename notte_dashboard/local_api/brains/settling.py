"""Waits for what an action set going, and no longer."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from playwright.async_api import BrowserContext, Frame, Page, Request
from playwright.async_api import Error as PlaywrightError

LONGEST: Final = 15.0
NOTICE: Final = 0.25
"""How long after an action its navigation or first request may begin."""
QUIET: Final = 2.0


class Settling:
    """Follows one page's main-frame navigation and requests, and any tab it opens."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.opened: list[Page] = []
        self.running: set[Request] = set()
        self.navigating: Request | None = None
        self.changed = asyncio.Event()
        self.still_loading = False

    def requested(self, request: Request) -> None:
        if request.resource_type in {"websocket", "eventsource", "media"}:
            return
        self.running.add(request)
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.navigating = request
        self.changed.set()

    def ended(self, request: Request) -> None:
        self.running.discard(request)
        if request is self.navigating and request.failure:
            self.navigating = None
        self.changed.set()

    def navigated(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.navigating = None
            self.changed.set()

    def opened_tab(self, page: Page) -> None:
        self.opened.append(page)
        self.changed.set()

    async def wait(self) -> Page:
        try:
            await asyncio.wait_for(self.changed.wait(), NOTICE)
        except TimeoutError:
            return self.page
        page = self.opened[-1] if self.opened else self.page
        await self._until(lambda: self.navigating is None, LONGEST)
        self.still_loading = self.navigating is not None or not await loaded(page)
        await self._until(lambda: not self.running, QUIET)
        return page

    async def _until(self, done: Callable[[], bool], seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not done():
                    self.changed.clear()
                    await self.changed.wait()


async def loaded(page: Page) -> bool:
    try:
        await page.wait_for_load_state("load", timeout=LONGEST * 1000)
    except PlaywrightError:
        return False
    return True


@asynccontextmanager
async def settling(context: BrowserContext, page: Page) -> AsyncIterator[Settling]:
    watch = Settling(page)
    page.on("request", watch.requested)
    page.on("requestfinished", watch.ended)
    page.on("requestfailed", watch.ended)
    page.on("framenavigated", watch.navigated)
    context.on("page", watch.opened_tab)
    try:
        yield watch
    finally:
        page.remove_listener("request", watch.requested)
        page.remove_listener("requestfinished", watch.ended)
        page.remove_listener("requestfailed", watch.ended)
        page.remove_listener("framenavigated", watch.navigated)
        context.remove_listener("page", watch.opened_tab)
