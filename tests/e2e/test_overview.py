"""The first page after the login, for somebody who has never started anything."""

import subprocess
import sys
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import visitor
from tests.e2e.accessibility import check
from tests.e2e.conftest import listen
from tests.e2e.stack import ROOT, Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
CREATE = "from django.contrib.auth.models import User; User.objects.create_user('{name}', password='{password}')"


@pytest.fixture(scope="module")
def beginner(stack: Stack, browser: Browser) -> Iterator[Page]:
    name, password = f"beginner-{uuid4().hex[:8]}", uuid4().hex
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", CREATE.format(name=name, password=password)]
    subprocess.run(command, cwd=ROOT, env=stack.environ, check=True)
    context = browser.new_context(base_url=stack.base_url, viewport=visitor.WIDE, reduced_motion="reduce")
    tab = context.new_page()
    visitor.sign_in(tab, name, password)
    yield tab
    context.close()


@pytest.mark.parametrize("path", ["/", "/sessions/", "/agents/"])
def test_pages_without_any_run_are_accessible(beginner: Page, path: str):
    beginner.goto(path)
    check(beginner)


def test_it_says_that_nothing_runs_which_api_is_used_and_how_to_use_the_real_one(beginner: Page, stack: Stack):
    complaints: list[str] = []
    listen(beginner, complaints)
    beginner.goto("/")
    expect(beginner.locator("main")).to_contain_text("Nothing is running")
    notice = beginner.locator("details.notice-details")
    expect(notice).to_contain_text("Using the embedded local API")
    command = notice.get_by_text("NOTTE_API_KEY=your-key make run")
    expect(command).to_be_hidden()
    notice.locator("summary").click()
    expect(command).to_be_visible()
    expect(notice.get_by_role("link", name="demo shop")).to_have_attribute("href", visitor.demo(stack, ""))
    assert complaints == []


def test_both_starts_are_one_click_away(beginner: Page):
    for name, heading in (("Start session", "Start session"), ("Start agent", "Start agent")):
        beginner.goto("/")
        beginner.locator(".page-head").get_by_role("link", name=name).click()
        expect(beginner.get_by_role("heading", name=heading, level=1)).to_be_visible()


def test_what_runs_and_what_ended_is_seen_on_it(tab: Page, stack: Stack):
    session = visitor.start_session(tab)
    visitor.wait_for_status(tab, "active")
    agent = visitor.start_agent(tab, "What is the heading?", visitor.demo(stack, "slow?seconds=5"), session)
    visitor.wait_for_status(tab, "active")
    tab.goto("/")
    for path in (session, agent):
        expect(tab.locator(f".run-cards [data-run-id='{visitor.uuid_in(path)}']")).to_contain_text("Active")
    tab.goto(agent)
    visitor.wait_over(tab)
    tab.goto("/")
    row = tab.locator(f"tr[data-run-id='{visitor.uuid_in(agent)}']")
    expect(row).to_contain_text("Success")
    expect(row).to_contain_text("Worth the wait")


def test_shortcuts_lead_to_the_forms(tab: Page):
    tab.goto("/")
    tab.keyboard.press("n")
    tab.keyboard.press("a")
    expect(tab.get_by_role("heading", name="Start agent", level=1)).to_be_visible()
