"""What a visitor does on the pages, and what the pages say; for tests that are about what comes after."""

import json
import re
import time
import urllib.request
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.stack import Stack

PATIENCE = 30_000
QUIET = 0.7
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 740}
DETAIL = re.compile(r"/(sessions|agents)/[0-9a-f-]{36}/$")
# Lost with every reload. Remembers how many steps the page showed, one after the other.
WATCHED = """() => {
    const shown = () => document.querySelectorAll('[data-step-seq]').length;
    window.counts = [shown()];
    new MutationObserver(() => shown() !== window.counts.at(-1) && window.counts.push(shown()))
        .observe(document, { childList: true, subtree: true });
}"""
SHOWN_STEPS = "all => all.map(each => Number(each.dataset.stepSeq))"
START = ".form-submit button[type=submit]"


def sign_in(tab: Page, username: str, password: str) -> None:
    tab.goto("/accounts/login/")
    give_password(tab, username, password)
    expect(tab.get_by_role("heading", name="Overview")).to_be_visible()


def give_password(tab: Page, username: str, password: str) -> None:
    tab.fill("[name=login]", username)
    tab.fill("[name=password]", password)
    tab.click("button[type=submit]")


def demo(stack: Stack, path: str) -> str:
    return f"http://127.0.0.1:{stack.local_api_port}/demo/{path}"


def submit(tab: Page) -> None:
    tab.click(START)


def start_session(tab: Page) -> str:
    """Returns the path of its page, which the tab is on."""
    tab.goto("/sessions/start/")
    submit(tab)
    tab.wait_for_url(DETAIL)
    return path_of(tab)


def start_agent(tab: Page, task: str, url: str = "", session: str = "") -> str:
    tab.goto("/agents/start/" + (f"?session={uuid_in(session)}" if session else ""))
    tab.fill("[name=task]", task)
    tab.fill("[name=url]", url)
    submit(tab)
    tab.wait_for_url(DETAIL)
    return path_of(tab)


def path_of(tab: Page) -> str:
    return tab.url.removeprefix(re.match(r"https?://[^/]+", tab.url)[0])


def uuid_in(path: str) -> str:
    return path.strip("/").split("/")[1]


def status(tab: Page) -> Locator:
    return tab.locator("#status")


def wait_for_status(tab: Page, *names: str, timeout: float = PATIENCE) -> None:
    expect(status(tab)).to_have_attribute("data-status", re.compile(f"^({'|'.join(names)})$"), timeout=timeout)


def wait_live(tab: Page, timeout: float = PATIENCE) -> None:
    expect(tab.locator("live-socket")).to_have_attribute("data-live", "on", timeout=timeout)


def wait_over(tab: Page, timeout: float = 60_000) -> None:
    """Until the page has said so, and has nothing more to wait for."""
    expect(tab.locator("live-socket")).to_have_attribute("data-state", "ended", timeout=timeout)


def wait_for_steps(tab: Page, number: int, timeout: float = PATIENCE) -> None:
    tab.wait_for_function("n => document.querySelectorAll('[data-step-seq]').length >= n", arg=number, timeout=timeout)


def shown_steps(tab: Page) -> list[int]:
    return tab.locator("[data-step-seq]").evaluate_all(SHOWN_STEPS)


def one_by_one(count: int) -> list[int]:
    return list(range(1, count + 1))


def watch(tab: Page) -> None:
    tab.evaluate(WATCHED)


def counts(tab: Page) -> list[int]:
    """The numbers of steps shown since `watch`, which must not be forgotten: that would have been a reload."""
    seen = tab.evaluate("window.counts")
    assert seen is not None, "the page was loaded again"
    return seen


def facts(tab: Page, path: str = "") -> dict[str, Any]:
    # Asked once more over a connection that the server was just closing for having been idle.
    answer = tab.request.get(path or tab.url, headers={"Accept": "application/json"}, max_retries=2)
    assert answer.ok
    return answer.json()


def stop(tab: Page) -> None:
    tab.click(".btn-stop")
    tab.locator("#confirm [type=submit]").click()


def loaded(picture: Locator) -> bool:
    return picture.evaluate("image => (image.loading = 'eager', image.decode().then(() => image.naturalWidth > 0))")


def wait_for_pictures(tab: Page) -> None:
    """Also of those that were asked for in vain the first time."""
    tab.locator(".step-shot img").evaluate_all("all => all.forEach(image => { image.loading = 'eager'; })")
    tab.wait_for_function("() => [...document.querySelectorAll('.step-shot img')].every(image => image.naturalWidth > 0)")


def local_api(stack: Stack, method: str, path: str) -> Any:
    key = (stack.data_dir / "local_api_key").read_text().strip()
    address = f"http://127.0.0.1:{stack.local_api_port}{path}"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    asked = urllib.request.Request(address, method=method, headers=headers)
    with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310 - our own address
        return json.load(answer)


def end_all_sessions(stack: Stack) -> None:
    """There is room for eight, and each costs a Chromium."""
    for session in local_api(stack, "GET", "/sessions?only_active=true&page_size=100")["items"]:
        local_api(stack, "DELETE", f"/sessions/{session['session_id']}/stop")


def settle(*tabs: Page) -> None:
    """Until none of them has asked for anything for a while. Playwright's "networkidle" waits for frames that are gone, too."""
    last = [time.monotonic()]
    asked = lambda _request: last.append(time.monotonic())  # noqa: E731 - the same one is taken off again
    for tab in tabs:
        tab.wait_for_load_state()
        tab.on("request", asked)
    while time.monotonic() - last[-1] < QUIET:
        tabs[0].wait_for_timeout(50)
    for tab in tabs:
        tab.remove_listener("request", asked)
