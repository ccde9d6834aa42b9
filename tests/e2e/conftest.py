import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from notte_dashboard.local_api.chromium import find
from tests.e2e import visitor
from tests.e2e.prepared import base_of_run, prepared_folder
from tests.e2e.stack import Stack, new_stack

# A page on a busy machine may take long; what is expected is a state, not a speed.
expect.set_options(timeout=visitor.PATIENCE)
# A worker that is given one of these last would leave the other one idle.
LONG = ("test_hostile_corpus", "test_make_run", "test_troubles", "test_cuts")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, name in enumerate(LONG) if name in item.nodeid), len(LONG)))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder to start with, for whoever does not test the first start."""
    return prepared_folder(base_of_run(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="session")
def stack(prepared: Path) -> Iterator[Stack]:
    """The running product, shared by all end-to-end tests. A test that kills parts of it waits until they are back."""
    with new_stack(prepared) as running:
        running.start()
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The visitor's Chromium is the installed one."""
    path = find(os.environ.get("CHROMIUM", ""), "")
    return {**browser_type_launch_args, "executable_path": path, "chromium_sandbox": os.geteuid() != 0}


@pytest.fixture(scope="session")
def base_url(stack: Stack) -> str:
    """What `page.goto("/")` starts from."""
    return stack.base_url


@pytest.fixture(scope="session")
def signed_in(stack: Stack, browser: Browser) -> dict[str, Any]:
    """The cookies of the administrator; `browser.new_context(**signed_in)` is their browser."""
    context = browser.new_context(base_url=stack.base_url, viewport=visitor.WIDE)
    visitor.sign_in(context.new_page(), stack.admin_username, stack.admin_password)
    state = context.storage_state()
    context.close()
    return {"base_url": stack.base_url, "viewport": visitor.WIDE, "storage_state": state}


@pytest.fixture
def complaints() -> list[str]:
    """What the console of `tab` had to complain about. A test that provokes something takes it out."""
    return []


@pytest.fixture
def tab(browser: Browser, signed_in: dict[str, Any], complaints: list[str]) -> Iterator[Page]:
    """The administrator's, with an empty cache; whatever is wrong in its console fails the test."""
    with new_tab(browser, signed_in, complaints) as opened:
        yield opened


@contextmanager
def new_tab(browser: Browser, signed_in: dict[str, Any], complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(**signed_in)
    opened = context.new_page()
    listen(opened, complaints)
    yield opened
    context.close()
    assert complaints == []


def listen(tab: Page, complaints: list[str]) -> None:
    tab.on("console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))


class Finished(NamedTuple):
    """The paths of an agent that has succeeded, and of its session, which is closed."""

    agent: str
    session: str


@pytest.fixture(scope="session")
def finished(stack: Stack, browser: Browser, signed_in: dict[str, Any]) -> Finished:
    """For tests that only read."""
    context = browser.new_context(**signed_in)
    tab = context.new_page()
    shop = visitor.demo(stack, "shop")
    agent = visitor.start_agent(tab, "Search for 'teapot' and give me the price of the first result", shop)
    visitor.wait_over(tab)
    session = f"/sessions/{visitor.facts(tab)['session']}/"
    tab.goto(session)
    visitor.stop(tab)
    visitor.wait_over(tab)
    context.close()
    return Finished(agent, session)


@pytest.fixture(scope="module")
def tidy(stack: Stack) -> Iterator[None]:
    """Ends the sessions that the module leaves."""
    yield
    visitor.end_all_sessions(stack)
