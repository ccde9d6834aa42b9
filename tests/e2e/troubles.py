"""How a dashboard tells what it lacks: in a notice on its pages and in /readyz."""

import time
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e import visitor
from tests.e2e.stack import Stack

TOLD_WITHIN = 60
NOTICES_ARE_SHOWN = """() => performance.getEntriesByName(`${location.origin}/notices/`).some((each) => each.responseEnd > 0)
    && !document.querySelector('#notices.htmx-request, #notices.htmx-swapping, #notices.htmx-settling')"""


def readiness(tab: Page, base_url: str) -> tuple[int, str, dict[str, Any]]:
    answer = tab.request.get(f"{base_url}/readyz")
    told = answer.json()
    return answer.status, told["status"], {name: check for name, check in told["checks"].items() if not check["ok"]}


def notice(tab: Page, code: str) -> Locator:
    return tab.locator(f"#notices [data-problem='{code}']")


def look_at_notices(tab: Page) -> None:
    """They are fetched when a page has been opened, so that nothing that is slow delays the page."""
    tab.goto("/")
    # Not `expect_response`: that may be the answer to the page before, which never ends.
    tab.wait_for_function(NOTICES_ARE_SHOWN)


def wait_until_told(tab: Page, code: str, text: str) -> None:
    ends = time.monotonic() + TOLD_WITHIN
    while not notice(tab, code).count() and time.monotonic() < ends:
        look_at_notices(tab)
    expect(notice(tab, code)).to_contain_text(text)


def ready_again(tab: Page, stack: Stack) -> None:
    stack.wait_for(lambda: readiness(tab, stack.base_url)[:2] == (200, "ok"), TOLD_WITHIN)
    look_at_notices(tab)
    expect(tab.locator("#notices")).to_be_empty()


def history_works(tab: Page, session: str) -> None:
    tab.goto("/sessions/")
    expect(tab.locator(f"[data-run-id='{visitor.uuid_in(session)}']")).to_be_visible()
    tab.goto("/agents/?q=surely-nowhere")
    expect(tab.get_by_text("No agent matches these filters")).to_be_visible()
