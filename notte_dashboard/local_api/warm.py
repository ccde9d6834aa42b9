"""One browser waits, started and with an empty page, so that a session begins at once. It costs memory only, about 90 MB."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Error as PlaywrightError

from notte_dashboard.local_api.chromium import Chromium, ChromiumMissingError
from notte_dashboard.local_api.rules import DEFAULT_VIEWPORT, Launch
from notte_dashboard.local_api.running import RunningBrowser, prepared

logger = logging.getLogger("notte_dashboard.local_api")

USUAL = Launch(*DEFAULT_VIEWPORT)
_ANSWERS_WITHIN = 1.0


class WarmBrowser:
    def __init__(self, launch: Callable[[Chromium, Launch], Awaitable[RunningBrowser]]) -> None:
        self._launch = launch
        self._task: asyncio.Task[RunningBrowser | None] | None = None
        self._chromium: Chromium | None = None
        self._resting = False

    def prepare(self, found: Chromium, *, pause: float) -> None:
        if self._task is None:
            self._chromium, self._resting = found, True
            self._task = asyncio.create_task(self._started(found, pause))

    async def take(self, found: Chromium, plan: Launch) -> RunningBrowser | None:
        """None when there is none, or when what the plan asks for is decided when a browser starts."""
        if self._task is None or self._resting or not _fits(plan):
            return None
        task, self._task = self._task, None
        waiting = await task
        if waiting is None:
            return None
        if found != self._chromium or not await waiting.answers(within=_ANSWERS_WITHIN):
            await waiting.close()
            return None
        try:
            return await _dressed(waiting, plan)
        except PlaywrightError as error:
            logger.warning("The waiting browser is not used: %s", type(error).__name__)
            await waiting.close()
            return None

    async def close(self) -> None:
        task, self._task = self._task, None
        if task is None:
            return
        if self._resting:
            task.cancel()
        # One that is just starting is waited for: cancelled half-way it would be left alone.
        outcome: Any = (await asyncio.gather(task, return_exceptions=True))[0]
        if isinstance(outcome, RunningBrowser):
            await outcome.close()

    async def _started(self, found: Chromium, pause: float) -> RunningBrowser | None:
        await asyncio.sleep(pause)
        self._resting = False
        try:
            return await self._launch(found, USUAL)
        except (PlaywrightError, ChromiumMissingError) as error:
            logger.info("No browser waits for the next session: %s", type(error).__name__)
            return None


def _fits(plan: Launch) -> bool:
    return plan.headless and not plan.args and plan.proxy is None


async def _dressed(waiting: RunningBrowser, plan: Launch) -> RunningBrowser:
    if plan == USUAL:
        return waiting
    dressed = await prepared(waiting.browser, plan)
    await waiting.context.close()
    return dressed
