"""Acting in a session's browser: all that a hand can do reaches the page, and only from whoever has the newest control link."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import Page, async_playwright

from notte_dashboard.local_api.auth import SessionTokens
from notte_dashboard.local_api.keyboard import key_event
from tests.local_api.serving import LocalApi
from tests.local_api.sites import serving
from tests.local_api.test_viewer import start_on

pytestmark = pytest.mark.chromium

NONSENSE = ('{"type": "key", "key": 1e400}', '{"type":"move","x":null,"y":2}', "[]", "{", '{"type":"tab","id":"x"}', '"text"')
NOTING = """<title>.</title><body style="margin:0;height:3000px">
<textarea id=field style="position:absolute;left:100px;top:100px;width:300px;height:80px"></textarea>
<div id=from draggable=true style="position:absolute;left:500px;top:100px;width:80px;height:80px;background:#08f"></div>
<div id=to style="position:absolute;left:700px;top:100px;width:80px;height:80px;background:#ddd"></div>
<a id=more href="/1" target=_blank style="position:absolute;left:100px;top:300px;font-size:40px">more</a>
<script>
const log = []; const note = (text) => { log.push(text); document.title = log.join(" "); };
for (const name of ["dblclick", "contextmenu", "compositionend", "drop"])
  addEventListener(name, (event) => { event.preventDefault(); note(name); });
to.ondragover = (event) => event.preventDefault();
addEventListener("scroll", () => {
  const name = scrollY ? "scroll" : "back";
  if (!log.includes(name)) note(name);
});
addEventListener("keydown", (event) => note(`${event.ctrlKey ? "C-" : ""}${event.shiftKey ? "S-" : ""}${event.code}`));
field.onfocus = () => note("focus");
field.oninput = () => note(JSON.stringify(field.value));
</script>"""


@pytest.fixture
async def tab(shared_local_api: LocalApi) -> AsyncIterator[Page]:
    """As large as the browser that is driven: places are the same in both."""
    path = shared_local_api.get("/health").json()["chromium"]["path"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path)
        yield await browser.new_page(viewport={"width": 1280, "height": 720})
        await browser.close()


def link(api: LocalApi, session_id: str) -> httpx.URL:
    return httpx.URL(api.get(f"/sessions/{session_id}").json()["viewer_url"])


def titles(api: LocalApi, session_id: str) -> list[str]:
    tabs = api.get(f"/sessions/{session_id}/debug?update_metadata=false").json()["tabs"]
    return [tab["metadata"]["title"] for tab in tabs]


async def until_noted(api: LocalApi, session_id: str, wanted: str) -> str:
    for _ in range(1000):
        title = (await asyncio.to_thread(titles, api, session_id))[0]
        if wanted in title:
            return title
        await asyncio.sleep(0.05)
    pytest.fail(f"{wanted} never reached the page, which noted: {title}")


async def test_mouse_keyboard_and_text_reach_the_page(local_api: LocalApi, tab: Page):
    with serving(NOTING, "<title>Second</title>") as pages:
        session_id = await asyncio.to_thread(start_on, local_api, f"{pages.url}/0")
        noted = lambda wanted: until_noted(local_api, session_id, wanted)  # noqa: E731
        await tab.goto(str(link(local_api, session_id).copy_merge_params({"mode": "embed-minimal", "interactive": "1"})))
        await tab.wait_for_selector("[data-state=live][data-control=yes]", state="attached")

        await tab.mouse.click(200, 140)
        await noted("focus")
        await tab.keyboard.type("a")
        await tab.keyboard.press("Shift+KeyB")
        await noted("S-KeyB")
        await tab.keyboard.press("Control+a")
        await noted("C-KeyA")
        await tab.keyboard.press("Enter")
        await tab.evaluate(
            """() => { const data = new DataTransfer(); data.setData("text/plain", "pasted €");
            dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true })); }"""
        )
        await noted(r'"\npasted €"')
        await tab.keyboard.insert_text("日本")
        await noted(r'"\npasted €日本"')
        await tab.mouse.dblclick(250, 600)
        await tab.mouse.click(250, 600, button="right")
        await noted("contextmenu")
        await tab.mouse.wheel(0, 400)
        assert "dblclick" in await noted("scroll")
        await tab.mouse.wheel(0, -400)
        await noted("back")
        await tab.mouse.move(540, 140)
        await tab.mouse.down()
        for x in range(560, 741, 20):
            await tab.mouse.move(x, 140)
            await tab.wait_for_timeout(20)
        await tab.mouse.up()
        await noted("drop")

        await several_tabs(local_api, session_id, tab)


async def several_tabs(api: LocalApi, session_id: str, tab: Page) -> None:
    assert await tab.is_hidden("[data-tabs]")
    await tab.mouse.click(140, 325)
    await tab.wait_for_selector(".tab-title[aria-current] >> text=Second")
    assert await tab.locator(".tab").count() == 2
    await tab.locator(".tab-title").first.click()
    await tab.wait_for_function("() => document.querySelector('.tab-title').getAttribute('aria-current') === 'true'")
    await tab.get_by_role("button", name="Close the tab Second").click()
    await tab.wait_for_selector("[data-tabs]", state="hidden")
    assert len(titles(api, session_id)) == 1


async def hears(socket: Any, kind: str) -> dict[str, Any]:
    while True:
        message = await asyncio.to_thread(socket.recv, 10)
        told = json.loads(message) if isinstance(message, str) else {}
        if told.get("type") == kind:
            return told


async def test_input_is_refused_without_the_newest_control_link(local_api: LocalApi):
    with serving(NOTING) as pages:
        session_id = await asyncio.to_thread(start_on, local_api, f"{pages.url}/0")
        first, second = link(local_api, session_id).params, link(local_api, session_id).params
        watch = f"/viewer/live?session={session_id}&token={first['token']}&interactive=1"
        focus = [json.dumps({"type": kind, "x": 0.15, "y": 0.19, "button": "left"}) for kind in ("down", "up")]
        for path in (watch, f"{watch}&control={first['token']}", f"{watch}&control=x.y"):
            with local_api.socket(path) as socket:
                assert not (await hears(socket, "control"))["held"]
                for message in focus:
                    socket.send(message)
        with local_api.socket(f"{watch}&control={first['control']}") as older:
            assert (await hears(older, "control"))["held"]
            with local_api.socket(f"{watch}&control={second['control']}") as newer:
                assert (await hears(newer, "control"))["held"]
                assert (await hears(older, "control")) == {"type": "control", "held": False, "reason": "taken"}
                for message in focus:
                    older.send(message)
                with local_api.socket(f"{watch}&control={first['control']}") as again:
                    assert not (await hears(again, "control"))["held"]
                assert "focus" not in titles(local_api, session_id)[0]
                for message in focus:
                    newer.send(message)
                await until_noted(local_api, session_id, "focus")
                for nonsense in (
                    '{"type": "key", "key": 1e400}',
                    '{"type":"move","x":null,"y":2}',
                    "[]",
                    "{",
                    '{"type":"tab","id":"x"}',
                ):
                    newer.send(nonsense)
                newer.send(json.dumps({"type": "key", "down": True, "key": "x", "code": "KeyX", "keyCode": 88}))
                await until_noted(local_api, session_id, "KeyX")


async def test_a_control_link_that_runs_out_while_it_is_used_ends_the_control_only(local_api: LocalApi):
    session_id = local_api.start_session()
    tokens: SessionTokens = local_api.server.config.app.state.parts.tokens
    control = tokens.issue(session_id, control=True, seconds=1)
    with local_api.socket(
        f"/viewer/live?session={session_id}&token={local_api.token(session_id)}&interactive=1&control={control}"
    ) as socket:
        assert (await hears(socket, "control"))["held"]
        assert (await hears(socket, "control")) == {"type": "control", "held": False, "reason": "expired"}
        socket.ping().wait(60)


def test_a_token_to_watch_does_not_open_control_nor_the_other_way_round():
    tokens = SessionTokens()
    watch, control = tokens.issue("s"), tokens.issue("s", control=True)

    assert (tokens.opens(watch, "s"), tokens.control(watch, "s")) == (True, None)
    assert tokens.opens(control, "s") is False
    assert tokens.control(control, "s") is not None
    assert tokens.control(control, "other") is None
    assert tokens.control(tokens.issue("s", control=True, seconds=-1), "s") is None


@pytest.mark.parametrize(
    "message", [{"key": ""}, {}, {"key": "x" * 33}, {"key": "a", "code": "y" * 33}, {"key": "a", "modifiers": "z"}]
)
def test_what_is_no_key_is_refused(message: dict[str, Any]):
    with pytest.raises((ValueError, KeyError)):
        key_event(message)
