"""The server goes away under open pages: what they show stays, with its age, and they come back by themselves."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e import visitor
from tests.e2e.conftest import Finished
from tests.e2e.onlooker import *  # noqa: F403 - fixtures
from tests.e2e.scribe import Scribe
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
MARKED = "() => { window.marked = true; }"
ROWS = "[data-run-id]"
FILTER = "[name=q]"
LISTS = ("/", "/live/", "/sessions/", "/agents/")


@pytest.fixture
def pages(tabs: Callable[..., tuple[str, list[Page]]], scribe: Scribe) -> dict[str, Page]:
    """Of somebody with one session and an agent in it, which nobody else changes and which go on; all with a row, and marked."""
    by, lists = tabs(*LISTS)
    session = scribe("session", by=by, last_title="Harbour Lane")
    agent = scribe("agent", by=by, session=session, task="Count the barley sacks")
    opened = dict(zip(LISTS, lists, strict=True))
    for path, uuids in {"/": {session, agent}, "/live/": {agent}, "/sessions/": {session}, "/agents/": {agent}}.items():
        for uuid in uuids:
            expect(opened[path].locator(f"[data-run-id='{uuid}']").first).to_be_visible()
    detail = f"/sessions/{session}/"
    opened[detail] = lists[0].context.new_page()
    opened[detail].goto(detail)
    for page in opened.values():
        visitor.wait_live(page)
        page.evaluate(MARKED)
    return opened


def rows(page: Page) -> list[str]:
    return page.locator(ROWS).evaluate_all("all => all.map(each => each.dataset.runId)")


def test_what_is_shown_stays_with_its_age_until_the_server_is_back(pages: dict[str, Page], stack: Stack, complaints: list[str]):
    before = {path: rows(page) for path, page in pages.items()}
    killed = stack.kill("web")
    for path, page in pages.items():
        live = page.locator("live-socket")
        expect(live).to_have_attribute("data-state", "retrying")
        expect(live).to_contain_text(re.compile(r"retrying….*last update \d+ s ago", re.DOTALL))
        assert rows(page) == before[path]
    lists = pages["/sessions/"]
    lists.fill(FILTER, "nothing is called like this")
    expect(lists.locator(".toast-note").first).to_contain_text("did not answer")
    assert rows(lists) == before["/sessions/"]

    stack.wait_restarted("web", killed)
    for path, page in pages.items():
        visitor.wait_live(page, timeout=60_000)
        assert page.evaluate("window.marked"), f"{path} was loaded again"
        assert rows(page) == before[path]
    complaints[:] = [text for text in complaints if "Failed to fetch" not in text]  # the filter's


@pytest.mark.parametrize("code", [403, 404, 429, 500, 502, 503])
def test_an_answer_that_is_an_error_blanks_nothing(tab: Page, finished: Finished, complaints: list[str], code: int):
    def refuse(route: Route) -> None:
        if route.request.headers.get("hx-request"):
            route.fulfill(status=code, body="<h1>Oh no</h1>", content_type="text/html")
        else:
            route.continue_()

    tab.goto("/agents/")
    before = rows(tab)
    assert before
    tab.route("**/agents/?*", refuse)
    tab.fill(FILTER, "something")
    expect(tab.locator(".toast-note").first).to_contain_text(str(code))
    assert rows(tab) == before
    expect(tab.locator("body")).not_to_contain_text("Oh no")
    complaints[:] = [text for text in complaints if str(code) not in text]
