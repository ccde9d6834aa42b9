"""200 cuts of live pages' sockets: every page ends with exactly the steps of the database, and was never loaded again."""

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e import visitor
from tests.e2e.fault_proxy import Fate, FaultProxy, cut_at_random, fault_proxy
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
SEED = 4
CUTS = 200
PAGES = 8
HELD = (4, 9)
"""Of these sockets, in the order in which they are opened, nobody is told that they are dead."""
LONGEST = 120
# Lost with a reload. Notes every moment at which the steps shown were not 1, 2, 3, … without a gap or a repetition.
WATCHED = """() => {
    window.wrong = [];
    window.states = new Set();
    const socket = document.querySelector('live-socket');
    const look = () => {
        window.states.add(socket.dataset.state);
        const shown = [...document.querySelectorAll('[data-step-seq]')].map((step) => Number(step.dataset.stepSeq));
        if (shown.some((seq, index) => seq !== index + 1)) window.wrong.push(shown);
        if (document.querySelector('#steps [data-empty]') && shown.length) window.wrong.push('said to be empty');
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true });
}"""


@pytest.fixture
def network(stack: Stack) -> Iterator[FaultProxy]:
    with fault_proxy(stack.port) as proxy:
        yield proxy


@pytest.fixture
def errors() -> list[str]:
    return []


@pytest.fixture
def visitors(browser: Browser, signed_in: dict[str, Any], network: FaultProxy, errors: list[str]) -> Iterator[BrowserContext]:
    context = browser.new_context(**signed_in | {"base_url": f"http://localhost:{network.port}"})
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()


def start_long_agent(tab: Page, stack: Stack) -> str:
    """For minutes it has something new every other second, until it is stopped; the same page twice would end it."""
    slow = visitor.demo(stack, "slow?seconds=2")
    tab.goto("/agents/start/")
    tab.fill("[name=max_steps]", "150")
    tab.fill("[name=task]", ", then ".join(f"go to {slow}.{number:02}" for number in range(1, 81)))
    visitor.submit(tab)
    tab.wait_for_url(visitor.DETAIL)
    return visitor.path_of(tab)


def fates(dice: random.Random):
    # A browser opens one socket to a server after the other: one that was silenced in its handshake would hold up all.
    return lambda number: Fate(after_bytes=400, silent=True) if number in HELD else cut_at_random(dice)


def open_pages(context: BrowserContext, paths: list[str]) -> list[Page]:
    pages = []
    for path in paths:
        page = context.new_page()
        page.goto(path)
        page.evaluate(WATCHED)
        pages.append(page)
    return pages


def frozen(context: BrowserContext, page: Page, state: str) -> None:
    """As a laptop's lid does: nothing of the page runs, and what arrives waits."""
    context.new_cdp_session(page).send("Page.setWebLifecycleState", {"state": state})


def until(page: Page, network: FaultProxy, cuts: int) -> None:
    ends = time.monotonic() + LONGEST
    while network.cuts < cuts:
        assert time.monotonic() < ends, f"only {network.cuts} cuts of {network.websockets} sockets"
        page.wait_for_timeout(100)


def test_200_cuts_lose_nothing_double_nothing_and_need_no_reload(
    tab: Page, stack: Stack, network: FaultProxy, visitors: BrowserContext, errors: list[str]
):
    agent = start_long_agent(tab, stack)
    session = f"/sessions/{visitor.facts(tab)['session']}/"
    tab.goto("about:blank")
    network.fate = fates(random.Random(SEED))
    pages = open_pages(visitors, [agent] * (PAGES - 1) + [session])

    until(tab, network, CUTS // 4)
    redis = stack.kill("redis")
    frozen(visitors, pages[0], "frozen")
    until(tab, network, CUTS // 2)
    frozen(visitors, pages[0], "active")
    stack.wait_restarted("redis", redis)
    until(tab, network, CUTS)
    web = stack.kill("web")
    expect(pages[0].locator("live-socket")).to_have_attribute("data-state", "retrying")
    expect(pages[0].locator(".live-age")).to_contain_text("last update")
    stack.wait_restarted("web", web)
    network.fate = None
    for page in pages:
        visitor.wait_live(page, timeout=60_000)
    assert network.held == len(HELD)

    tab.goto(agent)
    visitor.stop(tab)
    visitor.wait_over(tab)
    tab.goto(session)
    visitor.stop(tab)
    visitor.wait_over(tab)
    for page in pages:
        visitor.wait_over(page)
        told = visitor.facts(tab, visitor.path_of(page))
        assert visitor.shown_steps(page) == visitor.one_by_one(len(told["steps"]))
        assert len(told["steps"]) > PAGES
        assert page.evaluate("window.wrong") == []
        assert "retrying" in page.evaluate("[...window.states]")
    assert network.cuts >= CUTS
    assert errors == []
