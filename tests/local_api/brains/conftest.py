"""A real Chromium for all tests of a run, the demo site on a free port, and the loop an agent runs."""

import os
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from notte_dashboard.local_api.brains import brain_for
from notte_dashboard.local_api.brains.actions import perform
from notte_dashboard.local_api.brains.interface import Turn
from notte_dashboard.local_api.brains.perception import look
from notte_dashboard.local_api.demo import site

INSTALLED = Path("/usr/lib/chromium/chromium-headless-shell")
EXECUTABLE = os.environ.get("CHROMIUM") or (str(INSTALLED) if INSTALLED.exists() else None)
MOST_STEPS = 40


def anywhere(_url: str) -> bool:
    return True


async def _written(request) -> Response:
    """A page made by a test: `pages[name]`."""
    return HTMLResponse(request.app.state.pages[request.path_params["name"]])


class Web:
    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        app = Starlette(routes=[Mount("/demo", site), Route("/written/{name}", _written, methods=["GET", "POST"])])
        app.state.pages = self.pages
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen()
        self.origin = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.server.run, args=([self.socket],), daemon=True)
        self.thread.start()

    def write(self, name: str, page: str) -> str:
        self.pages[name] = page
        return f"{self.origin}/written/{name}"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(timeout=60)
        self.socket.close()


@pytest.fixture(scope="session")
def web() -> Iterator[Web]:
    served = Web()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def demo(web: Web) -> str:
    return f"{web.origin}/demo"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=arguments)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    fresh = await chromium.new_context()
    yield fresh
    await fresh.close()


@pytest_asyncio.fixture(loop_scope="session")
async def tab(context: BrowserContext) -> Page:
    return await context.new_page()


Run = Callable[[str, str | None], Awaitable[list[Turn]]]


@pytest_asyncio.fixture(loop_scope="session")
async def run(context: BrowserContext, tab: Page) -> Run:
    """The agent's loop: every turn until the brain completes."""

    async def until_done(task: str, url: str | None) -> list[Turn]:
        brain, turns, page = brain_for(task, url), [], tab
        if url:
            await perform(context, page, {"type": "goto", "url": url}, await look(page), allowed=anywhere)
        for _ in range(MOST_STEPS):
            view = await look(page)
            decision = brain.decide(view, turns)
            result, page = await perform(context, page, decision.action, view, allowed=anywhere)
            turns.append(Turn(view, decision, result))
            if decision.is_final:
                return turns
        raise AssertionError(f"No end after {MOST_STEPS} steps: {[turn.decision.action for turn in turns[-4:]]}")

    return until_done
