"""kill -9 of any part while an agent works and somebody watches: nothing is lost, doubled, or asked of the visitor."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import visitor
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
GOES_ON_WITHIN = 60
CUT = ("WebSocket", "net::ERR_")


@pytest.fixture
def watched(tab: Page, stack: Stack, complaints: list[str]) -> Iterator[Page]:
    """The page of an agent that works for about ten seconds, and has some steps."""
    slow = f"go to {visitor.demo(stack, 'slow?seconds=2')}"
    visitor.start_agent(
        tab, f"Go to {visitor.demo(stack, 'shop')}, then {slow}, then {slow}, then {slow}, then tell me the heading"
    )
    visitor.watch(tab)
    visitor.wait_for_steps(tab, 6)
    yield tab
    complaints[:] = [text for text in complaints if not any(expected in text for expected in CUT)]


def nothing_is_missing(tab: Page) -> None:
    """Neither on the page, which was never loaded again, nor in what is stored, nor in what the API had."""
    visitor.wait_over(tab, timeout=90_000)
    visitor.counts(tab)
    expect(visitor.status(tab)).to_have_attribute("data-status", "closed")
    expect(tab.locator("#answer-text")).to_have_text("Worth the wait")
    visitor.wait_for_pictures(tab)
    told = visitor.facts(tab)
    assert visitor.shown_steps(tab) == visitor.one_by_one(len(told["steps"]))
    assert [step["type"] for step in told["steps"]].count("agent_step_stop") == told["progress"] == 5
    tab.reload()
    assert visitor.shown_steps(tab) == visitor.one_by_one(len(told["steps"]))


def test_a_killed_worker_loses_no_step_and_the_run_goes_on(watched: Page, stack: Stack):
    before = visitor.counts(watched)[-1]
    killed = stack.kill("worker")
    visitor.wait_for_steps(watched, before + 3, timeout=GOES_ON_WITHIN * 1000)
    nothing_is_missing(watched)
    stack.wait_restarted("worker", killed)


def test_a_killed_web_server_is_told_and_caught_up_with(watched: Page, stack: Stack, complaints: list[str]):
    killed = stack.kill("web")
    live = watched.locator("live-socket")
    expect(live).to_have_attribute("data-live", "off")
    expect(live).to_have_attribute("data-state", "retrying")
    expect(live).to_contain_text(re.compile(r"retrying….*last update \d+ s ago", re.DOTALL))
    stack.wait_restarted("web", killed)
    visitor.wait_live(watched)
    nothing_is_missing(watched)
    # A picture may have been on its way, and the live picture is asked for until it is there.
    complaints[:] = [text for text in complaints if "net::ERR_CONNECTION" not in text and "Failed to fetch" not in text]


def test_a_killed_redis_which_forgets_everything_delays_a_live_page_and_no_more(watched: Page, stack: Stack):
    before = visitor.counts(watched)[-1]
    killed = stack.kill("redis")
    visitor.wait_for_steps(watched, before + 3)
    nothing_is_missing(watched)
    stack.wait_restarted("redis", killed)


def test_a_killed_api_takes_its_agents_along_and_the_page_says_why(watched: Page, stack: Stack):
    killed = stack.kill("local_api")
    visitor.wait_over(watched)
    visitor.counts(watched)
    expect(watched.locator("#answer")).to_contain_text("Failed due to a restart of the local API.")
    told = visitor.facts(watched)
    assert visitor.shown_steps(watched) == visitor.one_by_one(len(told["steps"]))
    stack.wait_for(lambda: visitor.facts(watched, f"/sessions/{told['session']}/")["status"] == "error", GOES_ON_WITHIN)
    stack.wait_restarted("local_api", killed)


def test_a_start_while_the_worker_is_dead_is_carried_out_by_the_next_one(tab: Page, stack: Stack):
    killed = stack.kill("worker")
    visitor.start_session(tab)
    visitor.watch(tab)
    stack.wait_restarted("worker", killed)
    visitor.wait_for_status(tab, "active", timeout=GOES_ON_WITHIN * 1000)
    visitor.counts(tab)
