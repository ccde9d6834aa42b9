"""The live picture, in a real Chromium: framed as the dashboard does it, and by bare websockets."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from playwright.async_api import Page, async_playwright
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.local_api.serving import KEY, LocalApi
from tests.local_api.sites import serving

pytestmark = pytest.mark.chromium

MOVING = """<title>Moving</title><body style="margin:0">
<div id=box style="width:100vw;height:100vh;background:rgb(255,0,0)"></div>
<input id=field style="position:absolute;left:100px;top:100px;width:200px;height:40px">
<script>let n = 0; setInterval(() => box.style.background = ++n % 2 ? "rgb(0,0,255)" : "rgb(255,0,0)", 200);
field.onclick = () => document.title = "clicked"; field.oninput = () => document.title = "typed " + field.value</script>"""


@pytest.fixture
async def tab(shared_local_api: LocalApi) -> AsyncIterator[Page]:
    """Of the person who watches: a browser of its own, not one of the API's."""
    path = shared_local_api.get("/health").json()["chromium"]["path"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path)
        context = await browser.new_context(viewport={"width": 1000, "height": 700})
        yield await context.new_page()
        await browser.close()


def start_on(api: LocalApi, url: str, **fields: Any) -> str:
    session_id = api.start_session(**fields)
    done = {"type": "completion", "success": True, "answer": ""}
    api.agent_when_closed(api.start_agent(session_id, [done], url=url))
    return session_id


def viewer_url(api: LocalApi, session_id: str, extra: str = "") -> str:
    return f"{api.get(f'/sessions/{session_id}').json()['viewer_url']}{extra}"


async def framed(tab: Page, url: str) -> Any:
    """As the dashboard frames it: scripts only, so with an opaque origin, from a page of another port."""
    frame = f'<iframe sandbox="allow-scripts" referrerpolicy="no-referrer" width=900 height=600 src="{url}"></iframe>'
    with serving(frame) as host:
        await tab.goto(f"{host.url}/0")
    viewer = next(frame for frame in tab.frames if "/viewer/" in frame.url)
    await viewer.wait_for_selector('[data-state="live"]', timeout=60_000, state="attached")
    return viewer


CENTRE = """() => { const canvas = document.querySelector("canvas");
  return Array.from(canvas.getContext("2d").getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data).slice(0, 3) }"""


def colour(pixel: list[int]) -> str:
    red, _, blue = pixel
    return "red" if red - blue > 140 else "blue" if blue - red > 140 else "other"


async def test_the_viewer_shows_the_changing_page_inside_a_sandboxed_frame(local_api: LocalApi, tab: Page):
    problems: list[str] = []
    tab.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: problems.append(str(error)))
    with serving(MOVING) as moving:
        session_id = await asyncio.to_thread(start_on, local_api, f"{moving.url}/0")
        frame = await framed(tab, viewer_url(local_api, session_id, "&theme=dark"))
        seen = set()
        for _ in range(1000):
            seen.add(colour(await frame.evaluate(CENTRE)))
            if seen >= {"red", "blue"}:
                break
            await asyncio.sleep(0.05)

        assert seen >= {"red", "blue"}
        await frame.wait_for_function('() => document.querySelector("[data-title]").textContent === "Moving"')
        assert await frame.text_content("[data-url]") == f"{moving.url}/0"
        assert await frame.get_attribute("html", "data-theme") == "dark"
        assert await frame.evaluate("[canvas.width, canvas.height]") == [1280, 720]

        await asyncio.to_thread(local_api.delete, f"/sessions/{session_id}/stop")
        await frame.wait_for_selector('[data-state="ended"]', state="attached")
        assert "The session has ended" in (await frame.text_content("[data-note]") or "")
        assert [text for text in problems if "favicon" not in text and "404" not in text] == []


async def test_a_still_page_is_shown_to_a_late_and_a_second_viewer(local_api: LocalApi, tab: Page):
    with serving('<body style="background:rgb(0,0,255)">') as still:
        session_id = await asyncio.to_thread(start_on, local_api, f"{still.url}/0")
        first = await framed(tab, viewer_url(local_api, session_id))
        second = await tab.context.new_page()
        await second.goto(viewer_url(local_api, session_id, "&mode=embed-minimal"))
        await second.wait_for_selector('[data-state="live"]', state="attached")

        assert colour(await first.evaluate(CENTRE)) == "blue"
        assert colour(await second.evaluate(CENTRE)) == "blue"
        assert not await second.is_visible(".bar")


async def test_the_picture_follows_navigations_and_new_tabs(local_api: LocalApi, tab: Page):
    with serving('<body style="background:rgb(0,0,255)">', '<body style="background:rgb(255,0,0)">') as pages:
        session_id = await asyncio.to_thread(start_on, local_api, f"{pages.url}/0")
        frame = await framed(tab, viewer_url(local_api, session_id))
        done = {"type": "completion", "success": True, "answer": ""}
        for action, wanted in (("goto", "red"), ("goto_new_tab", "blue")):
            url = f"{pages.url}/{0 if wanted == 'blue' else 1}"
            agent_id = local_api.start_agent(session_id, [{"type": action, "url": url}, done])
            await asyncio.to_thread(local_api.agent_when_closed, agent_id)
            await when(frame, wanted)


async def when(frame: Any, wanted: str) -> None:
    for _ in range(1000):
        if colour(await frame.evaluate(CENTRE)) == wanted:
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"the picture never became {wanted}")


async def test_only_an_interactive_viewer_controls_the_browser(local_api: LocalApi, tab: Page):
    still = MOVING.replace("setInterval", "void")
    with serving(still) as pages:
        session_id = await asyncio.to_thread(start_on, local_api, f"{pages.url}/0")
        for extra, expected in (("", "Moving"), ("&interactive=1", "typed hi")):
            await tab.goto(viewer_url(local_api, session_id, f"&mode=embed-minimal{extra}"))
            await tab.wait_for_selector('[data-state="live"]', state="attached")
            before = local_api.get(f"/sessions/{session_id}").json()["last_accessed_at"]
            # 1280x720 letterboxed into 1000x700: scaled by 1000/1280, with bars of 68.75 px.
            scale, bar = 1000 / 1280, (700 - 720 * 1000 / 1280) / 2
            await tab.mouse.click(200 * scale, bar + 120 * scale)
            await tab.keyboard.type("hix")
            await tab.keyboard.press("Backspace")
            for _ in range(1000):
                tabs = local_api.get(f"/sessions/{session_id}/debug?update_metadata=false").json()["tabs"]
                if tabs[0]["metadata"]["title"] == expected:
                    break
                await asyncio.sleep(0.05)
            assert tabs[0]["metadata"]["title"] == expected
            touched = local_api.get(f"/sessions/{session_id}").json()["last_accessed_at"] > before
            assert touched is bool(extra)


def test_the_viewer_page_may_be_framed_by_this_machine_only_and_runs_no_inline_script(local_api: LocalApi):
    answer = local_api.get("/viewer/?session=x&token=y")
    policy = answer.headers["content-security-policy"]

    assert "frame-ancestors http://localhost:* http://127.0.0.1:*;" in policy
    assert "sandbox allow-scripts" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("no-referrer", "no-store")
    assert "style=" not in answer.text
    assert local_api.get("/viewer/../app.py").status_code == 404


def test_a_dashboard_elsewhere_may_frame_the_viewer_when_it_is_configured(start_local_api: Callable[..., LocalApi]):
    api = start_local_api(dashboard_origins=("https://dashboard.example",))

    assert "http://127.0.0.1:* https://dashboard.example;" in api.get("/viewer/").headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/viewer/live?session={0}", "/sessions/{0}/debug/recording?", "/sessions/{0}/debug/logs?"])
def test_the_sockets_want_the_token_of_their_session(local_api: LocalApi, path: str):
    session_id, other_id = local_api.start_session(), local_api.start_session()

    for token in ("", KEY, local_api.token(other_id), "a.b"):
        assert close_code(local_api, f"{path.format(session_id)}&token={token}") == 4401
    token = local_api.token(session_id)
    local_api.delete(f"/sessions/{session_id}/stop")
    assert close_code(local_api, f"{path.format(session_id)}&token={token}") == 4404


def test_a_socket_from_a_web_page_is_refused(local_api: LocalApi):
    session_id = local_api.start_session()
    path = f"/viewer/live?session={session_id}&token={local_api.token(session_id)}"

    with pytest.raises(InvalidStatus, match="403"), local_api.socket(path, origin="https://evil.example"):
        pass
    with local_api.socket(path, origin="null") as socket:
        assert socket.recv(timeout=60)


def test_cdp_is_declined_in_words(local_api: LocalApi):
    session_id = local_api.start_session()

    assert close_code(local_api, f"/sessions/{session_id}/debug?token={local_api.token(session_id)}") == 4501


def test_a_recording_sends_pictures_and_events_until_the_session_ends(local_api: LocalApi):
    with serving(MOVING) as moving:
        session_id = local_api.start_session()
        with local_api.socket(f"/sessions/{session_id}/debug/recording?token={local_api.token(session_id)}") as socket:
            done = {"type": "completion", "success": True, "answer": ""}
            local_api.agent_when_closed(local_api.start_agent(session_id, [done], url=f"{moving.url}/0"))
            local_api.delete(f"/sessions/{session_id}/stop")
            messages = list(socket)

    pictures = [message for message in messages if isinstance(message, bytes)]
    events = [json.loads(message) for message in messages if isinstance(message, str)]
    assert all(picture.startswith(b"\xff\xd8\xff") for picture in pictures)
    assert pictures
    assert [event["type"] for event in events][:5] == [
        "agent_step_start",
        "observation",
        "agent_completion",
        "execution_result",
        "agent_step_stop",
    ]
    assert events[-1]["data"] == "Session closed by user. No more actions will be recorded."
    assert all(set(event) == {"type", "data", "timestamp"} for event in events)


def test_a_viewer_that_confirms_nothing_gets_two_pictures_and_then_the_newest(local_api: LocalApi):
    with serving(MOVING) as moving:
        session_id = start_on(local_api, f"{moving.url}/0")
        path = f"/viewer/live?session={session_id}&token={local_api.token(session_id)}"
        with local_api.socket(path) as socket:
            received = [picture(socket), picture(socket), picture(socket, within=0.7)]
            socket.send(json.dumps({"type": "drawn"}))
            more = [picture(socket), picture(socket, within=0.7)]

    assert [each is not None for each in received] == [True, True, False]
    assert [each is not None for each in more] == [True, False]


def picture(socket: Any, within: float = 60) -> bytes | None:
    """The next one, None when there is none in that time."""
    try:
        while not isinstance(message := socket.recv(timeout=within), bytes):
            pass
    except TimeoutError:
        return None
    return message


def close_code(api: LocalApi, path: str) -> int:
    with api.socket(path) as socket, pytest.raises(ConnectionClosed) as closed:
        socket.recv(timeout=60)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code
