"""One Chromium process per session: launched over a pipe (no debugging port), ended without leftovers."""

import asyncio
import contextlib
import logging
import os
import signal
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from notte_dashboard.local_api import chromium, navigation
from notte_dashboard.local_api.chromium import Chromium, ChromiumMissingError
from notte_dashboard.local_api.rules import Launch
from notte_dashboard.local_api.settings import Settings

logger = logging.getLogger("notte_dashboard.local_api")

ACTION_MS = 15_000
NAVIGATION_MS = 30_000
_CLOSE_SECONDS = 5.0
_PROBE_SECONDS = 10.0


class LaunchError(Exception):
    """Chromium is there but did not start."""


@dataclass(slots=True)
class RunningBrowser:
    browser: Browser
    context: BrowserContext
    page: Page
    control: CDPSession
    group: int
    """Its process group: Playwright gives each Chromium one of its own."""

    async def answers(self) -> bool:
        """False when the browser, or the driver between it and us, is gone."""
        try:
            await asyncio.wait_for(self.control.send("Browser.getVersion"), _PROBE_SECONDS)
        except (PlaywrightError, TimeoutError):
            return False
        return True

    async def close(self) -> None:
        in_order = self.browser.is_connected()
        try:
            await asyncio.wait_for(self.browser.close(), _CLOSE_SECONDS)
        except (PlaywrightError, TimeoutError) as error:
            in_order = False
            logger.warning("Chromium %d did not close and is killed: %s", self.group, type(error).__name__)
        if not in_order:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.group, signal.SIGKILL)


class Launcher:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._sandbox = hasattr(os, "geteuid") and os.geteuid() != 0  # Chromium refuses its sandbox to root
        self._lock = asyncio.Lock()

    async def start(self) -> None:
        self._playwright = await async_playwright().start()

    async def close(self) -> None:
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
            browser = await self._started(found, plan)
        except PlaywrightError as error:
            raise LaunchError(_first_line(error)) from error
        try:
            return await _prepared(browser, plan)
        except PlaywrightError as error:
            await browser.close()
            raise LaunchError(_first_line(error)) from error

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
                await self.close()
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


async def _prepared(browser: Browser, plan: Launch) -> RunningBrowser:
    context = await browser.new_context(
        viewport={"width": plan.width, "height": plan.height},
        user_agent=plan.user_agent,
        extra_http_headers=plan.headers or None,
        accept_downloads=False,
    )
    context.set_default_timeout(ACTION_MS)
    context.set_default_navigation_timeout(NAVIGATION_MS)
    control = await browser.new_browser_cdp_session()
    processes = await control.send("SystemInfo.getProcessInfo")
    pid = next(int(process["id"]) for process in processes["processInfo"] if process["type"] == "browser")
    return RunningBrowser(browser, context, await context.new_page(), control, os.getpgid(pid))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__


__all__ = ["ChromiumMissingError", "LaunchError", "Launcher", "RunningBrowser"]
