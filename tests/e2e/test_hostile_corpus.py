"""Hundreds of hostile texts through every place that shows a text of a stranger, pushed and drawn by the server."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e import visitor
from tests.e2e.hostile_sinks import (
    HARMLESS,
    MANY,
    SHORT,
    TOGETHER,
    Rows,
    Watchman,
    corpus,
    kinds,
    rows_of,
    wait_for_cards,
    watched,
    whole_timeline,
    without_huge,
)
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
PLENTY = 300
LONG = "word " * 6000
LISTS = ["/", "/live/", "/sessions/", "/agents/", "/presets/"]
ADMIN = ["agents_app/agentrun/", "sessions_app/browsersession/", "agents_app/agentstep/", "sessions_app/sessionstep/"]


@pytest.fixture
def rows(stack: Stack) -> Iterator[Rows]:
    with rows_of(stack) as program:
        yield program


@pytest.fixture
def context(browser: Browser, signed_in: dict[str, Any]) -> Iterator[BrowserContext]:
    made = browser.new_context(**signed_in)
    yield made
    made.close()


@pytest.fixture
def watchman(context: BrowserContext, stack: Stack) -> Watchman:
    return watched(context, stack)


class Tabs:
    """The pages that are open all the time, so that everything is pushed to them."""

    def __init__(self, context: BrowserContext) -> None:
        self.agent, self.session, self.other = (context.new_page() for _ in range(3))
        self.lists = [context.new_page() for _ in LISTS]
        for page, path in zip(self.lists, LISTS, strict=True):
            page.goto(path)

    def everywhere(self, rows: Rows, payloads: list[str]) -> set[str]:
        """All kinds of elements that pages are made of while and after these texts came."""
        run = rows("make", payloads=payloads)
        found: set[str] = set()
        for page, path in ((self.agent, run["agent"]), (self.session, run["session"])):
            page.goto(path)
            visitor.wait_live(page)
        cards = rows("push", pks=run["pks"], payloads=payloads, together=TOGETHER)["cards"]
        for page in (self.agent, self.session):
            wait_for_cards(page, cards)
            found |= kinds(page)
        rows("end", pks=run["pks"], payloads=payloads)
        for page in (self.agent, self.session):
            visitor.wait_over(page)
            found |= kinds(page)
            page.reload()
            found |= kinds(page)
        # The session's is drawn by the same parts.
        whole_timeline(self.agent, cards)
        found |= kinds(self.agent)
        for page in self.lists:
            found |= kinds(page)
        self.files(run)
        return found

    def admin(self, rows: Rows, payloads: list[str]) -> set[str]:
        """The admin panel and the form of another start show texts whole: a browser needs minutes for the huge ones."""
        run = rows("make", payloads=payloads)
        rows("push", pks=run["pks"], payloads=payloads, together=TOGETHER)
        rows("end", pks=run["pks"], payloads=payloads)
        found: set[str] = set()
        uuid = run["agent"].strip("/").split("/")[1]
        changes = (f"/admin/{model}{pk}/change/" for model, pk in zip(ADMIN, run["pks"], strict=False))
        for path in (*changes, f"/agents/start/?from={uuid}"):
            self.other.goto(path)
            found |= kinds(self.other)
        return found

    def files(self, run: dict[str, Any]) -> None:
        """What is told as JSON, or kept on a disk, is never a page."""
        for path in (run["agent"], run["session"]):
            told = self.agent.request.get(path, headers={"Accept": "application/json"}, max_retries=2)
            assert told.headers["content-type"].startswith("application/json")
            assert told.headers["x-content-type-options"] == "nosniff"
        for form in ("txt", "json"):
            file = self.agent.request.get(f"{run['agent']}answer.{form}", max_retries=2)
            assert file.headers["content-disposition"].startswith("attachment")
            assert file.headers["x-content-type-options"] == "nosniff"

    def in_lists(self) -> set[str]:
        """Drawn by the server, where they have only been pushed so far; and the lists of the admin panel."""
        found: set[str] = set()
        for path in (*LISTS, *(f"/admin/{path}" for path in ADMIN)):
            self.other.goto(path)
            found |= kinds(self.other)
        return found


def row_by_row(tab: Page) -> set[str]:
    """The list with one row for each text."""
    found: set[str] = set()
    tab.goto("/agents/?status=error")
    while (more := tab.locator("a[rel=next]")).count():
        found |= kinds(tab)
        first = tab.locator("[data-run-id]").first.get_attribute("data-run-id")
        more.click()
        tab.wait_for_function("id => document.querySelector('[data-run-id]')?.dataset.runId !== id", arg=first)
    return found | kinds(tab)


@pytest.mark.timeout(480)  # hundreds of texts in every place
def test_hostile_texts_stay_texts_everywhere(context: BrowserContext, rows: Rows, watchman: Watchman):
    texts = corpus()
    assert len(texts) >= PLENTY
    tabs = Tabs(context)
    ordinary = tabs.everywhere(rows, [*HARMLESS, *SHORT * MANY])
    ordinary |= tabs.admin(rows, SHORT) | tabs.admin(rows, [*SHORT, LONG])
    rows("lists", payloads=[*HARMLESS, *SHORT] * 2)
    ordinary |= tabs.in_lists() | row_by_row(tabs.other)
    hostile = tabs.everywhere(rows, list(texts.values())) | tabs.admin(rows, without_huge(texts))
    rows("lists", payloads=list(texts.values()))
    hostile |= tabs.in_lists() | row_by_row(tabs.other)
    assert hostile - ordinary == set()
    assert watchman.report() == []
