"""Everything that ever ran: found by filters that live in the address, paged, and still there tomorrow."""

import json
import re
import signal
import subprocess
import sys
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import visitor
from tests.e2e.conftest import Finished
from tests.e2e.stack import ROOT, Stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
AGENTS, SESSIONS = 30, 60
# One minute apart, all on a day long ago; ten of the agents are a colleague's.
WRITE = f"""
import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from django.contrib.auth.models import User
from agents_app.models import AgentRun
from sessions_app.models import BrowserSession

admin = User.objects.get(is_superuser=True)
colleague = User.objects.create_user("colleague-" + uuid4().hex[:8])
common = {{"workspace": admin.workspaces.get(), "state": "closed"}}

def when(number):
    at = datetime(2024, 3, 5, 8, tzinfo=UTC) + timedelta(minutes=number)
    return {{"created_at": at, "active_at": at, "ended_at": at + timedelta(seconds=number), "nonce": uuid4().hex}}

sessions = [
    BrowserSession(**common, **when(n), started_by=admin, last_title=f"Harvest page {{n}}", last_url=f"https://harvest.example/{{n}}")
    for n in range({SESSIONS})
]
BrowserSession.objects.bulk_create(sessions)
agents = []
for n in range({AGENTS}):
    task, url = f"Count the barley sacks {{n}}", f"https://granary.example/store/{{n}}"
    outcome = {{"success": n % 3 == 0, "answer": f"There are {{n}} sacks of quinoa", "task": task, "url": url}}
    outcome |= {{"stop_requested_at": when(n)["ended_at"]}} if n % 3 == 1 else {{}}
    agents.append(AgentRun(**common | when(n) | outcome, session=sessions[n], started_by=colleague if n < 10 else admin))
agents[5].state = "timed_out"
AgentRun.objects.bulk_create(agents)
print("written:" + json.dumps([str(agent.uuid) for agent in agents]))
"""


class Written(NamedTuple):
    agents: list[str]


@pytest.fixture(scope="module")
def written(stack: Stack) -> Written:
    """Oldest first."""
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", WRITE]
    said = subprocess.run(command, cwd=ROOT, env=stack.environ, capture_output=True, text=True, check=True).stdout
    return Written(json.loads(said.partition("written:")[2]))


def listed(tab: Page) -> list[str]:
    return tab.locator("[data-run-id]").evaluate_all("all => all.map(each => each.dataset.runId)")


def shows(tab: Page, number: int) -> None:
    expect(tab.locator("[data-run-id]")).to_have_count(number)


def newest_first(agents: list[str]) -> list[str]:
    return agents[::-1]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("q=barley+sacks+17", [17]),
        ("q=7+sacks+of+quinoa", [7, 17, 27]),
        ("q=granary.example/store/23", [23]),
        ("q=barley&owner=mine&outcome=success", [12, 15, 18, 21, 24, 27]),
        ("q=barley&outcome=stopped&owner=mine", [10, 13, 16, 19, 22, 25, 28]),
        ("q=barley&status=timed_out", [5]),
        ("q=barley+sacks+2&since=2024-03-05&until=2024-03-05", [2, *range(20, 30)]),
        ("since=2024-03-06&until=2024-03-07", []),
        ("q=sacks&until=2024-03-04", []),
    ],
)
def test_filters_find_by_text_owner_status_outcome_and_date(tab: Page, written: Written, query: str, wanted: list[int]):
    tab.goto(f"/agents/?{query}")
    shows(tab, len(wanted))
    assert listed(tab) == newest_first([written.agents[number] for number in wanted])


def test_what_is_chosen_stands_in_the_address_and_can_be_shared(
    tab: Page, browser: Browser, signed_in: dict[str, Any], written: Written
):
    tab.goto("/agents/")
    tab.fill("[name=q]", "barley")
    expect(tab).to_have_url(re.compile(r"\?q=barley$"))
    tab.select_option("[name=owner]", "mine")
    tab.select_option("[name=outcome]", "failure")
    tab.select_option("[name=status]", "closed")
    tab.fill("[name=since]", "2024-03-05")
    tab.fill("[name=until]", "2024-03-05")
    address = "?q=barley&owner=mine&status=closed&since=2024-03-05&until=2024-03-05&outcome=failure"
    expect(tab).to_have_url(re.compile(re.escape(address) + "$"))
    shows(tab, 7)
    found = listed(tab)
    tab.reload()
    assert listed(tab) == found
    expect(tab.locator("[name=q]")).to_have_value("barley")
    expect(tab.locator("[name=outcome]")).to_have_value("failure")

    context = browser.new_context(**signed_in)
    elsewhere = context.new_page()
    elsewhere.goto(tab.url)
    assert listed(elsewhere) == found
    expect(elsewhere.locator("[name=owner]")).to_have_value("mine")
    context.close()

    tab.get_by_role("link", name="Clear filters").click()
    expect(tab).to_have_url(re.compile(r"/agents/$"))
    tab.go_back()
    expect(tab).to_have_url(re.compile(re.escape(address) + "$"))
    shows(tab, 7)


def test_older_pages_bring_every_row_once_and_the_way_back(tab: Page, written: Written):
    tab.goto("/sessions/?q=harvest.example")
    pages = [listed(tab)]
    for size in (25, 10):
        tab.get_by_role("link", name="Older").click()
        shows(tab, size)
        expect(tab).to_have_url(re.compile("before="))
        tab.wait_for_function("before => document.querySelector('[data-run-id]').dataset.runId !== before", arg=pages[-1][0])
        pages.append(listed(tab))
    expect(tab.get_by_role("link", name="Older")).to_have_count(0)
    rows = [row for page in pages for row in page]
    assert len(set(rows)) == len(rows) == SESSIONS
    tab.reload()
    assert listed(tab) == pages[-1]
    tab.go_back()
    shows(tab, 25)
    assert listed(tab) == pages[1]
    tab.get_by_role("link", name="Newest").click()
    expect(tab).to_have_url(re.compile(r"\?q=harvest\.example$"))
    shows(tab, 25)
    assert listed(tab) == pages[0]


def test_a_filter_that_finds_nothing_says_so_and_offers_the_way_out(tab: Page):
    tab.goto("/sessions/?q=surely-nowhere")
    expect(tab.locator("main")).to_contain_text("No session matches these filters")
    tab.locator(".empty-state").get_by_role("link", name="Clear filters").click()
    expect(tab).to_have_url(re.compile(r"/sessions/$"))


def test_after_logging_out_and_in_everything_is_there(browser: Browser, stack: Stack, finished: Finished):
    context = browser.new_context(base_url=stack.base_url)
    tab = context.new_page()
    visitor.sign_in(tab, stack.admin_username, stack.admin_password)
    tab.locator(".side-user").click()
    tab.get_by_role("button", name="Log out").click()
    expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()
    tab.goto(finished.agent)
    expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()
    visitor.give_password(tab, stack.admin_username, stack.admin_password)
    expect(tab).to_have_url(re.compile(f"{finished.agent}$"))
    expect(tab.locator("#answer-text")).to_have_text("£24.00")
    context.close()


def test_after_a_restart_everything_is_there(tab: Page, stack: Stack, finished: Finished, complaints: list[str]):
    before = {path: visitor.facts(tab, path) for path in finished}
    stack.stop(signal.SIGHUP)
    assert stack.left_behind() == []
    stack.start()
    assert {path: visitor.facts(tab, path) for path in finished} == before
    tab.goto(finished.agent)
    assert visitor.shown_steps(tab) == visitor.one_by_one(len(before[finished.agent]["steps"]))
    assert all(visitor.loaded(picture) for picture in tab.locator(".step-shot img").all())
    tab.goto("/agents/?q=first+result")
    assert visitor.uuid_in(finished.agent) in listed(tab)
    visitor.start_session(tab)
    visitor.wait_for_status(tab, "active")
    assert complaints == []
