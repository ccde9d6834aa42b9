"""A browser of one session: its context, its first page, and its end without leftovers."""

import asyncio
import contextlib
import logging
import os
import signal
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from notte_dashboard.local_api.rules import Launch

logger = logging.getLogger("notte_dashboard.local_api")

ACTION_MS = 15_000
NAVIGATION_MS = 30_000
_CLOSE_SECONDS = 5.0
_PROBE_SECONDS = 10.0


@dataclass(slots=True)
class RunningBrowser:
    browser: Browser
    context: BrowserContext
    page: Page
    control: CDPSession
    group: int
    """Its process group: Playwright gives each Chromium one of its own."""

    async def answers(self, *, within: float = _PROBE_SECONDS) -> bool:
        """False when the browser, or the driver between it and us, is gone."""
        try:
            await asyncio.wait_for(self.control.send("Browser.getVersion"), within)
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


def share_niceness(pid: int) -> None:
    """Lets the browser yield as this process does.

    Linux weighs the processes of a terminal session as a group, and Playwright gives each Chromium a session of its own. Our
    niceness means nothing there, so the group is told (sched(7), "The autogroup feature").
    """
    niceness = os.getpriority(os.PRIO_PROCESS, 0)
    group = Path(f"/proc/{pid}/autogroup")
    if niceness <= 0 or not group.exists():
        return
    try:
        group.write_text(str(niceness))
    except OSError as error:  # it takes ten a second; a browser may have ended already
        logger.info("Chromium %d does not yield: %s", pid, error)


async def prepared(browser: Browser, plan: Launch) -> RunningBrowser:
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
    share_niceness(pid)
    return RunningBrowser(browser, context, await context.new_page(), control, os.getpgid(pid))
