"""What a first visit costs, and that an open page asks for nothing."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import visitor
from tests.e2e.conftest import Finished, new_tab
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
PATHS = ["/accounts/login/", "/", "/sessions/", "/agents/", "/sessions/start/", "/agents/start/"]
BYTES, REQUESTS = 100 * 1024, 12
TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")
# Django leaves answers alone that compression would hardly shorten.
NOT_WORTH_IT = 200
SHOWN_AT_ONCE, SMALL_PICTURE = 8, 10 * 1024
IDLE = 8_000


class Traffic:
    """What a tab of a browser that knows nothing yet sends and receives; the live picture's frame apart."""

    def __init__(self, tab: Page) -> None:
        self.answers: dict[str, dict[str, Any]] = {}
        protocol = tab.context.new_cdp_session(tab)
        protocol.on("Network.requestWillBeSent", self._asked)
        protocol.on("Network.responseReceived", self._answered)
        protocol.on("Network.loadingFinished", self._finished)
        protocol.send("Network.enable")
        self.main = protocol.send("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def _asked(self, event: dict[str, Any]) -> None:
        if event["frameId"] == self.main and not event["request"]["url"].startswith("data:"):
            self.answers[event["requestId"]] = {"url": event["request"]["url"], "bytes": 0}

    def _answered(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        if answer := self.answers.get(event["requestId"]):
            answer |= {"type": event["response"]["mimeType"], "headers": headers, "status": event["response"]["status"]}

    def _finished(self, event: dict[str, Any]) -> None:
        if answer := self.answers.get(event["requestId"]):
            answer["bytes"] = event["encodedDataLength"]

    def all(self) -> list[dict[str, Any]]:
        return list(self.answers.values())


@pytest.fixture
def newcomer(browser: Browser, signed_in: dict[str, Any], complaints: list[str]) -> Iterator[Page]:
    """Signed in, with an empty cache, beside `tab`."""
    with new_tab(browser, signed_in, complaints) as opened:
        yield opened


def is_compressed(answer: dict[str, Any]) -> bool:
    length = int(answer["headers"].get("content-length", NOT_WORTH_IT))
    return length < NOT_WORTH_IT or answer["headers"].get("content-encoding") in {"br", "gzip"}


def check(traffic: Traffic, host: str) -> None:
    """Pictures of steps are what was recorded, not what the page costs; they have limits of their own."""
    answers = [answer for answer in traffic.all() if "/screenshots/" not in answer["url"]]
    assert len(answers) <= REQUESTS, [answer["url"] for answer in answers]
    assert sum(answer["bytes"] for answer in answers) <= BYTES, [(answer["url"], answer["bytes"]) for answer in answers]
    assert {urlsplit(answer["url"]).netloc for answer in answers} == {host}
    assert {answer["status"] for answer in answers} == {200}
    assert [answer["url"] for answer in answers if answer["type"].startswith(TEXT) and not is_compressed(answer)] == []


@pytest.mark.parametrize("path", PATHS)
def test_a_first_visit_is_light_compressed_and_quiet(newcomer: Page, stack: Stack, path: str):
    if "login" in path:
        newcomer.context.clear_cookies()
    traffic = Traffic(newcomer)
    newcomer.goto(path)
    visitor.settle(newcomer)
    check(traffic, f"localhost:{stack.port}")


def test_a_first_visit_to_a_running_session_is_light_too(newcomer: Page, tab: Page, stack: Stack):
    session = visitor.start_session(tab)
    visitor.wait_for_status(tab, "active")
    traffic = Traffic(newcomer)
    newcomer.goto(session)
    visitor.wait_live(newcomer)
    expect(newcomer.locator("iframe.viewer-frame")).to_be_visible()
    visitor.settle(newcomer)
    check(traffic, f"localhost:{stack.port}")
    assert len([answer for answer in traffic.all() if answer["url"].endswith("/viewer/?theme=light")]) == 1


@pytest.mark.parametrize("kind", ["agent", "session"])
def test_a_first_visit_to_what_has_ended_is_light_too(newcomer: Page, stack: Stack, finished: Finished, kind: str):
    traffic = Traffic(newcomer)
    newcomer.goto(getattr(finished, kind))
    visitor.wait_over(newcomer)
    visitor.settle(newcomer)
    check(traffic, f"localhost:{stack.port}")
    small = [answer["bytes"] for answer in traffic.all() if answer["url"].endswith("?small")]
    assert 2 <= len(small) <= SHOWN_AT_ONCE
    assert max(small) < SMALL_PICTURE


def test_open_pages_ask_for_nothing(tab: Page, stack: Stack):
    """Three of them, looked at together to save time."""
    session = visitor.start_session(tab)
    visitor.wait_for_status(tab, "active")
    visitor.wait_live(tab)
    expect(tab.locator("iframe.viewer-frame")).to_be_visible()
    others = [tab.context.new_page() for _ in range(2)]
    for other, path in zip(others, ("/sessions/", "/"), strict=True):
        other.goto(path)
    pages = [tab, *others]
    visitor.settle(*pages)
    asked: list[str] = []
    for page in pages:
        page.on("request", lambda request: asked.append(request.url))
    tab.wait_for_timeout(IDLE)
    assert asked == []
    visitor.wait_live(tab)
    assert visitor.facts(tab, session)["status"] == "active"
