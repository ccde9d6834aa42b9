"""One Chromium for all tests of a module, which therefore share a loop: `pytest.mark.asyncio(loop_scope="module")`."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.templates.served_page import ServedPage

CHROMIUM = os.environ.get("CHROMIUM") or next(
    (found for name in ("chromium-headless-shell", "chromium", "google-chrome") if (found := shutil.which(name))),
    "/usr/lib/chromium/chromium-headless-shell",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="module")
async def served() -> AsyncIterator[ServedPage]:
    async with ServedPage() as started:
        yield started


@pytest.fixture
def complaints() -> list[str]:
    """What the console says; a test that breaks something takes out what it has caused."""
    return []


@pytest_asyncio.fixture(loop_scope="module")
async def tab(served: ServedPage, engine: Browser, complaints: list[str]) -> AsyncIterator[Page]:
    opened = await engine.new_page(viewport={"width": 1280, "height": 700})
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    await opened.close()
    assert [text for text in complaints if "WebSocket" not in text] == []
