"""What a person does with a start form: type, see what is sent, keep it, lose nothing, come back to it."""

import json
import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import visitor

pytestmark = [pytest.mark.e2e, pytest.mark.chromium]
SECRET = "canary-7b1f"
KEPT = "() => Object.entries(localStorage).filter(([key]) => key.startsWith('draft:')).map(each => each[1]).join()"


def expect_request(tab: Page, request: dict) -> None:
    """Waits for the JSON panel, which is drawn anew after each change, to say exactly this."""
    ends = time.monotonic() + visitor.PATIENCE / 1000
    while (shown := json.loads(tab.locator("#code-json").text_content() or "{}")) != request:
        assert time.monotonic() < ends, f"{shown} instead of {request}"
        tab.wait_for_timeout(50)


def submit(tab: Page) -> None:
    tab.click(".form-submit button[type=submit]")


def show_advanced(tab: Page) -> None:
    if not tab.locator(".form-advanced").evaluate("each => each.open"):
        tab.click(".form-advanced > summary")


def kept(tab: Page) -> str:
    return tab.evaluate(KEPT)


def test_the_panel_follows_what_is_typed(tab: Page) -> None:
    tab.goto("/sessions/start/")
    expect_request(tab, {})
    tab.fill("[name=idle_timeout_minutes]", "4")
    expect_request(tab, {"idle_timeout_minutes": 4})
    tab.get_by_text("cURL", exact=True).click()
    expect(tab.locator("#code-curl")).to_contain_text('"idle_timeout_minutes": 4')
    expect(tab.locator("#code-json")).to_be_hidden()
    show_advanced(tab)
    tab.fill("[name=cdp_url]", f"wss://{SECRET}.example")
    expect(tab.locator("#code-curl")).to_contain_text("••••")
    assert SECRET not in tab.locator("#request-code").inner_html()


def test_a_field_is_checked_when_it_is_left_and_nothing_else_is_touched(tab: Page) -> None:
    tab.goto("/sessions/start/")
    tab.fill("[name=idle_timeout_minutes]", "999")
    tab.locator("[name=max_duration_minutes]").focus()
    error = tab.locator("#id_idle_timeout_minutes_error")
    expect(error).to_contain_text("at most")
    tab.keyboard.type("33")
    expect(tab.locator("[name=max_duration_minutes]")).to_be_focused()
    expect(tab.locator("[name=idle_timeout_minutes]")).to_have_attribute("aria-describedby", re.compile("_error"))
    tab.fill("[name=idle_timeout_minutes]", "5")
    expect(error).to_have_count(0)
    expect_request(tab, {"idle_timeout_minutes": 5, "max_duration_minutes": 33})
    expect(tab.locator("[name=idle_timeout_minutes]")).not_to_have_attribute("aria-invalid", "true")


def test_a_draft_survives_a_reload_without_its_secrets(tab: Page) -> None:
    tab.goto("/sessions/start/")
    show_advanced(tab)
    tab.fill("[name=cdp_url]", f"wss://{SECRET}.example")
    tab.fill("[name=user_agent]", "kept/1.0")
    tab.wait_for_function(f"() => ({KEPT})().includes('kept/1.0')")
    assert SECRET not in kept(tab)
    tab.reload()
    expect(tab.get_by_text("Draft restored")).to_be_visible()
    expect(tab.locator("[name=user_agent]")).to_have_value("kept/1.0")
    expect(tab.locator("[name=cdp_url]")).to_have_value("")
    expect_request(tab, {"user_agent": "kept/1.0"})
    tab.get_by_role("button", name="Discard").click()
    expect(tab.locator("[name=user_agent]")).to_have_value("")
    expect(tab.get_by_text("Draft restored")).to_have_count(0)
    assert kept(tab) == ""


@pytest.mark.usefixtures("tidy")
def test_save_a_preset_start_from_it_repeat_it_and_send_a_link(tab: Page) -> None:
    tab.goto("/sessions/start/")
    tab.fill("[name=idle_timeout_minutes]", "4")
    show_advanced(tab)
    tab.fill("[name=user_agent]", "mine/1.0")
    tab.fill("[name=preset_name]", "Short one")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile(r"\?preset="))
    expect(tab.get_by_text("Saved Short one, version 1")).to_be_visible()
    expect_request(tab, {"idle_timeout_minutes": 4, "user_agent": "mine/1.0"})

    tab.goto("/sessions/start/")
    tab.select_option("[name=preset]", label="Short one")
    tab.get_by_role("button", name="Use", exact=True).click()
    expect(tab.locator("[name=idle_timeout_minutes]")).to_have_value("4")
    submit(tab)
    tab.wait_for_url(visitor.DETAIL)
    visitor.wait_for_status(tab, "active")
    assert kept(tab) == ""
    session = tab.url

    visitor.stop(tab)
    visitor.wait_over(tab)
    tab.get_by_role("link", name="Start again").click()
    expect(tab.locator("[name=user_agent]")).to_have_value("mine/1.0")
    link = tab.get_by_role("button", name="Copy link to this form").get_attribute("data-copy")
    tab.goto(link)
    expect(tab.get_by_text("Filled in from a link")).to_be_visible()
    expect(tab.locator("[name=user_agent]")).to_have_value("mine/1.0")
    assert visitor.facts(tab, session)["request"] == {"idle_timeout_minutes": 4, "user_agent": "mine/1.0"}

    tab.goto("/presets/")
    tab.get_by_role("button", name="Delete Short one").click()
    expect(tab.get_by_text("Short one was deleted")).to_be_visible()
    tab.get_by_role("button", name="Undo").click()
    expect(tab.get_by_role("link", name="Short one", exact=True)).to_be_visible()


def test_what_was_refused_keeps_its_draft(tab: Page, complaints: list[str]) -> None:
    tab.goto("/sessions/start/")
    tab.fill("[name=viewport_width]", "800")
    submit(tab)
    expect(tab.locator("#form-errors")).to_be_visible()
    assert "800" in kept(tab)
    tab.goto("/sessions/start/")
    expect(tab.get_by_text("Draft restored")).to_be_visible()
    tab.get_by_role("button", name="Discard").click()
    complaints.clear()
