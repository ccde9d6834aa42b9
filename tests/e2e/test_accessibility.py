"""Every page in every state it can be in: no violation that axe finds, light and dark, and no sideways scrolling on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import visitor
from tests.e2e.accessibility import check
from tests.e2e.conftest import Finished
from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
SUBMITTED = {
    "/sessions/start/": {"idle_timeout_minutes": "99999", "max_duration_minutes": "0"},
    "/agents/start/": {"task": "", "max_steps": "0", "url": "x" * 5000},
}


class Running:
    """A session with an agent at work in it; started anew when the last one has come to its end."""

    session = agent = ""


@pytest.fixture(scope="module")
def running(stack: Stack, browser: Browser, signed_in: dict[str, Any]) -> Iterator[Running]:
    context = browser.new_context(**signed_in)
    tab = context.new_page()
    made = Running()
    made.session = visitor.start_session(tab)
    visitor.wait_for_status(tab, "active")
    waits = [f"go to {visitor.demo(stack, f'slow?seconds=10&turn={turn}')}" for turn in range(19)]
    made.agent = visitor.start_agent(tab, ", then ".join(waits), session=made.session)
    visitor.wait_for_steps(tab, 3)
    yield made
    context.close()


@pytest.fixture
def calm(browser: Browser, signed_in: dict[str, Any]) -> Iterator[Page]:
    """Nothing moves in it, so that a colour is not caught on its way to another."""
    context = browser.new_context(**signed_in, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/login/?wrong"])
def test_signing_in(calm: Page, path: str):
    calm.context.clear_cookies()
    calm.goto(path)
    if "wrong" in path:
        visitor.give_password(calm, "nobody", "nothing-of-worth")
        expect(calm.locator("[role=alert]")).to_be_visible()
    check(calm)


@pytest.mark.parametrize("path", ["/", "/sessions/", "/agents/", "/agents/?q=surely-nowhere", "/accounts/password/change/"])
def test_pages_with_runs(calm: Page, finished: Finished, path: str):
    calm.goto(path)
    check(calm)


@pytest.mark.parametrize("path", ["/sessions/start/", "/agents/start/"])
def test_forms_plain_open_and_with_errors(calm: Page, path: str):
    calm.goto(path)
    check(calm)
    calm.locator("details.form-advanced > summary").click()
    check(calm)
    for name, value in SUBMITTED[path].items():
        calm.fill(f"form.start-form [name='{name}']", value)
    visitor.submit(calm)
    expect(calm.locator("#form-errors")).to_be_visible()
    check(calm)


@pytest.mark.parametrize("kind", ["agent", "session"])
def test_runs_that_have_ended(calm: Page, finished: Finished, kind: str):
    calm.goto(getattr(finished, kind))
    visitor.wait_over(calm)
    for details in calm.locator(".step-more > summary").all():
        details.click()
    check(calm)


@pytest.mark.parametrize("kind", ["agent", "session"])
def test_runs_under_way_and_the_question_before_they_stop(calm: Page, running: Running, kind: str):
    calm.goto(getattr(running, kind))
    visitor.wait_live(calm)
    expect(calm.locator("iframe.viewer-frame")).to_be_visible()
    check(calm)
    calm.locator(".btn-stop").click()
    expect(calm.locator("#confirm")).to_be_visible()
    check(calm)
    calm.keyboard.press("Escape")
    calm.goto(getattr(running, kind) + "stop/")
    check(calm)


def test_menus_and_dialogs(calm: Page, finished: Finished):
    calm.goto(finished.agent)
    calm.locator(".side-user").click()
    check(calm)
    calm.get_by_role("button", name="Keyboard shortcuts").click()
    check(calm)
    calm.keyboard.press("Escape")
    calm.locator(".step-shot").first.click()
    expect(calm.locator("#zoom")).to_be_visible()
    check(calm)


def test_error_pages(calm: Page):
    calm.goto("/nowhere/")
    expect(calm.locator(".error-code")).to_have_text("404")
    check(calm)
    calm.goto("/sessions/start/")
    calm.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(each => { each.value = 'forged'; })")
    visitor.submit(calm)
    expect(calm.locator(".error-code")).to_have_text("403")
    check(calm)
