"""Each thing that can be missing has a sentence of its own, on the page and in /readyz; what can wait, waits."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import visitor
from tests.e2e.stack import ROOT, Stack, new_stack
from tests.e2e.troubles import TOLD_WITHIN, history_works, notice, readiness, ready_again, wait_until_told
from tests.ports import reserved_port

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
        stack.wait_for(lambda: readiness(tab, stack.base_url)[0] == 503, TOLD_WITHIN)
        wait_until_told(tab, "workers", "No worker is running")
        assert set(readiness(tab, stack.base_url)[2]) == {"workers"}
        tab.goto(session)
        expect(visitor.status(tab)).to_have_attribute("data-status", "starting")
        expect(notice(tab, "workers")).to_be_visible()
        visitor.watch(tab)
    visitor.wait_for_status(tab, "active")
    visitor.counts(tab)
    ready_again(tab, stack)


Elsewhere = tuple[Stack, int]


@pytest.fixture(scope="module")
def elsewhere(prepared: Path) -> Iterator[Elsewhere]:
    """A dashboard of its own, and the port of its API, where nobody listens yet."""
    with reserved_port() as port, new_stack(prepared, NOTTE_API_URL=f"http://127.0.0.1:{port}", NOTTE_API_KEY=KEY) as other:
        other.start()
        yield other, port


@pytest.fixture
def tab_elsewhere(elsewhere: Elsewhere, browser: Browser) -> Iterator[Page]:
    other, _ = elsewhere
    context = browser.new_context(base_url=other.base_url, viewport=visitor.WIDE)
    tab = context.new_page()
    visitor.sign_in(tab, other.admin_username, other.admin_password)
    yield tab
    context.close()


@contextmanager
def api_at(elsewhere: Elsewhere, key: str) -> Iterator[None]:
    other, port = elsewhere
    environ = other.environ | {"LOCAL_API_PORT": str(port), "LOCAL_API_KEY": key}
    api = subprocess.Popen([sys.executable, "-m", "notte_dashboard.local_api"], cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        api.terminate()
        api.wait(20)


def test_an_api_out_of_reach_is_told_and_the_start_is_kept_until_it_is_back(elsewhere: Elsewhere, tab_elsewhere: Page):
    other, port = elsewhere
    tab = tab_elsewhere
    wait_until_told(tab, "api", f"The Notte API at http://127.0.0.1:{port} can't be reached")
    status, overall, failed = readiness(tab, other.base_url)
    assert (status, overall, set(failed)) == (200, "degraded", {"api"})
    expect(tab.locator("main")).not_to_contain_text("embedded local API")
    session = visitor.start_session(tab)
    visitor.watch(tab)
    expect(tab.locator("#problem")).to_have_attribute("data-problem", "unreachable", timeout=visitor.PATIENCE)
    expect(tab.locator("#problem")).to_contain_text("The start is kept and sent again")
    expect(visitor.status(tab)).to_have_attribute("data-status", "starting")
    with api_at(elsewhere, KEY):
        visitor.wait_for_status(tab, "active", timeout=60_000)
        expect(tab.locator("#problem")).to_have_attribute("data-problem", "")
        visitor.counts(tab)
    history_works(tab, session)


def test_a_wrong_key_is_told_and_the_start_refused_with_the_reason(elsewhere: Elsewhere, tab_elsewhere: Page):
    other, _ = elsewhere
    tab = tab_elsewhere
    with api_at(elsewhere, "another-key"):
        wait_until_told(tab, "api_key", "refuses the API key")
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
