"""Lists and the overview keep themselves current: rows change where they are, new ones say so, and nothing is lost or emptied."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import visitor
from tests.e2e.onlooker import *  # noqa: F403 - fixtures

pytestmark = pytest.mark.e2e
# A notification needs a desktop: what would be shown is written down instead, and the tab says that nobody looks at it.
# Each tab asks for the lock before it tells; how often it was answered is counted.
WRITTEN_DOWN = """
window.told = [];
window.claimed = 0;
const request = navigator.locks.request.bind(navigator.locks);
navigator.locks.request = async (...all) => { const answer = await request(...all); window.claimed += 1; return answer; };
window.Notification = class extends EventTarget {
    static permission = 'granted';
    static requestPermission = async () => 'granted';
    constructor(title, options) { super(); window.told.push([title, options.body, options.tag]); }
};
Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
"""
TOP = "row => row.getBoundingClientRect().top"


def row(tab: Page, uuid: str):
    return tab.locator(f"#row-{uuid}")


def test_a_row_changes_where_it_is_and_new_ones_wait_until_they_are_asked_for(tabs, scribe):
    by, (tab, overview) = tabs("/sessions/", "/")
    expect(tab.get_by_text("No sessions yet")).to_be_visible()
    first = scribe("session", by=by, last_title="The first page")
    expect(row(tab, first)).to_be_visible()  # nothing was being read: it came by itself
    expect(overview.locator(f"#card-{first}")).to_be_visible()
    visitor.wait_live(tab)
    row(tab, first).locator("a").focus()
    before = row(tab, first).evaluate(TOP)

    scribe("change", uuid=first, last_title="Another page")
    expect(row(tab, first)).to_contain_text("Another page")
    expect(row(tab, first).locator("a")).to_be_focused()
    expect(tab).to_have_title("(1) Sessions · Notte Dashboard")
    second, third = (scribe("session", by=by, last_title=f"Page {n}") for n in (2, 3))
    news = tab.get_by_role("link", name="2 new sessions")
    expect(news).to_be_visible()
    expect(overview.get_by_role("link", name="2 started")).to_be_visible()
    assert row(tab, first).evaluate(TOP) == before
    assert tab.locator("[data-run-id]").count() == 1

    news.click()
    expect(tab.locator("[data-run-id]")).to_have_count(3)
    expect(row(tab, third).locator("a")).to_be_focused()
    expect(news).to_be_hidden()
    visitor.wait_live(tab)
    scribe("change", uuid=second, state="error", ended=True)
    expect(row(tab, second).locator(".run-state")).to_have_attribute("data-status", "error")
    expect(tab).to_have_title("(2, 1 failed) Sessions · Notte Dashboard")
    expect(tab.locator("link[rel=icon]")).to_have_attribute("href", re.compile("favicon-bad"))


def test_each_change_is_shown_and_a_list_outlives_its_server(tabs, scribe, stack):
    by, (tab,) = tabs("/sessions/")
    uuid = scribe("session", by=by, last_title="Page")
    expect(row(tab, uuid)).to_be_visible()
    visitor.wait_live(tab)
    for number in range(12):  # how soon is measured by `make bench`
        scribe("change", uuid=uuid, last_title=f"Title {number}.")
        expect(row(tab, uuid)).to_contain_text(f"Title {number}.")

    killed = stack.kill("web")
    expect(tab.locator("live-socket")).to_have_attribute("data-live", "off")
    expect(tab.locator(".live-age")).to_contain_text("last update")
    expect(row(tab, uuid)).to_be_visible()
    scribe("change", uuid=uuid, last_title="While it was gone")
    stack.wait_restarted("web", killed)
    expect(row(tab, uuid)).to_contain_text("While it was gone", timeout=visitor.PATIENCE)
    visitor.wait_live(tab)
    assert tab.get_by_text("No sessions yet").count() == 0


def test_who_asked_for_it_is_told_once_of_an_end_however_many_tabs_are_open(tabs, scribe):
    by, (first, second) = tabs("/sessions/", "/live/", script=WRITTEN_DOWN)
    asked, unasked = (scribe("session", by=by, last_title=title) for title in ("Harbour Lane", "Granary"))
    expect(second.locator(".tile")).to_have_count(2)
    scribe("change", uuid=unasked, state="closed", ended=True)
    expect(second.locator(".tile")).to_have_count(1)
    first.locator(".side-user").click()
    button = first.get_by_role("button", name="Tell me when my runs end")
    button.click()
    expect(first.locator("[data-notify]")).to_have_attribute("aria-pressed", "true")

    scribe("change", uuid=asked, state="error", ended=True)
    for tab in (first, second):
        tab.wait_for_function("() => window.claimed === 1")
    told = [each for tab in (first, second) for each in tab.evaluate("window.told")]
    assert told == [["Session: Error", "Harbour Lane", asked]]
    second.reload()
    expect(second.locator("[data-notify]")).to_have_attribute("aria-pressed", "true")


def test_without_scripts_lists_and_the_wall_read_fully(browser, stack, scribe):
    made = scribe("person")
    uuid = scribe("session", by=made["name"], last_title="A page without scripts")
    context = browser.new_context(base_url=stack.base_url, java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": made["cookie"], "url": stack.base_url}])
    tab = context.new_page()
    for path in ("/sessions/", "/", "/live/"):
        tab.goto(path)
        expect(tab.locator(f"[data-run-id='{uuid}']")).to_contain_text("A page without scripts")
    context.close()
    scribe("end_all", by=made["name"])


def test_the_time_since_the_server_was_heard_is_shown(tabs):
    _, (tab,) = tabs("/agents/")
    tab.context.set_offline(True)
    tab.evaluate("dispatchEvent(new Event('offline'))")
    expect(tab.locator(".live-age")).to_have_text(re.compile(r"last update \d+ s ago"))
    expect(tab.get_by_text("No agents yet")).to_be_visible()
    tab.context.set_offline(False)
    visitor.wait_live(tab)
