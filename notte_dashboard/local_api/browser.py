"""One Chromium process per session: launched over a pipe (no debugging port), ended without leftovers."""

import asyncio
import contextlib
import logging
import os

from playwright.async_api import Browser, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from notte_dashboard.local_api import chromium, navigation
from notte_dashboard.local_api.chromium import Chromium, ChromiumMissingError
from notte_dashboard.local_api.rules import Launch
from notte_dashboard.local_api.running import NAVIGATION_MS, RunningBrowser, prepared
from notte_dashboard.local_api.settings import Settings
from notte_dashboard.local_api.warm import WarmBrowser

logger = logging.getLogger("notte_dashboard.local_api")

REST = 2.0
"""Seconds after a start until the next browser is started: the first pictures of the session come first."""
_CLOSE_SECONDS = 5.0


class LaunchError(Exception):
    """Chromium is there but did not start."""


class Launcher:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._sandbox = hasattr(os, "geteuid") and os.geteuid() != 0  # Chromium refuses its sandbox to root
        self._lock = asyncio.Lock()
        self._warm = WarmBrowser(self._fresh)

    async def start(self) -> None:
        self._playwright = await async_playwright().start()

    async def warm_up(self, *, pause: float = 0.0) -> None:
        """The next session finds a browser that runs already."""
        if self._settings.warm:
            with contextlib.suppress(ChromiumMissingError):  # told to whoever starts a session, and by /health
                self._warm.prepare(await self.chromium(), pause=pause)

    async def close(self) -> None:
        await self._warm.close()
        await self._stop_driver()

    async def _stop_driver(self) -> None:
        if self._playwright is not None:
            with contextlib.suppress(PlaywrightError, TimeoutError):
                await asyncio.wait_for(self._playwright.stop(), _CLOSE_SECONDS)
            self._playwright = None

    async def chromium(self) -> Chromium:
        """Looked up again whenever the file is gone, so that installing or removing it needs no restart."""
        async with self._lock:
            if self._chromium is None or not chromium.exists(self._chromium):
                self._chromium = None
                own = self._playwright.chromium.executable_path if self._playwright else ""
                self._chromium = await chromium.identify(chromium.find(self._settings.chromium, own))
            return self._chromium

    async def launch(self, plan: Launch) -> RunningBrowser:
        found = await self.chromium()
        try:
            return await self._warm.take(found, plan) or await self._fresh(found, plan)
        except PlaywrightError as error:
            raise LaunchError(_first_line(error)) from error
        finally:
            await self.warm_up(pause=REST)

    async def _fresh(self, found: Chromium, plan: Launch) -> RunningBrowser:
        browser = await self._started(found, plan)
        try:
            return await prepared(browser, plan)
        except PlaywrightError:
            await browser.close()
            raise

    async def _started(self, found: Chromium, plan: Launch) -> Browser:
        try:
            return await self._launch_once(found, plan)
        except PlaywrightError as error:
            text = str(error)
            if "sandbox" in text.lower() and self._sandbox:
                logger.warning("Chromium's sandbox does not work on this machine; going on without it.")
                self._sandbox = False
            elif "Connection closed" in text or "has been closed" in text:
                logger.warning("The browser driver had died and is started again.")
                await self._stop_driver()
                await self.start()
            else:
                raise
            return await self._launch_once(found, plan)

    async def _launch_once(self, found: Chromium, plan: Launch) -> Browser:
        assert self._playwright is not None, "the lifespan starts the driver"
        return await self._playwright.chromium.launch(
            executable_path=found.path,
            headless=plan.headless,
            args=[*plan.args, *navigation.chromium_switches(self._settings)],
            proxy=plan.proxy,  # type: ignore[arg-type]  # a TypedDict, of which we hold the same keys
            chromium_sandbox=self._sandbox,
            # Our own shutdown closes the browsers, and must see them end in order.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            timeout=NAVIGATION_MS,
        )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__


__all__ = ["ChromiumMissingError", "LaunchError", "Launcher", "RunningBrowser"]
