"""A session from the form to its end: seen at once, live, counted down, stopped."""

import io
import re
import time
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.e2e import visitor
from tests.e2e.conftest import Finished
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
SECONDS_LEFT = """() => [...document.querySelectorAll('#countdown count-down')].map(
    each => each.textContent.split(':').reduce((sum, part) => sum * 60 + parseInt(part), 0))"""


def picture_of(tab: Page) -> Image.Image:
    return Image.open(io.BytesIO(tab.locator("iframe.viewer-frame").screenshot())).convert("RGB")


def colours(picture: Image.Image) -> int:
    return len(picture.getcolors(picture.width * picture.height))


def reload_until(tab: Page, status: str) -> None:
    """As somebody without scripts does."""
    ends = time.monotonic() + visitor.PATIENCE / 1000
    while visitor.status(tab).get_attribute("data-status") != status:
        assert time.monotonic() < ends, f"not {status} yet"
        tab.reload()


def test_a_session_is_on_its_page_at_once_and_becomes_active_by_itself(tab: Page):
    tab.goto("/sessions/start/")
    with tab.expect_response(lambda answer: visitor.DETAIL.search(answer.url) is not None) as first:
        visitor.submit(tab)
    # With a browser that waits, it may be quicker than the page.
    assert re.search(r'data-status="(starting|active)"', first.value.text())
    tab.wait_for_url(visitor.DETAIL, wait_until="commit")
    visitor.watch(tab)
    visitor.wait_for_status(tab, "active")
    expect(tab.locator("iframe.viewer-frame")).to_be_visible()
    expect(tab).to_have_title("Active · " + tab.title().split(" · ", 1)[1])
    visitor.counts(tab)


def test_the_live_picture_shows_the_page_as_it_changes(tab: Page, stack: Stack):
    session = visitor.start_session(tab)
    visitor.wait_for_status(tab, "active")
    visitor.start_agent(tab, "What is the heading?", visitor.demo(stack, "moving"), session)
    visitor.wait_over(tab)
    tab.goto(session)
    expect(tab.locator("iframe.viewer-frame")).to_be_visible()
    viewer = tab.frame_locator("iframe.viewer-frame")
    expect(viewer.locator("html")).to_have_attribute("data-state", "live", timeout=visitor.PATIENCE)
    first = picture_of(tab)
    assert colours(first) > 50
    ends = time.monotonic() + visitor.PATIENCE / 1000
    while picture_of(tab).tobytes() == first.tobytes():
        assert time.monotonic() < ends, "The picture of a moving page stands still."


def test_the_time_left_counts_down(tab: Page):
    visitor.start_session(tab)
    visitor.wait_for_status(tab, "active")
    expect(tab.locator("#countdown count-down")).to_have_count(2)
    idle, most = tab.evaluate(SECONDS_LEFT)
    assert 120 < idle <= 180
    assert 840 < most <= 900
    tab.wait_for_function(f"([idle, most]) => ({SECONDS_LEFT})().every((left, i) => left < [idle, most][i])", arg=[idle, most])


def test_stopping_asks_first_and_the_page_follows_to_the_last_picture(tab: Page, stack: Stack):
    session = visitor.start_session(tab)
    visitor.wait_for_status(tab, "active")
    visitor.start_agent(tab, "What is the heading?", visitor.demo(stack, ""), session)
    visitor.wait_over(tab)
    tab.goto(session)
    visitor.watch(tab)
    visitor.wait_live(tab)
    posts: list[str] = []
    tab.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    question = tab.locator("#confirm")
    for leave in (lambda: tab.keyboard.press("Escape"), question.get_by_role("button", name="Cancel").click):
        tab.click(".btn-stop")
        expect(question).to_contain_text("Stop this session?")
        leave()
        expect(question).to_be_hidden()
    assert posts == []
    assert visitor.facts(tab)["stop_requested_at"] is None

    visitor.stop(tab)

    visitor.wait_for_status(tab, "closed")
    assert visitor.loaded(tab.locator("#viewer-slot img"))
    expect(tab.locator("#actions")).to_contain_text("Start again")
    visitor.wait_over(tab)
    visitor.counts(tab)
    tab.goto("/sessions/?status=closed")
    expect(tab.locator(f"[data-run-id='{visitor.uuid_in(session)}']")).to_contain_text("Closed")


def test_a_session_can_be_started_and_stopped_without_javascript(browser: Browser, signed_in: dict[str, Any]):
    context = browser.new_context(**signed_in, java_script_enabled=False)
    tab = context.new_page()
    visitor.start_session(tab)
    reload_until(tab, "active")
    tab.get_by_role("link", name="Stop").click()
    expect(tab.get_by_role("heading", name="Stop this session?")).to_be_visible()
    tab.get_by_role("link", name="Cancel").click()
    expect(visitor.status(tab)).to_have_attribute("data-status", "active")
    tab.get_by_role("link", name="Stop").click()
    tab.get_by_role("button", name="Stop session").click()
    reload_until(tab, "closed")
    context.close()


def test_every_page_reads_fully_without_javascript(browser: Browser, signed_in: dict[str, Any], finished: Finished):
    context = browser.new_context(**signed_in, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(finished.agent)
    assert tab.locator("[data-step-seq]").count() == len(visitor.facts(tab)["steps"])
    for text in ("Success", "£24.00", "Took", "Saved as a workflow"):
        expect(tab.locator("main")).to_contain_text(text)
    tab.goto("/")
    expect(tab.locator("tr[data-run-id]").first).to_contain_text("admin")
    tab.goto("/agents/")
    tab.fill("[name=q]", "first result")
    tab.get_by_role("button", name="Filter").click()
    expect(tab.locator(f"[data-run-id='{visitor.uuid_in(finished.agent)}']")).to_be_visible()
    context.close()
