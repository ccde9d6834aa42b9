"""What a user meets on the command line: first start, second start, trouble, the end."""

import os
import re
import signal
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import visitor
from tests.e2e.prepared import folder_without_admin
from tests.e2e.stack import Stack, new_stack
from tests.e2e.troubles import TOLD_WITHIN, history_works, notice, readiness
from tests.ports import reserved_ports

pytestmark = pytest.mark.e2e
PROGRAMS = ("redis", "local_api", "web", "worker", "beat")
ADMIN = {"ADMIN_USERNAME": "root", "ADMIN_PASSWORD": "correct horse battery"}


@pytest.fixture(scope="module")
def own(prepared: Path) -> Iterator[Stack]:
    """A stack for the tests here, which stop and start it: with an administrator of its own, and at first without a Chromium."""
    with new_stack(folder_without_admin(prepared), **ADMIN, CHROMIUM="/nonexistent/chromium") as made:
        yield made


@pytest.fixture(scope="module")
def first_output(own: Stack) -> str:
    own.start()
    return own.output


@pytest.fixture
def running(own: Stack, first_output: str) -> Stack:
    if not own.is_running:
        own.start()
    return own


@pytest.fixture
def with_chromium(own: Stack, first_output: str) -> Stack:
    """Started again with all that a user has."""
    if own.environ.pop("CHROMIUM", "") and own.is_running:
        stop_by(own, signal.SIGTERM)
    if not own.is_running:
        own.start()
    return own


@pytest.fixture
def own_tab(running: Stack, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=running.base_url, viewport=visitor.WIDE)
    opened = context.new_page()
    visitor.sign_in(opened, running.admin_username, running.admin_password)
    yield opened
    context.close()


def answer_of(stack: Stack, path: str) -> int:
    with urllib.request.urlopen(f"{stack.base_url}{path}", timeout=10) as answer:  # noqa: S310 - our own address
        status: int = answer.status
        return status


def stop_by(stack: Stack, number: int) -> None:
    """Each way to stop leaves nothing behind. A start costs many seconds, so each ends a start of another test."""
    stack.stop(number)
    assert stack.left_behind() == []


def test_the_first_start_prepares_everything_and_prints_password_and_one_url():
    with new_stack() as fresh:
        fresh.start("make", "run")
        assert re.search(r"username +admin ", fresh.output)
        assert len(fresh.admin_password) >= 12
        assert re.findall(r"https?://\S+", fresh.output) == [fresh.base_url]
        assert answer_of(fresh, "/accounts/login/") == 200
        assert answer_of(fresh, "/readyz") == 200
        assert fresh.data_dir.stat().st_mode & 0o077 == 0
        stop_by(fresh, signal.SIGINT)
        assert fresh.output.rstrip().endswith("Stopped.")
        assert fresh.admin_password not in "".join(fresh.log(name) for name in PROGRAMS)


def test_a_given_admin_is_used_and_the_password_not_shown(first_output: str):
    assert re.search(r"username +root ", first_output)
    assert "correct horse" not in first_output


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_killed_program_is_started_again(running: Stack, name: str):
    killed = running.kill(name)
    running.wait_restarted(name, killed)
    told = (f"{name} ended unexpectedly", f"{name} ends as soon")
    running.wait_for(lambda: any(text in running.output for text in told), TOLD_WITHIN)
    running.wait_for(lambda: _ready(running), 60)


def _ready(stack: Stack) -> bool:
    try:
        return answer_of(stack, "/readyz") == 200
    except OSError:
        return False


@pytest.mark.parametrize("variable", ["PORT", "LOCAL_API_PORT"])
def test_a_taken_port_is_named_with_what_to_do(variable: str):
    with socket.create_server(("127.0.0.1", 0)) as taken, new_stack() as unlucky:
        number = taken.getsockname()[1]
        unlucky.environ[variable] = str(number)
        unlucky.begin()
        assert unlucky.ended() == 1
        assert f"{variable} {number} is taken" in unlucky.output
        assert re.search(rf"{variable}=\d+ make run", unlucky.output)
        assert "Traceback" not in unlucky.output


def test_a_second_start_on_the_same_data_says_where_the_first_is(running: Stack):
    with reserved_ports(2) as ports:
        second = Stack(running.data_dir, ports)
        second.begin()
        assert second.ended() == 1
    assert running.base_url in second.output
    assert "make stop" in second.output
    assert answer_of(running, "/healthz") == 200


def test_a_wrong_variable_is_named_without_a_traceback():
    with new_stack(PORT="eighty") as wrong:
        wrong.begin()
        assert wrong.ended() == 1
        assert "PORT must be a whole number" in wrong.output
        assert "Traceback" not in wrong.output


def test_a_missing_chromium_is_told_and_the_start_refused_with_what_to_do(running: Stack, own_tab: Page):
    assert "Note: No Chromium was found" in running.output
    expect(notice(own_tab, "chromium")).to_contain_text("No Chromium was found")
    expect(notice(own_tab, "chromium")).to_contain_text("set CHROMIUM to its path")
    status, overall, failed = readiness(own_tab, running.base_url)
    assert (status, overall, set(failed)) == (200, "degraded", {"chromium"})
    session = visitor.start_session(own_tab)
    visitor.wait_for_status(own_tab, "rejected")
    expect(own_tab.locator("#problem")).to_have_attribute("data-problem", "no_chromium")
    expect(own_tab.locator("#problem")).to_contain_text("Install one")
    history_works(own_tab, session)
    visitor.start_agent(own_tab, "What is the heading?", visitor.demo(running, "shop"))
    visitor.wait_for_status(own_tab, "rejected")
    expect(own_tab.locator("#problem")).to_contain_text("Its session did not start")


def test_what_a_killed_start_left_is_ended_by_the_next_which_shows_no_password(with_chromium: Stack):
    running = with_chromium
    before = running.pids()
    os.kill(running.process.pid, signal.SIGKILL)
    running.ended()
    assert running.left_behind() != []
    running.start()
    assert "Ended what a start that was killed had left" in running.output
    assert "password" not in running.output
    assert re.findall(r"https?://\S+", running.output) == [running.base_url]
    assert not set(before.values()) & set(running.pids().values())


def test_programs_end_with_their_supervisor(with_chromium: Stack):
    running = with_chromium
    running.kill("supervisord")
    assert running.ended() == 1
    assert "supervisor" in running.output
    assert running.left_behind() == []
