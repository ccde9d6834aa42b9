"""Bad input is sent back with everything as typed, each error at its field; a hasty visitor starts one run."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e import visitor
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
ASKED_TO_CORRECT = "status of 422"
SESSION = {
    "idle_timeout_minutes": "99999",
    "max_duration_minutes": "0",
    "viewport_width": "1024",
    "viewport_height": "700",
    "extra_http_headers-0-name": "Accept Language",
    "proxies": "list",
    "proxies-0-type": "external",
    "chrome_args-0": "--lang=de",
    "user_agent": 'An agent "of my own" <b>',
}
SESSION_ERRORS = {"idle_timeout_minutes", "max_duration_minutes", "proxies-0-server"}
AGENT = {
    "task": "   ",
    "url": "https://example.com/?a=1&b=<2>",
    "max_steps": "9000",
    "response_format-mode": "json",
    "response_format": "{not json",
    "reasoning_model": "my/own-model",
}
AGENT_ERRORS = {"task", "max_steps", "response_format"}


@pytest.fixture(autouse=True)
def corrections_are_expected(complaints: list[str], tab: Page):
    """Chromium's console reports every answer of 400 and above."""
    yield
    complaints[:] = [text for text in complaints if ASKED_TO_CORRECT not in text]


def field(tab: Page, name: str) -> Locator:
    return tab.locator(f"form.start-form [name='{name}']")


def fill(tab: Page, values: dict[str, str]) -> None:
    tab.locator("details.form-advanced > summary").click()
    for name, value in values.items():
        control = field(tab, name)
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def first_error(tab: Page, name: str) -> str:
    """Through the names in aria-describedby, as a screen reader finds it."""
    expect(field(tab, name)).to_have_attribute("aria-invalid", "true")
    ids = field(tab, name).get_attribute("aria-describedby").split()
    return "".join("".join(tab.locator(f"[id='{each}'].field-error").all_inner_texts()) for each in ids)


@pytest.mark.parametrize(
    ("path", "typed", "wrong"),
    [("/sessions/start/", SESSION, SESSION_ERRORS), ("/agents/start/", AGENT, AGENT_ERRORS)],
    ids=["session", "agent"],
)
def test_bad_input_comes_back_as_typed_with_each_error_at_its_field(tab: Page, path: str, typed: dict[str, str], wrong: set[str]):
    tab.goto(path)
    fill(tab, typed)
    with tab.expect_response(lambda answer: answer.request.method == "POST" and answer.url.endswith(path)) as answer:
        visitor.submit(tab)
    assert answer.value.status == 422
    assert visitor.path_of(tab) == path
    for name, value in typed.items():
        expect(field(tab, name)).to_have_value(value)
    assert {name: bool(first_error(tab, name)) for name in wrong} == dict.fromkeys(wrong, True)
    marked = tab.locator("[aria-invalid=true]").evaluate_all("all => all.map(each => each.name)")
    assert set(marked) == wrong
    expect(tab.locator("details.form-advanced")).to_have_attribute("open", "")
    expect(tab.locator("#form-errors")).to_contain_text("Nothing was started")


def test_the_errors_are_reached_and_mended_with_the_keyboard_alone(tab: Page, stack: Stack):
    tab.goto("/agents/start/")
    expect(field(tab, "task")).to_be_focused()
    field(tab, "url").fill(visitor.demo(stack, "shop"))
    field(tab, "max_steps").fill("0")
    visitor.submit(tab)
    expect(tab.locator("#form-errors")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(field(tab, "task")).to_be_focused()
    tab.keyboard.type("What is the heading?")
    tab.locator("#form-errors a").last.focus()
    tab.keyboard.press("Enter")
    expect(field(tab, "max_steps")).to_be_focused()
    tab.keyboard.press("Control+a")
    tab.keyboard.type("5")
    tab.keyboard.press("Enter")
    tab.wait_for_url(visitor.DETAIL)
    visitor.wait_over(tab)
    expect(tab.locator("#answer-text")).to_have_text("Shop")


def test_what_the_local_api_cannot_do_is_refused_with_its_reason(tab: Page):
    tab.goto("/sessions/start/")
    fill(tab, {"proxies": "true"})
    visitor.submit(tab)
    tab.wait_for_url(visitor.DETAIL)
    visitor.wait_for_status(tab, "rejected")
    expect(tab.locator("#problem")).to_have_attribute("data-problem", "invalid")
    expect(tab.locator("#facts")).to_contain_text("proxies")
    expect(tab.locator("#steps")).to_have_text(re.compile(r"^\s*No steps were recorded\.\s*$"))
    tab.get_by_role("link", name="Start again").click()
    expect(field(tab, "proxies")).to_have_value("true")


def test_a_double_click_starts_one_agent(tab: Page, stack: Stack):
    tab.goto("/agents/start/")
    mark = uuid4().hex
    field(tab, "task").fill(f"What is the heading? {mark}")
    field(tab, "url").fill(visitor.demo(stack, "countries"))
    tab.locator(visitor.START).dblclick()
    tab.wait_for_url(visitor.DETAIL)
    tab.goto(f"/agents/?q={mark}")
    expect(tab.locator("[data-run-id]")).to_have_count(1)


def test_the_same_form_sent_again_leads_to_the_same_session(tab: Page):
    tab.goto("/sessions/start/")
    sent = tab.locator("form.start-form").evaluate("form => Object.fromEntries(new FormData(form))")
    answers = [tab.request.post(tab.url, form=sent, headers={"Referer": tab.url}) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].url == answers[1].url
    assert visitor.DETAIL.search(answers[0].url)
