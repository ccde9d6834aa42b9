import os
from collections.abc import Iterator
from typing import Any

import pytest

from notte_dashboard.local_api.chromium import find
from tests.e2e.stack import Stack, new_stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """The running product, shared by all end-to-end tests. A test that kills parts of it waits until they are back."""
    with new_stack() as running:
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
