"""What a real browser sends for a pre-filled form is the request that it was filled with."""

import os
from urllib.parse import parse_qsl

import pytest
from playwright.async_api import async_playwright

from notte_dashboard.schema_forms.builder import SchemaForm

CHROMIUM = os.environ.get("CHROMIUM", "/usr/lib/chromium/chromium-headless-shell")
SENT = "() => new URLSearchParams(new FormData(document.querySelector('form'))).toString()"
SESSION = {
    "browser_type": "chrome",
    "headless": False,
    "user_agent": "two\nlines & <b>",
    "idle_timeout_minutes": 5,
    "max_duration_minutes": 1440,
    "proxies": [{"type": "external", "server": "http://p:1", "password": "q\"uo'te"}],
    "chrome_args": ["--lang=de", "--x=ü"],
    "extra_http_headers": {"X-Long": "v" * 100, "X-Lines": "a\r\nb"},
    "profile": {"id": "p-1", "persist": False},
}
AGENT = {
    "task": "First line\n\n  second </textarea> line",
    "session_id": "s-2",
    "reasoning_model": "my/own-model",
    "max_steps": 150,
    "use_vision": False,
    "session_offset": -1,
    "response_format": {"type": "object"},
}


def written(form: SchemaForm) -> str:
    return f"<!doctype html><form>{form.as_p()}</form>"


@pytest.mark.chromium
async def test_a_browser_sends_back_the_request_that_filled_the_form(session_form, agent_form):
    offered = {"session_id": [("s-1", "First"), ("s-2", "Second")]}
    filled = [(session_form, SESSION, {}), (agent_form, AGENT, {"choices": offered})]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        for form_class, request_body, options in filled:
            await page.set_content(written(form_class(initial=request_body, **options)))
            assert await page.evaluate("document.querySelectorAll(':invalid').length") == 0
            typed = dict(parse_qsl(await page.evaluate(SENT), keep_blank_values=True))
            assert form_class(typed, **options).to_request() == request_body
        await page.set_content(
            written(session_form({"idle_timeout_minutes": "soon", "browser_type": "lynx", "proxies": "{oops"}))
        )
        typed = dict(parse_qsl(await page.evaluate(SENT)))
        assert typed == {"idle_timeout_minutes": "soon", "browser_type": "lynx", "proxies": "{oops"}
        await browser.close()
