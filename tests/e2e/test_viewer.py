"""The live picture on its page: why there is none, how it comes back, and one driver at a time whom everybody sees."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.e2e import visitor
from tests.e2e.stack import ROOT, Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
PASSWORD = "a-long-password-of-the-tests"
JOIN = f"""
from django.contrib.auth.models import User
from notte_dashboard.workspaces.models import Membership, Workspace
shared = Workspace.objects.order_by("pk").first()
for name, role in (("bob", "operator"), ("vera", "reviewer")):
    user = User.objects.create_user(name, password="{PASSWORD}")
    Membership.objects.filter(user=user).delete()
    Membership.objects.create(user=user, workspace=shared, role=role)
"""
VIEWER_PAGE = re.compile(r"/viewer/\?session=")


@pytest.fixture(scope="module")
def colleagues(stack: Stack) -> None:
    command = [sys.executable, "manage.py", "shell", "--command", JOIN]
    subprocess.run(command, cwd=ROOT, env=stack.environ, check=True, capture_output=True)


@pytest.fixture
def as_colleague(browser: Browser, stack: Stack, colleagues: None) -> Iterator[Callable[[str], Page]]:
    made = []

    def sign_in(name: str) -> Page:
        made.append(browser.new_context(base_url=stack.base_url, viewport=visitor.WIDE))
        tab = made[-1].new_page()
        visitor.sign_in(tab, name, PASSWORD)
        return tab

    yield sign_in
    for context in made:
        context.close()


def wait_shown(tab: Page, *states: str) -> None:
    expect(tab.locator("#viewer-slot")).to_have_attribute(
        "data-viewer", re.compile(f"^({'|'.join(states)})$"), timeout=visitor.PATIENCE
    )


def wait_driving(tab: Page, whether: str) -> None:
    expect(tab.locator(".viewer-panel")).to_have_attribute("data-driving", whether, timeout=visitor.PATIENCE)


def browser_in(tab: Page) -> FrameLocator:
    return tab.frame_locator(".viewer-frame")


def click_in_picture(tab: Page, x: float, y: float) -> None:
    box: Any = tab.locator(".viewer-frame").bounding_box()
    tab.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)


def test_one_drives_all_see_it_and_another_takes_over(tab: Page, stack: Stack, as_colleague: Callable[[str], Page]):
    session = visitor.start_session(tab)
    wait_shown(tab, "live")
    visitor.start_agent(tab, "What is the heading?", visitor.demo(stack, "shop"), session)
    visitor.wait_over(tab)
    bob, vera = as_colleague("bob"), as_colleague("vera")
    for each in (tab, bob, vera):
        each.goto(session)
        visitor.wait_live(each)
    for each in (tab, bob):
        wait_shown(each, "live")
    expect(vera.locator("#viewer-slot img")).to_be_visible()
    expect(vera.locator("iframe, [data-take-over], [data-own-window]")).to_have_count(0)

    tab.click("[data-take-over]")

    wait_driving(tab, "me")
    expect(browser_in(tab).locator("html")).to_have_attribute("data-control", "yes", timeout=visitor.PATIENCE)
    for each in (bob, vera):
        expect(each.locator("#driver")).to_contain_text("admin drives since")
    click_in_picture(tab, 0.3, 0.32)
    tab.keyboard.type("teapot")
    tab.keyboard.press("Enter")
    expect(bob.locator("#location")).to_have_text(re.compile("q=teapot"), timeout=visitor.PATIENCE)

    bob.click("#driver a.driver-other")
    expect(bob.locator("#confirm")).to_contain_text("Take over from admin?")
    bob.click("#confirm [type=submit]")

    wait_driving(bob, "me")
    wait_driving(tab, "no")
    expect(tab.locator(".toast-note")).to_contain_text("bob drives the browser now")
    expect(browser_in(tab).locator("html")).not_to_have_attribute("data-control", "yes")
    bob.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    expect(browser_in(bob).locator("html")).to_have_attribute("data-theme", "dark")

    bob.goto("/")  # leaving gives it back
    expect(tab.locator("[data-take-over]")).to_be_visible(timeout=visitor.PATIENCE)
    ends = [(each["driver"], each["reason"]) for each in visitor.facts(tab)["drives"]]
    assert ends == [("bob", "left"), ("admin", "taken_over")]
    tab.goto(f"{session}viewer/?window")
    wait_shown(tab, "live")
    tab.click("[data-take-over]")
    wait_driving(tab, "me")
    tab.click("[data-give-back]")
    wait_driving(tab, "no")
    visitor.end_all_sessions(stack)
    wait_shown(tab, "ended")
    assert visitor.loaded(tab.locator("#viewer-slot img"))


def test_a_viewer_that_stays_blank_says_so_shows_the_newest_picture_and_comes_back(
    tab: Page, stack: Stack, complaints: list[str]
):
    session = visitor.start_session(tab)
    visitor.wait_for_status(tab, "active")
    visitor.start_agent(tab, "What is the heading?", visitor.demo(stack, ""), session)
    visitor.wait_over(tab)
    tab.context.route(VIEWER_PAGE, lambda route: route.abort())
    tab.goto(session)
    wait_shown(tab, "blank")
    expect(tab.locator("[data-viewer-text]")).to_contain_text(f"http://127.0.0.1:{stack.local_api_port} shows nothing here")
    assert visitor.loaded(tab.locator("#viewer-slot .viewer-behind"))
    tab.context.unroute(VIEWER_PAGE)
    wait_shown(tab, "live")  # by itself
    expect(tab.locator("#viewer-slot .viewer-behind")).to_have_count(0)

    tab.context.route("**/viewer/?theme=*", lambda route: route.abort())
    tab.evaluate("viewer.ask()")
    wait_shown(tab, "away")
    tab.context.unroute("**/viewer/?theme=*")
    tab.click("[data-viewer-retry]")
    wait_shown(tab, "live")
    complaints[:] = [each for each in complaints if "ERR_FAILED" not in each and "Failed to fetch" not in each]
