"""Each thing that can be missing has a sentence of its own, on the page and in /readyz; what can wait, waits."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import visitor
from tests.e2e.stack import ROOT, Stack, free_port, new_stack

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("tidy")]
KEY = "sk-notte-of-the-tests"


@contextmanager
def frozen(stack: Stack, name: str) -> Iterator[None]:
    """There, but not answering: worse than gone."""
    pid = stack.pids()[name]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def readiness(tab: Page, base_url: str) -> tuple[int, str, dict[str, Any]]:
    answer = tab.request.get(f"{base_url}/readyz")
    told = answer.json()
    return answer.status, told["status"], {name: check for name, check in told["checks"].items() if not check["ok"]}


def notice(tab: Page, code: str):
    return tab.locator(f"#notices [data-problem='{code}']")


def look_at_notices(tab: Page) -> None:
    """They are fetched when a page has been opened, so that nothing that is slow delays the page."""
    with tab.expect_response("**/notices/") as answer:
        tab.goto("/")
    answer.value.finished()
    tab.wait_for_function("() => !document.querySelector('#notices.htmx-request')")


def wait_until_told(tab: Page, code: str, text: str) -> None:
    for _ in range(20):
        look_at_notices(tab)
        if notice(tab, code).count():
            break
    expect(notice(tab, code)).to_contain_text(text)


def ready_again(tab: Page, stack: Stack) -> None:
    stack.wait_for(lambda: readiness(tab, stack.base_url)[0] == 200, 30)
    look_at_notices(tab)
    expect(tab.locator("#notices")).to_be_empty()


def test_redis_gone_is_told_and_starts_wait_for_it(tab: Page, stack: Stack):
    with frozen(stack, "redis"):
        wait_until_told(tab, "redis", "Redis is gone")
        status, overall, failed = readiness(tab, stack.base_url)
        assert (status, overall) == (503, "failing")
        assert "Redis is gone" in failed["redis"]["problem"]
        session = visitor.start_session(tab)
        tab.goto("/sessions/")
        expect(tab.locator(f"[data-run-id='{visitor.uuid_in(session)}']")).to_contain_text("Starting")
    tab.goto(session)
    visitor.wait_for_status(tab, "active")
    ready_again(tab, stack)


def test_workers_gone_is_told_and_starts_wait_for_one(tab: Page, stack: Stack):
    with frozen(stack, "worker"):
        session = visitor.start_session(tab)
        stack.wait_for(lambda: readiness(tab, stack.base_url)[0] == 503, 30)
        wait_until_told(tab, "workers", "No worker is running")
        assert set(readiness(tab, stack.base_url)[2]) == {"workers"}
        tab.goto(session)
        expect(visitor.status(tab)).to_have_attribute("data-status", "starting")
        expect(notice(tab, "workers")).to_be_visible()
        visitor.watch(tab)
    visitor.wait_for_status(tab, "active")
    visitor.counts(tab)
    ready_again(tab, stack)


Elsewhere = Callable[..., tuple[Stack, Page]]


@pytest.fixture
def elsewhere(prepared: Path, browser: Browser) -> Iterator[Elsewhere]:
    """A dashboard of its own that lacks something, and its administrator's tab."""
    with new_stack(prepared) as other:
        contexts = []

        def open_one(**environ: str) -> tuple[Stack, Page]:
            other.environ |= environ
            other.start()
            contexts.append(browser.new_context(base_url=other.base_url, viewport=visitor.WIDE))
            tab = contexts[-1].new_page()
            visitor.sign_in(tab, other.admin_username, other.admin_password)
            return other, tab

        yield open_one
        for context in contexts:
            context.close()


def history_works(tab: Page, session: str) -> None:
    tab.goto("/sessions/")
    expect(tab.locator(f"[data-run-id='{visitor.uuid_in(session)}']")).to_be_visible()
    tab.goto("/agents/")
    expect(tab.get_by_text("No agents yet")).to_be_visible()


def test_an_api_out_of_reach_is_told_and_the_start_is_kept_until_it_is_back(elsewhere: Elsewhere, stack: Stack):
    port = free_port()
    other, tab = elsewhere(NOTTE_API_URL=f"http://127.0.0.1:{port}", NOTTE_API_KEY=KEY)
    expect(notice(tab, "api")).to_contain_text(f"The Notte API at http://127.0.0.1:{port} can't be reached")
    status, overall, failed = readiness(tab, other.base_url)
    assert (status, overall, set(failed)) == (200, "degraded", {"api"})
    expect(tab.locator("main")).not_to_contain_text("embedded local API")
    session = visitor.start_session(tab)
    visitor.watch(tab)
    expect(tab.locator("#problem")).to_have_attribute("data-problem", "unreachable", timeout=visitor.PATIENCE)
    expect(tab.locator("#problem")).to_contain_text("The start is kept and sent again")
    expect(visitor.status(tab)).to_have_attribute("data-status", "starting")
    with api_at(port, other):
        visitor.wait_for_status(tab, "active", timeout=60_000)
        expect(tab.locator("#problem")).to_have_attribute("data-problem", "")
        visitor.counts(tab)
    history_works(tab, session)


@contextmanager
def api_at(port: int, other: Stack) -> Iterator[None]:
    environ = other.environ | {"LOCAL_API_PORT": str(port), "LOCAL_API_KEY": KEY}
    api = subprocess.Popen([sys.executable, "-m", "notte_dashboard.local_api"], cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        api.terminate()
        api.wait(20)


def test_a_wrong_key_is_told_and_the_start_refused_with_the_reason(elsewhere: Elsewhere, stack: Stack):
    other, tab = elsewhere(NOTTE_API_URL=f"http://127.0.0.1:{stack.local_api_port}", NOTTE_API_KEY=KEY)
    expect(notice(tab, "api_key")).to_contain_text("refuses the API key")
    expect(notice(tab, "api_key")).to_contain_text("NOTTE_API_KEY")
    status, overall, failed = readiness(tab, other.base_url)
    assert (status, overall, set(failed)) == (200, "degraded", {"api_key"})
    session = visitor.start_session(tab)
    visitor.wait_for_status(tab, "rejected")
    expect(tab.locator("#problem")).to_have_attribute("data-problem", "unauthorized")
    expect(tab.locator("#problem")).to_contain_text("Check NOTTE_API_KEY")
    history_works(tab, session)
    for page in (session, "/", "/sessions/"):
        tab.goto(page)
        assert KEY not in tab.content()
    assert not any(KEY in other.log(name) for name in ("web", "worker", "beat"))


def test_a_missing_chromium_is_told_and_the_start_refused_with_what_to_do(elsewhere: Elsewhere):
    other, tab = elsewhere(CHROMIUM="/nonexistent/chromium")
    expect(notice(tab, "chromium")).to_contain_text("No Chromium was found")
    expect(notice(tab, "chromium")).to_contain_text("set CHROMIUM to its path")
    status, overall, failed = readiness(tab, other.base_url)
    assert (status, overall, set(failed)) == (200, "degraded", {"chromium"})
    session = visitor.start_session(tab)
    visitor.wait_for_status(tab, "rejected")
    expect(tab.locator("#problem")).to_have_attribute("data-problem", "no_chromium")
    expect(tab.locator("#problem")).to_contain_text("Install one")
    history_works(tab, session)
    visitor.start_agent(tab, "What is the heading?", visitor.demo(other, "shop"))
    visitor.wait_for_status(tab, "rejected")
    expect(tab.locator("#problem")).to_contain_text("Its session did not start")
