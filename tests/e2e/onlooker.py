"""Somebody with a workspace of their own and open tabs in it, and who writes what happens there; as fixtures."""

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e import visitor
from tests.e2e.conftest import listen
from tests.e2e.scribe import scribe_of

__all__ = ["scribe", "tabs"]


@pytest.fixture(scope="module")
def scribe(stack):
    with scribe_of(stack) as writes:
        yield writes


@pytest.fixture
def tabs(browser: Browser, stack, scribe, complaints: list[str]):
    """Of a person; whatever is wrong in their consoles fails the test."""
    contexts = []

    def open_tabs(*paths: str, script: str = "") -> tuple[str, list[Page]]:
        made = scribe("person")
        context = browser.new_context(base_url=stack.base_url, viewport=visitor.WIDE, reduced_motion="reduce")
        context.add_cookies([{"name": "sessionid", "value": made["cookie"], "url": stack.base_url}])
        if script:
            context.add_init_script(script)
        contexts.append((context, made["name"]))
        opened = []
        for path in paths:
            tab = context.new_page()
            listen(tab, complaints)
            tab.goto(path)
            visitor.wait_live(tab)
            opened.append(tab)
        return made["name"], opened

    yield open_tabs
    for context, name in contexts:
        context.close()
        scribe("end_all", by=name)
    unexpected = [text for text in complaints if "ERR_CONNECTION_REFUSED" not in text and "WebSocket" not in text]
    assert unexpected == [], unexpected
