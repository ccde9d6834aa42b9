"""One live session: its browser, the tab in front, its steps and what it has transferred."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Literal

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page, Request

from notte_dashboard.local_api.browser import RunningBrowser
from notte_dashboard.local_api.helm import Helm
from notte_dashboard.local_api.rules import Launch
from notte_dashboard.local_api.screencast import Audience, Screencast
from notte_dashboard.local_api.steps import Step, without_picture
from notte_dashboard.local_api.store import Record, Store, timestamp
from notte_dashboard.notte_api.generated import ApiSessionStartRequest

Status = Literal["active", "closed", "error", "timed_out"]
_TITLE_SECONDS = 2.0
_MOST_TABS = 50
_URL_LIMIT = 2000


class Session:
    def __init__(
        self,
        *,
        session_id: str,
        request: ApiSessionStartRequest,
        launch: Launch,
        running: RunningBrowser,
        chrome: bool,
        store: Store,
    ) -> None:
        self.session_id = session_id
        self.request = request
        self.running = running
        self.page: Page = running.page
        self.status: Status = "active"
        self.error: str | None = None
        self.created_at = self.accessed_at = datetime.now(UTC)
        self.started = self.accessed = time.monotonic()
        self.closed_at: datetime | None = None
        self.steps: list[Step] = []
        self.agent_steps_taken = 0
        self.request_bytes = 0
        self.response_bytes = 0
        self.busy = False
        """Whether an agent decides which tab is in front."""
        self.ended = asyncio.Event()
        self.screencast = Screencast(width=launch.width, height=launch.height)
        self.helm = Helm()
        self.launch = launch
        self._chrome = chrome
        self._store = store
        self._chores: set[asyncio.Task[None]] = set()

    @property
    def is_active(self) -> bool:
        return self.status == "active"

    def open(self, on_lost: Callable[[str], None]) -> None:
        """Starts to follow the browser. `on_lost` hears why it cannot go on."""
        running = self.running
        running.browser.on("disconnected", lambda _browser: on_lost("The browser ended unexpectedly."))
        running.context.on("requestfinished", lambda request: self.spawn(self._count(request)))
        running.context.on("page", lambda page: self._adopt(page, on_lost))
        self._adopt(self.page, on_lost)
        self.screencast.follow(self.page)

    def touch(self) -> None:
        self.accessed_at, self.accessed = datetime.now(UTC), time.monotonic()

    def show(self, page: Page) -> None:
        if page is not self.page and self.is_active:
            self.page = page
            self.screencast.follow(page)
            self.announce()

    def show_tab(self, position: int) -> None:
        """As a person at the helm wishes; a tab that is gone is none."""
        pages = self.running.context.pages
        if 0 <= position < len(pages):
            self.show(pages[position])

    def announce(self) -> None:
        self.spawn(self._announce())

    def add_step(self, step: Step, agent_id: str | None) -> None:
        self._store.add_step(self.session_id, len(self.steps), agent_id, step)
        self.steps.append(step)
        event = {"type": step["type"], "data": without_picture(step)["value"], "timestamp": timestamp()}
        self.screencast.tell(event, Audience.RECORDING, Audience.LOGS)

    def record(self) -> Record:
        """What the API says about the session, without steps and without anything that opens it."""
        until = self.closed_at or datetime.now(UTC)
        return {
            "session_id": self.session_id,
            "idle_timeout_minutes": self.request.idle_timeout_minutes,
            "max_duration_minutes": self.request.max_duration_minutes,
            "created_at": timestamp(self.created_at),
            "closed_at": timestamp(self.closed_at) if self.closed_at else None,
            "last_accessed_at": timestamp(self.accessed_at),
            "duration": f"PT{(until - self.created_at).total_seconds():.6f}S",
            "status": self.status,
            "error": self.error,
            "proxies": self.launch.proxy is not None,
            "browser_type": "chrome" if self._chrome else "chromium",
            "use_file_storage": False,
            "network_request_bytes": self.request_bytes,
            "network_response_bytes": self.response_bytes,
            "user_agent": self.launch.user_agent,
            "viewport_width": self.launch.width,
            "viewport_height": self.launch.height,
            "headless": self.launch.headless,
            "solve_captchas": False,
            "cdp_url": None,
            "viewer_url": None,
            "web_bot_auth": False,
            "timeout_minutes": self.request.idle_timeout_minutes,
        }

    async def tabs(self) -> list[dict[str, Any]]:
        pages = list(self.running.context.pages)
        titles = await asyncio.gather(*(_title(page) for page in pages))
        return [
            {"tab_id": position, "title": title, "url": page.url}
            for position, (page, title) in enumerate(zip(pages, titles, strict=True))
        ]

    def spawn(self, chore: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def closing(self) -> None:
        """Waits for what listeners have left to do, so that nothing of this session is running any more."""
        for chore in list(self._chores):
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)

    def _adopt(self, page: Page, on_lost: Callable[[str], None]) -> None:
        page.on("framenavigated", lambda frame: self._on_navigated(page, frame))
        page.on("domcontentloaded", lambda _page: self.announce())
        page.on("load", lambda _page: self.announce())
        page.on("crash", lambda _page: on_lost("The page crashed.") if page is self.page else None)
        page.on("close", lambda _page: self._on_closed(page))
        if not self.busy:
            self.show(page)
        self.announce()

    def _on_navigated(self, _page: Page, frame: Frame) -> None:
        if frame.parent_frame is None:
            self.announce()

    def _on_closed(self, page: Page) -> None:
        """A page that closes itself leaves the tab before it in front, or a new one: a session always has a tab."""
        if not self.is_active:
            return
        self.announce()
        if page is not self.page:
            return
        others = [other for other in self.running.context.pages if other is not page]
        if others:
            self.show(others[-1])
        else:
            self.spawn(self._reopen())

    async def _reopen(self) -> None:
        with contextlib.suppress(PlaywrightError):  # the browser may be ending, which `on_lost` tells
            self.show(await self.running.context.new_page())

    async def _announce(self) -> None:
        """Nothing is asked of the pages while nobody watches."""
        if not self.screencast.is_watched:
            return
        tabs = (await self.tabs())[:_MOST_TABS]
        pages = self.running.context.pages
        front = pages.index(self.page) if self.page in pages else -1
        shown = next((tab for tab in tabs if tab["tab_id"] == front), {"url": self.page.url, "title": ""})
        told = [{**tab, "url": tab["url"][:_URL_LIMIT], "front": tab["tab_id"] == front} for tab in tabs]
        event = {"type": "page", "url": shown["url"][:_URL_LIMIT], "title": shown["title"], "tabs": told}
        self.screencast.tell(event, Audience.VIEWER)

    async def _count(self, request: Request) -> None:
        if not request.url.startswith(("http:", "https:")):
            return
        with contextlib.suppress(PlaywrightError):  # the page may be gone before its sizes were asked for
            sizes = await request.sizes()
            self.request_bytes += sizes["requestHeadersSize"] + sizes["requestBodySize"]
            self.response_bytes += sizes["responseHeadersSize"] + sizes["responseBodySize"]


async def _title(page: Page) -> str:
    try:
        return (await asyncio.wait_for(page.title(), _TITLE_SECONDS))[:500]
    except (PlaywrightError, TimeoutError):
        return ""
