"""An agent from the form to its answer, watched live."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import visitor
from tests.e2e.conftest import Finished
from tests.e2e.stack import Stack

# Remembers every number of steps that the bar showed, one after the other.
PROGRESS = """() => {
    window.progress = [];
    const look = () => {
        const value = Number(document.getElementById('progress-bar').getAttribute('value'));
        if (value !== window.progress.at(-1)) window.progress.push(value);
    };
    look();
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true });
}"""

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]


def test_an_agent_started_from_a_sessions_page_streams_its_steps_and_answers(tab: Page, stack: Stack):
    session = visitor.start_session(tab)
    visitor.wait_for_status(tab, "active")
    tab.get_by_role("link", name="Start agent here").click()
    expect(tab.locator("[name=session_id]")).to_have_value(visitor.facts(tab, session)["session_id"])
    tab.fill("[name=task]", "Search for 'teapot' and give me the price of the first result")
    tab.fill("[name=url]", visitor.demo(stack, "shop"))
    visitor.submit(tab)
    tab.wait_for_url(visitor.DETAIL)
    visitor.watch(tab)

    visitor.wait_over(tab)

    assert len(visitor.counts(tab)) > 3
    assert visitor.counts(tab) == sorted(visitor.counts(tab))
    expect(visitor.status(tab)).to_have_attribute("data-status", "closed")
    expect(tab.locator("#answer")).to_contain_text("Success")
    expect(tab.locator("#answer-text")).to_have_text("£24.00")
    agent = visitor.facts(tab)
    assert agent["session"] == visitor.uuid_in(session)
    tab.goto(session)
    expect(visitor.status(tab)).to_have_attribute("data-status", "active")
    # A session that nobody looked at is asked less often; its page catches up by itself.
    expect(tab.locator("[data-step-seq]")).to_have_count(len(agent["steps"]), timeout=20_000)
    assert visitor.shown_steps(tab) == visitor.one_by_one(len(visitor.facts(tab)["steps"]))


def test_an_agent_brings_its_own_session_when_none_is_chosen(tab: Page, stack: Stack):
    visitor.start_agent(tab, "What is the heading?", visitor.demo(stack, "slow?seconds=2"))
    visitor.watch(tab)
    visitor.wait_for_status(tab, "active")
    expect(tab.locator("iframe.viewer-frame")).to_be_visible()
    visitor.wait_over(tab)
    expect(tab.locator("#answer-text")).to_have_text("Worth the wait")
    told = visitor.facts(tab)
    assert visitor.counts(tab)[-1] == len(told["steps"])
    tab.goto(f"/sessions/{told['session']}/")
    expect(tab.locator("#session-agents")).to_contain_text("What is the heading?")
    expect(tab.locator("#session-agents")).to_contain_text("Success")


def test_progress_counts_up_to_the_steps_that_were_asked_for(tab: Page, stack: Stack):
    slow = visitor.demo(stack, "slow?seconds=1")
    tab.goto("/agents/start/")
    tab.fill("[name=task]", f"Go to {slow}, then go to {slow}, then tell me the heading")
    tab.fill("[name=max_steps]", "7")
    visitor.submit(tab)
    tab.wait_for_url(visitor.DETAIL)
    tab.evaluate(PROGRESS)
    bar = tab.locator("#progress-bar")
    expect(bar).to_have_attribute("max", "7")
    visitor.wait_over(tab)
    seen = tab.evaluate("window.progress")
    expect(bar).to_have_attribute("value", "3")
    expect(tab.locator("#progress")).to_contain_text(re.compile(r"Took\s+3\s+of\s+at most\s+7\s+steps"))
    assert seen == sorted(seen)
    assert len(set(seen)) >= 2


def test_every_step_shows_number_time_duration_goal_action_result_and_picture(tab: Page, finished: Finished):
    tab.goto(finished.agent)
    cards = tab.locator("#steps > li").all()
    assert len(cards) >= 3
    for number, card in enumerate(cards, 1):
        expect(card).to_have_attribute("data-step-number", str(number))
        expect(card.locator(".step-number")).to_have_text(str(number))
        expect(card.locator(".step-times time[data-relative]")).to_have_text(re.compile(r"ago|just now|:"))
        expect(card.locator(".step-times .clock")).to_have_text(re.compile(r"\d:\d\d:\d\d"))
        expect(card.locator(".step-duration")).to_have_text(re.compile(r"^\d+(\.\d+)? s$"))
        expect(card.locator(".step-title")).to_have_text(re.compile(r"\w"))
        expect(card.locator(".step-goal")).to_have_text(re.compile(r"\w"))
        expect(card.locator(".step-result, .step-answer").first).to_have_text(re.compile(r"\w"))
        assert [visitor.loaded(picture) for picture in card.locator(".step-shot img").all()] == [True]


@pytest.mark.parametrize("kind", ["agent", "session"])
def test_the_page_and_its_json_tell_the_same(tab: Page, finished: Finished, kind: str):
    tab.goto(getattr(finished, kind))
    told = visitor.facts(tab)
    assert visitor.shown_steps(tab) == visitor.one_by_one(len(told["steps"]))
    assert tab.locator("[data-step-seq]").evaluate_all("all => all.map(each => each.dataset.kind)") == [
        step["type"] for step in told["steps"]
    ]
    expect(visitor.status(tab)).to_have_attribute("data-status", told["status"])
    expect(tab.locator("#facts")).to_contain_text(told["session_id"])
    if kind == "agent":
        assert (told["success"], told["answer"]) == (True, "£24.00")
        expect(tab.locator("#answer-text")).to_have_text(told["answer"])
        expect(tab.locator("#facts")).to_contain_text(told["agent_id"])


def test_a_screenshot_opens_in_large_and_closes_with_escape(tab: Page, finished: Finished):
    tab.goto(finished.agent)
    tab.locator(".step-shot").last.click()
    zoom = tab.locator("#zoom")
    expect(zoom).to_be_visible()
    assert visitor.loaded(zoom.locator("img"))
    tab.keyboard.press("Escape")
    expect(zoom).to_be_hidden()


def test_the_element_that_was_acted_on_is_marked_in_the_picture(tab: Page, finished: Finished):
    tab.goto(finished.agent)
    marked = tab.locator(".step", has=tab.locator(".shot-mark"))
    expect(marked.first.locator(".step-title")).to_have_text(re.compile("Fill"))
    picture, mark = (marked.first.locator(part).bounding_box() for part in (".step-shot img", ".shot-mark rect"))
    assert picture["x"] < mark["x"] < picture["x"] + picture["width"]
    assert picture["y"] < mark["y"] < picture["y"] + picture["height"]


def test_the_answer_can_be_kept_and_the_end_is_told(tab: Page, finished: Finished):
    tab.goto(finished.agent)
    expect(tab.locator("#ending")).to_contain_text("The agent finished after 4 steps.")
    with tab.expect_download() as told:
        tab.get_by_role("link", name="Text").click()
    assert told.value.path().read_text() == "£24.00"
    tab.goto(finished.session)
    expect(tab.locator("#ending")).to_contain_text("Stopped by admin.")
    expect(tab.locator("#session-tabs")).to_contain_text("Harbour Lane")
    expect(tab.locator(".step-actor").first).to_contain_text("price of the first result")


def test_a_new_agent_continues_from_a_step_of_the_session(tab: Page, stack: Stack):
    first = visitor.start_agent(tab, "What is the heading?", visitor.demo(stack, "shop"))
    visitor.wait_over(tab)
    tab.goto(f"/sessions/{visitor.facts(tab, first)['session']}/")
    tab.locator("#step-2").hover(timeout=20_000)
    tab.locator("#step-2 .step-continue a").click()
    expect(tab.locator("[name=session_offset]")).to_have_value("5")
    tab.fill("[name=task]", "Tell me the heading")
    visitor.submit(tab)
    tab.wait_for_url(visitor.DETAIL)
    visitor.wait_over(tab)
    completions = [step["value"] for step in visitor.facts(tab)["steps"] if step["type"] == "agent_completion"]
    assert (
        "Before me in this session" in completions[0]["state"]["memory"] or "last page seen" in completions[0]["state"]["memory"]
    )


def test_an_agent_that_cannot_do_it_says_so(tab: Page, stack: Stack):
    visitor.start_agent(tab, "What is the capital of Atlantis?", visitor.demo(stack, "countries"))
    visitor.wait_over(tab)
    expect(tab.locator("#answer")).to_contain_text("Failure")
    expect(tab.locator("#answer-text")).to_contain_text("I did not find the capital of 'atlantis'")
    assert visitor.facts(tab)["success"] is False
    tab.goto("/agents/?outcome=failure")
    row = tab.locator("[data-run-id]", has_text="Atlantis")
    expect(row).to_contain_text("Failure")
    expect(row).to_contain_text("I did not find the capital of 'atlantis'")


def test_an_agent_that_is_stopped_midway_ends_as_stopped(tab: Page, stack: Stack):
    slow = visitor.demo(stack, "slow?seconds=3")
    path = visitor.start_agent(tab, ", then ".join(f"go to {slow}&turn={turn}" for turn in range(20)))
    visitor.watch(tab)
    visitor.wait_for_steps(tab, 3)
    visitor.stop(tab)
    visitor.wait_over(tab)
    expect(tab.locator("#answer")).to_contain_text("Stopped")
    expect(visitor.status(tab)).to_have_attribute("data-status", "closed")
    assert visitor.counts(tab)[-1] == len(visitor.facts(tab)["steps"])
    assert visitor.facts(tab)["outcome"] == "stopped"
    tab.goto("/agents/?outcome=stopped")
    expect(tab.locator(f"[data-run-id='{visitor.uuid_in(path)}']")).to_contain_text("Stopped")


def test_the_lists_show_what_ran(tab: Page, finished: Finished):
    tab.goto("/agents/?q=first+result")
    row = tab.locator(f"[data-run-id='{visitor.uuid_in(finished.agent)}']")
    for text in ("Closed", "price of the first result", "£24.00", "Success", "admin", "4/20"):
        expect(row).to_contain_text(text)
    row.get_by_role("link").click()
    expect(tab).to_have_url(re.compile(f"{finished.agent}$"))
    tab.goto("/sessions/?q=first+result")
    row = tab.locator(f"[data-run-id='{visitor.uuid_in(finished.session)}']")
    for text in ("Closed", "Search: teapot · Harbour Lane", "admin"):
        expect(row).to_contain_text(text)
