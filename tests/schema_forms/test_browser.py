"""The forms in a real browser: what it sends, by keyboard alone, with and without scripts, on a phone, and what axe finds."""

import os
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from django.template.loader import render_to_string
from playwright.async_api import async_playwright, expect

from notte_dashboard.schema_forms.form import SchemaForm
from tests.schema_forms.conftest import written

CHROMIUM = os.environ.get("CHROMIUM", "/usr/lib/chromium/chromium-headless-shell")
DIST = Path(__file__).resolve().parents[2] / "static" / "dist"
PLACE = "http://form.test/"
SENT = "() => new URLSearchParams(new FormData(document.querySelector('form'))).toString()"
SESSION = {
    "browser_type": "chrome",
    "headless": False,
    "user_agent": "two\nlines & <b>",
    "idle_timeout_minutes": 5,
    "max_duration_minutes": 1440,
    "proxies": [{"type": "external", "server": "http://p:1", "password": "q\"uo'te "}],
    "chrome_args": ["--lang=de", "", " --x=ü"],
    "extra_http_headers": {"X-Long": "v" * 100, "X-Lines": "a\r\nb", "": "empty"},
    "profile": {"id": "p-1", "persist": False},
    "vault_id": "",
}
AGENT = {
    "task": "First line\n\n  second </textarea> line",
    "session_id": "s-2",
    "reasoning_model": "my/own-model",
    "max_steps": 150,
    "use_vision": False,
    "session_offset": -1,
    "response_format": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
    "notifier_config": {"type": "discord", "token": "t", "channel_id": 12},
}
pytestmark = [pytest.mark.chromium, pytest.mark.asyncio(loop_scope="module")]


class Desk:
    """A form in a browser, served from this process: what was sent, and the form made of it."""

    def __init__(self, form_class: type[SchemaForm], theme: str = "light", **filled) -> None:
        self.form_class, self.theme = form_class, theme
        self.form = form_class(**filled)
        self.sent: dict[str, str] = {}

    async def answer(self, route) -> None:
        request = route.request
        if request.url != PLACE:
            await route.fulfill(status=404)
            return
        if request.method == "POST":
            self.sent = dict(parse_qsl(request.post_data or "", keep_blank_values=True))
            self.form = self.form_class(self.sent)
            self.form.is_valid()
        await route.fulfill(status=200, content_type="text/html; charset=utf-8", body=self.page())

    def page(self) -> str:
        errors = render_to_string("partials/form_errors.html", {"form": self.form})
        start = render_to_string("partials/rows/once.html", {"form": self.form})
        drawn = written(self.form).removesuffix(self.form.datalists)
        css = "".join((DIST / f"{name}.css").read_text() for name in ("app", "form"))
        script = "".join((DIST / f"{name}.js").read_text() for name in ("form", "app"))
        return f"""<!doctype html><html lang="en" data-bs-theme="{self.theme}"><head><title>Form</title>
        <meta name="viewport" content="width=device-width, initial-scale=1"><style>{css}</style></head><body>
        <main class="main"><h1>Form</h1><form method="post" action="{PLACE}" class="start-form" novalidate>{start}{errors}
        <section class="card"><div class="form-grid">{drawn}</div></section>
        <button type="submit" class="btn btn-primary">Go</button></form></main><script>{script}</script></body></html>"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine():
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        await launched.close()


@pytest.fixture
def opened(engine):
    async def open_desk(form_class, *, theme="light", width=1280, script=True, **filled):
        desk = Desk(form_class, theme, **filled)
        context = await engine.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, reduced_motion="reduce"
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        await page.route("**", desk.answer)
        await page.goto(PLACE)
        return page, desk

    return open_desk


def named(page, name):
    return page.locator(f'[name="{name}"]')


async def test_a_browser_sends_back_the_request_that_filled_the_form(opened, session_form, agent_form):
    for form_class, request in [(session_form, SESSION), (agent_form, AGENT)]:
        page, desk = await opened(form_class, initial=request)
        assert await page.evaluate("document.querySelectorAll(':invalid').length") == 0
        assert form_class(dict(parse_qsl(await page.evaluate(SENT), keep_blank_values=True))).to_request() == request
        async with page.expect_navigation():
            await page.get_by_role("button", name="Go", exact=True).click()
        assert desk.form.to_request() == request


async def test_rows_by_keyboard_alone(opened, session_form):
    page, desk = await opened(session_form)
    keyboard = page.keyboard
    await named(page, "chrome_args-0").focus()
    await keyboard.type("--first")
    await keyboard.press("Tab")
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await keyboard.type("--second")
    await expect(named(page, "chrome_args-1")).to_be_focused()
    await expect(page.get_by_role("textbox", name="Argument 2", exact=True)).to_have_value("--second")

    await keyboard.press("Shift+Tab")
    await keyboard.press("Enter")
    undo = page.get_by_role("button", name="Undo")
    await expect(undo).to_be_focused()
    await expect(page.get_by_text("Argument 1 removed.")).to_be_visible()
    await expect(page.get_by_role("textbox", name="Argument 1", exact=True)).to_have_value("--second")
    assert "--first" not in await page.evaluate(SENT)
    await keyboard.press("Enter")
    await expect(named(page, "chrome_args-0")).to_be_focused()
    await expect(page.get_by_role("textbox", name="Argument 2", exact=True)).to_have_value("--second")

    await named(page, "proxies").focus()
    await keyboard.type("My own")
    await keyboard.press("Tab")
    await keyboard.press("Tab")
    await expect(named(page, "proxies-0-id")).to_be_focused()
    await keyboard.type("p-1")
    await keyboard.press("Shift+Tab")
    await keyboard.type("Ext")
    await keyboard.press("Tab")
    await expect(named(page, "proxies-0-server")).to_be_focused()
    await expect(named(page, "proxies-0-id")).to_be_hidden()
    await keyboard.press("Enter")
    await expect(page.locator("#id_proxies-0-server_error")).to_have_text("This field is required.")
    assert "add" not in desk.sent

    await page.get_by_role("link", name="Proxy 1: Server").focus()
    await keyboard.press("Enter")
    await keyboard.press("Tab")
    await named(page, "proxies-0-server").focus()
    await keyboard.type("http://p:1")
    await expect(named(page, "proxies-0-id")).to_have_value("p-1")
    await page.get_by_role("button", name="Go", exact=True).focus()
    async with page.expect_navigation():
        await keyboard.press("Enter")
    assert desk.form.to_request() == {
        "proxies": [{"type": "external", "server": "http://p:1"}], "chrome_args": ["--first", "--second"],
    }  # fmt: skip


async def test_rows_without_a_script(opened, session_form):
    page, desk = await opened(session_form, script=False)
    await named(page, "proxies").select_option("list")
    await named(page, "proxies-0-type").select_option("tailnet")
    await expect(named(page, "proxies-0-oauth_client_id")).to_be_visible()
    await expect(named(page, "proxies-0-server")).to_be_hidden()
    await named(page, "proxies-0-oauth_client_id").fill("client")
    await named(page, "extra_http_headers-0-name").fill("A")
    await page.get_by_role("button", name="Add header").click()
    await expect(named(page, "extra_http_headers-1-name")).to_be_focused()
    await named(page, "extra_http_headers-1-name").fill("B")
    await page.get_by_label("Header 2: value").fill("b")
    await page.get_by_role("button", name="Remove header 1").click()
    async with page.expect_navigation():
        await page.get_by_role("button", name="Go", exact=True).click()
    assert desk.form.to_request() == {
        "proxies": [{"type": "tailnet", "oauth_client_id": "client"}], "extra_http_headers": {"B": "b"},
    }  # fmt: skip
    await expect(page.get_by_role("button", name="Show")).to_have_count(0)


async def test_what_is_typed_for_each_type_survives_switching(opened, session_form):
    page, _ = await opened(session_form)
    await named(page, "proxies").select_option("list")
    await page.get_by_role("button", name="Add proxy").click()
    await expect(named(page, "proxies-1-type")).to_be_focused()
    await named(page, "proxies-1-country").fill("Germany (de)")
    await named(page, "proxies-1-type").select_option("external")
    await named(page, "proxies-1-server").fill("http://p:1")
    secret = named(page, "proxies-1-password")
    await secret.fill("hidden")
    await expect(secret).to_have_attribute("type", "password")
    await page.locator("[data-reveal=id_proxies-1-password]").click()
    await expect(secret).to_have_attribute("type", "text")
    await named(page, "proxies-1-type").select_option("notte")
    await expect(named(page, "proxies-1-country")).to_have_value("Germany (de)")
    await named(page, "proxies").select_option("true")
    await expect(named(page, "proxies-1-type")).to_be_hidden()
    await named(page, "proxies").select_option("list")
    await named(page, "proxies-1-type").select_option("external")
    await expect(secret).to_have_value("hidden")


async def test_a_common_screen_fills_both_sizes_and_greys_what_it_excludes(opened, session_form):
    page, _ = await opened(session_form)
    screens = page.get_by_label("Common screens")
    await screens.select_option("1440 900")
    assert [await named(page, f"viewport_{side}").input_value() for side in ("width", "height")] == ["1440", "900"]
    shape = page.locator(".field", has=named(page, "aspect_ratio")).last
    await expect(shape).to_have_attribute("data-excluded", "")
    await expect(page.get_by_text("exclude each other")).to_be_visible()
    await named(page, "viewport_width").fill("1441")
    await expect(screens).to_have_value("")
    for side in ("width", "height"):
        await named(page, f"viewport_{side}").fill("")
    await expect(shape).not_to_have_attribute("data-excluded", "")
    await named(page, "aspect_ratio").select_option("16:9")
    await expect(page.locator(".field[data-excluded]", has=named(page, "viewport_width"))).to_have_count(1)


FILLED = {
    "initial": SESSION | {"proxies": [{"type": "notte", "country": "de"}, {"type": "external", "server": "s", "password": "p"}]}
}
WRONG = {"data": {"proxies": "list", "proxies-0-type": "external", "proxies-1-type": "tailnet", "extra_http_headers-0-value": "x",
                  "headless": "maybe", "profile": "{", "chrome_args": '["--a", 5]', "viewport_width": "wide"}}  # fmt: skip
WRONG_AGENT = {"data": {"notifier_config-type": "email", "response_format-mode": "json", "response_format": '{"type": "x"}'}}
FIELDS_AGENT = {"data": {"notifier_config-type": "other", "response_format-0-description": "d", "max_steps": "0"}}


STATES = [
    ("session", {}), ("session", FILLED), ("session", WRONG), ("agent", {}), ("agent", {"initial": AGENT}),
    ("agent", WRONG_AGENT), ("agent", FIELDS_AGENT),
]  # fmt: skip
REPEATED_IDS = """() => {
    const ids = [...document.querySelectorAll('[id]')].map(each => each.id);
    return ids.filter((id, index) => ids.indexOf(id) !== index);
}"""
WITHOUT_A_LABEL = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(each => ![...each.labels].some(label => label.textContent.trim())).map(each => each.name)"""
DESCRIBED_BY_NOTHING = """() => [...document.querySelectorAll('[aria-describedby]')]
    .flatMap(each => each.getAttribute('aria-describedby').split(' ')).filter(id => id && !document.getElementById(id))"""


@pytest.mark.parametrize(("theme", "width"), [("dark", 1280), ("light", 375)])
async def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(opened, session_form, agent_form, theme, width):
    for kind, filled in STATES:
        page, _ = await opened({"session": session_form, "agent": agent_form}[kind], theme=theme, width=width, **filled)
        for button in await page.locator("[data-row-add]:visible").all():
            await button.click()
        found = await Axe().run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
        assert [await page.evaluate(each) for each in (REPEATED_IDS, WITHOUT_A_LABEL, DESCRIBED_BY_NOTHING)] == [[], [], []]
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await page.context.close()


async def test_at_twice_the_size_nothing_is_cut_off(opened, session_form):
    page, _ = await opened(session_form, width=320, **FILLED)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_an_example_and_json_are_asked_of_the_server_and_nothing_is_lost(opened, agent_form):
    page, desk = await opened(agent_form)
    await named(page, "task").fill("Read\nit")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Yes or no").click()
    await expect(named(page, "response_format-1-name")).to_have_value("answer")
    await expect(named(page, "response_format-1-name")).to_be_focused()
    await expect(named(page, "task")).to_have_value("Read\nit")
    await named(page, "session_id").fill("s-1")
    await named(page, "session_id").press("Enter")
    await expect(page.locator(".error-list")).to_have_count(0)
    assert list(desk.form.to_request()["response_format"]["properties"]) == ["answer", "reason"]
