"""Every control of both start forms, filled in by hand in a real Chromium: the API receives exactly that."""

import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from notte_dashboard.presets.kinds import AGENT, SESSION, FormKind
from tests.e2e import visitor
from tests.e2e.stack import Stack, new_stack
from tests.scripted_api import KEY, ScriptedApi, agent_body, session_body

pytestmark = [pytest.mark.e2e, pytest.mark.chromium]
LATEST = 60
MAIL = {
    "smtp_server": "mail.example",
    "smtp_port": 587,
    "sender_email": "bot@mail.example",
    "sender_password": " with blanks ",
    "receiver_email": "me@mail.example",
    "subject": "Done",
}
SHAPE = {
    "type": "object",
    "properties": {
        "price": {"type": "number", "description": "In euros"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["tags"],
}
SESSIONS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {
            "browser_type": "chrome", "viewport_width": "1440", "viewport_height": "900", "idle_timeout_minutes": "7",
            "max_duration_minutes": "30", "solve_captchas": "true", "web_bot_auth": "false", "profile-id": "profile-1",
            "profile-persist": "true", "vault_id": "vault-1", "user_agent": "Agent/7.0", "use_file_storage": "false",
            "headless": "false", "screenshot_type": "full",
            "chrome_args-0": "--lang=en-GB", "chrome_args+": "--mute-audio",
            "extra_http_headers-0-name": "Accept-Language", "extra_http_headers-0-value": "en",
            "extra_http_headers+name": "X-Empty", "extra_http_headers-1-value": "",
            "proxies": "list", "proxies-0-type": "external", "proxies-0-server": "http://proxy.example:3128",
            "proxies-0-username": "user", "proxies-0-password": "pass word", "proxies-0-bypass": "localhost",
        },
        {
            "browser_type": "chrome", "viewport_width": 1440, "viewport_height": 900, "idle_timeout_minutes": 7,
            "max_duration_minutes": 30, "solve_captchas": True, "web_bot_auth": False,
            "profile": {"id": "profile-1", "persist": True}, "vault_id": "vault-1", "user_agent": "Agent/7.0",
            "use_file_storage": False, "headless": False, "screenshot_type": "full",
            "chrome_args": ["--lang=en-GB", "--mute-audio"], "extra_http_headers": {"Accept-Language": "en", "X-Empty": ""},
            "proxies": [{"type": "external", "server": "http://proxy.example:3128", "username": "user", "password": "pass word",
                         "bypass": "localhost"}],
        },
    ),
    (
        {"aspect_ratio": "16:9", "cdp_url": "wss://browser.example/cdp?token=t", "proxies": "list", "proxies-0-type": "notte",
         "proxies-0-id": "proxy-1", "proxies-0-country": "Germany (de)"},
        {"aspect_ratio": "16:9", "cdp_url": "wss://browser.example/cdp?token=t",
         "proxies": [{"type": "notte", "id": "proxy-1", "country": "de"}]},
    ),
    (
        {"proxies": "list", "proxies-0-type": "tailnet", "proxies-0-oauth_client_id": "client",
         "proxies-0-oauth_client_secret": "tskey"},
        {"proxies": [{"type": "tailnet", "oauth_client_id": "client", "oauth_client_secret": "tskey"}]},
    ),
    ({"proxies": "true"}, {"proxies": True}),
    ({}, {}),
]  # fmt: skip
AGENTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (
        {
            "url": "https://example.com/start", "reasoning_model": "my/own-model", "max_steps": "42", "use_vision": "false",
            "session_offset": "0", "vault_id": "vault-1", "persona_id": "persona-1",
            "response_format-mode": "fields", "response_format-0-name": "price", "response_format-0-type": "number",
            "response_format-0-description": "In euros", "response_format-0-required": False,
            "response_format+name": "tags", "response_format-1-type": "list",
            "notifier_config-type": "email", **{f"notifier_config-config-{name}": str(value) for name, value in MAIL.items()},
        },
        {
            "url": "https://example.com/start", "reasoning_model": "my/own-model", "max_steps": 42, "use_vision": False,
            "session_offset": 0, "vault_id": "vault-1", "persona_id": "persona-1", "response_format": SHAPE,
            "notifier_config": {"type": "email", "config": MAIL},
        },
    ),
    (
        {"response_format-mode": "json", "response_format": '{"type": "string", "maxLength": 80}',
         "notifier_config-type": "slack", "notifier_config-slack-token": "xoxb", "notifier_config-slack-channel_id": "C1"},
        {"response_format": {"type": "string", "maxLength": 80},
         "notifier_config": {"type": "slack", "token": "xoxb", "channel_id": "C1"}},
    ),
    (
        {"notifier_config-type": "discord", "notifier_config-discord-token": "t", "notifier_config-discord-channel_id": "17"},
        {"notifier_config": {"type": "discord", "token": "t", "channel_id": 17}},
    ),
    (
        {"notifier_config-type": "slack-webhook", "notifier_config-url": "https://hooks.example/x"},
        {"notifier_config": {"type": "slack-webhook", "url": "https://hooks.example/x"}},
    ),
    (
        {"notifier_config-type": "other", "notifier_config": '{"kind": "pigeon"}'},
        {"notifier_config": {"kind": "pigeon"}},
    ),
]  # fmt: skip


Service = tuple[Stack, ScriptedApi]


@pytest.fixture(scope="module")
def service(prepared: Path) -> Iterator[Service]:
    """The dashboard with an API that records what it is asked."""
    upstream, numbers = ScriptedApi().start(), itertools.count(1)

    def started() -> dict[str, Any]:
        body = session_body(f"s-{next(numbers)}")
        upstream.say("GET", f"/sessions/{body['session_id']}", body)
        return body

    upstream.say("POST", "/sessions/start", started)
    upstream.say("POST", "/agents/start", lambda: agent_body(f"a-{next(numbers)}"))
    try:
        with new_stack(prepared, NOTTE_API_URL=upstream.url, NOTTE_API_KEY=KEY) as running:
            running.start()
            yield running, upstream
    finally:
        upstream.stop()


@pytest.fixture(scope="module")
def visit(service: Service, browser: Browser) -> dict[str, Any]:
    """What a new context of the administrator's needs."""
    stack, _ = service
    options: dict[str, Any] = {"base_url": stack.base_url, "viewport": visitor.WIDE}
    context = browser.new_context(**options)
    visitor.sign_in(context.new_page(), stack.admin_username, stack.admin_password)
    options["storage_state"] = context.storage_state()
    context.close()
    return options


@pytest.fixture
def tab(visit: dict[str, Any], browser: Browser) -> Iterator[Page]:
    context = browser.new_context(**visit)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def session_id(visit: dict[str, Any], browser: Browser) -> str:
    """Of a session in which agents can be started."""
    context = browser.new_context(**visit)
    opened = context.new_page()
    visitor.start_session(opened)
    visitor.wait_for_status(opened, "active")
    found = str(visitor.facts(opened)["session_id"])
    context.close()
    return found


def fill(tab: Page, name: str, value: Any) -> None:
    """`list+part` is the next row of a list."""
    listed, plus, part = name.partition("+")
    if plus:
        rows = tab.locator(f'[data-rows="{listed}"]')
        name = f"{listed}-{rows.get_attribute('data-next')}{f'-{part}' if part else ''}"
        tab.locator(f'[data-row-add][value="{listed}"]').click()
        expect(tab.locator(f'[name="{name}"]')).to_be_focused()
    control = tab.locator(f'select[name="{name}"], input[name="{name}"]:not([type=hidden]), textarea[name="{name}"]')
    if isinstance(value, bool):
        control.set_checked(value)
    elif control.evaluate("each => each.tagName") == "SELECT":
        control.select_option(value)
    else:
        control.fill(value)


def received(upstream: ScriptedApi, path: str, count: int) -> Any:
    ends = time.monotonic() + LATEST
    while len(upstream.requests("POST", path)) < count:
        assert time.monotonic() < ends, f"{path} was not asked"
        time.sleep(0.05)
    return upstream.requests("POST", path)[-1].body


def send(tab: Page, typed: dict[str, Any]) -> None:
    tab.locator(".form-advanced").evaluate("each => { each.open = true }")
    for name, value in typed.items():
        fill(tab, name, value)
    tab.click(".form-submit button[type=submit]")
    tab.wait_for_url(visitor.DETAIL)


@pytest.mark.parametrize(("typed", "sent"), SESSIONS)
def test_the_api_receives_what_was_typed_for_a_session(
    service: Service, tab: Page, typed: dict[str, Any], sent: dict[str, Any]
) -> None:
    _, upstream = service
    before = len(upstream.requests("POST", "/sessions/start"))
    tab.goto("/sessions/start/")
    send(tab, typed)
    assert received(upstream, "/sessions/start", before + 1) == sent


@pytest.mark.parametrize(("typed", "sent"), AGENTS)
def test_the_api_receives_what_was_typed_for_an_agent(
    service: Service, session_id: str, tab: Page, typed: dict[str, Any], sent: dict[str, Any]
) -> None:
    _, upstream = service
    before = len(upstream.requests("POST", "/agents/start"))
    tab.goto("/agents/start/")
    send(tab, {"task": "Read the title\n  and say it", "session_id": session_id, **typed})
    body = received(upstream, "/agents/start", before + 1)
    assert body == {"task": "Read the title\n  and say it", "session_id": session_id, **sent}


@pytest.mark.parametrize(("kind", "cases"), [(SESSION, SESSIONS), (AGENT, AGENTS)], ids=["session", "agent"])
def test_no_control_was_left_out(kind: FormKind, cases: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    """So that a field which the contract gains is not forgotten here."""
    typed = {name.replace("+", "-1-") for names, _ in cases for name in names} | {"task", "session_id"}
    anchors = {"chrome_args", "extra_http_headers"}
    assert set(kind.form_class()().controls) - anchors <= typed


@pytest.fixture
def without_file_storage(service: Service) -> Iterator[ScriptedApi]:
    """The API no longer knows `use_file_storage`."""
    _, upstream = service
    before = upstream.answers["POST", "/sessions/start"]
    reason = {"loc": ["body", "use_file_storage"], "msg": "Extra inputs are not permitted", "type": "extra_forbidden"}
    upstream.say("POST", "/sessions/start", (422, {"message": "Validation error", "detail": [reason]}), *before)
    yield upstream
    upstream.say("POST", "/sessions/start", *before)


def test_a_field_that_the_service_does_not_know_can_be_left_out(without_file_storage: ScriptedApi, tab: Page) -> None:
    before = len(without_file_storage.requests("POST", "/sessions/start"))
    secret = "wss://canary-7b1f.example"
    tab.goto("/sessions/start/")
    send(tab, {"use_file_storage": "true", "cdp_url": secret})
    visitor.wait_for_status(tab, "rejected")
    tab.reload()
    expect(tab.locator("#refused")).to_contain_text("use_file_storage")
    tab.get_by_role("link", name="Send without use_file_storage").click()
    tab.get_by_role("button", name="Send without it").click()
    tab.wait_for_url(visitor.DETAIL)
    visitor.wait_for_status(tab, "active")
    bodies = [asked.body for asked in without_file_storage.requests("POST", "/sessions/start")]
    assert bodies[before:] == [{"use_file_storage": True, "cdp_url": secret}, {"cdp_url": secret}]
