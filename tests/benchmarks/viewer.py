"""The live picture against the smallest viewer there can be, and the way from the start button to the first picture.

`python -m tests.benchmarks.viewer [--quick]`
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from notte_dashboard.local_api.chromium import find
from tests.benchmarks.probe_page import Probe, probe
from tests.benchmarks.report import Figure, compared
from tests.e2e.stack import ROOT, new_stack
from tests.ports import reserved_ports

TITLE = "Live viewer"
ABOUT = (
    "One page, shown by the embedded API's viewer and by a bare one (CDP screencast, binary websocket, canvas), each in its own "
    "processes, in turns, in one browser that reads the pixels back each frame. The page paints a number; the viewer's canvas is "
    "read until it shows it. Then from a start of a session to its first picture, with a browser that waits and without."
)
PATIENCE = 600
KEY = "key-of-the-benchmark"
REST = 3.5
"""Seconds in which the next browser is made ready."""
CLICK_TRIED = (
    "the form is stored, a worker starts the session, a page is loaded, and in it the viewer, all on the cores that the "
    "visitor's Chromium needs for itself. Tried, and kept: a browser that waits, the live picture asked for while its page is "
    "still being read, the next browser made ready later. Tried, and no gain: a screencast that begins before anybody watches"
)
READ_BACK = """(() => {
  window.seen = []; window.clicked = []; window.live = 0;
  addEventListener("mousedown", () => clicked.push(Date.now()), { capture: true });
  let before = null;
  const look = () => {
    const canvas = document.querySelector("canvas");
    if (!live && document.documentElement?.dataset.state === "live") live = Date.now();
    if (canvas?.width > 1) {
      const line = canvas.getContext("2d").getImageData(0, 32, 512, 1).data;
      let number = 0;
      for (let bit = 0; bit < 8; bit++) if (line[(bit * 64 + 32) * 4] > 127) number |= 1 << bit;
      if (number !== before) seen.push([before = number, Date.now()]);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""


class Api:
    """The embedded API in a process of its own."""

    def __init__(self, folder: Path, ports: list[int], *, warm: bool) -> None:
        self.port, dashboard_port = ports
        chosen = {
            "DATA_DIR": str(folder),
            "LOCAL_API_PORT": str(self.port),
            "LOCAL_API_KEY": KEY,
            "PORT": str(dashboard_port),
        }
        environ = os.environ | chosen | {"LOCAL_API_WARM": "yes" if warm else "no"}
        command = [sys.executable, "-m", "notte_dashboard.local_api"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
        address = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {KEY}"}, timeout=60, trust_env=False)
        while True:
            with contextlib.suppress(httpx.HTTPError):
                self.http.get("/health")
                break
            time.sleep(0.05)

    def start(self, url: str = "") -> str:
        long = {"max_duration_minutes": 15, "idle_timeout_minutes": 15}
        session = str(self.http.post("/sessions/start", json=long).json()["session_id"])
        if url:
            body = {"task": "What is the heading?", "session_id": session, "url": url, "max_steps": 2}
            self.http.post("/agents/start", json=body).raise_for_status()
        return session

    def viewer(self, session: str) -> str:
        return str(self.http.get(f"/sessions/{session}").json()["viewer_url"])

    def stop(self, session: str) -> None:
        self.http.delete(f"/sessions/{session}/stop")

    def end(self) -> None:
        self.http.close()
        self.process.terminate()
        self.process.wait(20)


@contextmanager
def local_api(*, warm: bool) -> Iterator[Api]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, reserved_ports(2) as ports:
        api = Api(Path(folder), ports, warm=warm)
        try:
            yield api
        finally:
            api.end()


@contextmanager
def bare(url: str) -> Iterator[tuple[str, psutil.Process]]:
    command = [sys.executable, "-m", "tests.benchmarks.bare_viewer", find(os.environ.get("CHROMIUM", ""), ""), url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"], psutil.Process(process.pid)
        process.stdin.close()


def latencies(painted: list[tuple[int, float]], seen: list[list[float]]) -> list[float]:
    """Milliseconds from each change to the moment its number was read back; a number that was never seen is left out."""
    found = []
    for number, at in painted:
        shown = next((when for value, when in seen if value == number and when >= at), None)
        if shown is not None and shown - at < 2000:
            found.append(shown - at)
    return found


def processor_seconds(process: psutil.Process) -> float:
    total = 0.0
    for each in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += sum(each.cpu_times()[:2])
    return total


def looked_at(browser: Browser, address: str, who: str, page_of: Probe, process: psutil.Process) -> dict[str, float]:
    """One round of one viewer."""
    context = browser.new_context(viewport={"width": 1280, "height": 760})
    context.add_init_script(READ_BACK)
    tab = context.new_page()
    tab.goto(address)
    tab.wait_for_selector("[data-state=live]", state="attached", timeout=20_000)
    tab.wait_for_timeout(300)
    found = {"still": busy(process, 2.0), **changes(tab, page_of, who), **moving(tab, page_of, who), **clicks(tab, page_of, who)}
    context.close()
    return found


def busy(process: psutil.Process, seconds: float) -> float:
    """Percent of one core that API, driver and browser take together while nothing changes on the page."""
    before = processor_seconds(process)
    time.sleep(seconds)
    return 100 * (processor_seconds(process) - before) / seconds


def changes(tab: Page, page_of: Probe, who: str) -> dict[str, float]:
    tab.evaluate("seen.length = 0")
    painted = page_of.tell(who, "changes", count=16, pause=120)
    tab.wait_for_timeout(300)
    return {"change": statistics.median(latencies(painted, tab.evaluate("seen")))}


def moving(tab: Page, page_of: Probe, who: str) -> dict[str, float]:
    tab.evaluate("seen.length = 0")
    page_of.tell(who, "moving", ms=2500)
    return {"frames": len(tab.evaluate("seen")) / 2.5}


def clicks(tab: Page, page_of: Probe, who: str) -> dict[str, float]:
    tab.wait_for_timeout(300)
    page_of.tell(who, "clicks")
    tab.evaluate("clicked.length = 0")
    for _ in range(8):
        tab.mouse.click(640, 500)
        tab.wait_for_timeout(60)
    arrived = [at for number, at in page_of.tell(who, "told") if number == -1]
    sent = tab.evaluate("clicked")
    return {"click": statistics.median([there - here for here, there in zip(sent, arrived, strict=True)])}


def rounds(browser: Browser, repeats: int) -> list[Figure]:
    ours: list[dict[str, float]] = []
    peer: list[dict[str, float]] = []
    with probe() as page_of, local_api(warm=False) as api, bare(f"{page_of.url}?who=bare") as (address, bare_process):
        session = api.start(f"{page_of.url}?who=ours")
        process = psutil.Process(api.process.pid)
        page_of.tell("ours", "clicks")
        time.sleep(1.5)  # the agent's last step
        for _ in range(repeats):
            driving = api.viewer(session).replace("/viewer/?", "/viewer/?mode=embed-minimal&interactive=1&")
            ours.append(looked_at(browser, driving, "ours", page_of, process))
            peer.append(looked_at(browser, address, "bare", page_of, bare_process))
    pick = lambda rows, name: [row[name] for row in rows]  # noqa: E731
    pairs = {name: (pick(ours, name), pick(peer, name)) for name in ours[0]}
    return [
        compared("change to pixel", *pairs["change"], goal="<= 1.15", unit="ms", note="16 changes a round, the median of each."),
        compared("frames of a moving page", *pairs["frames"], goal=">= 0.8", unit="/s"),
        Figure(
            "click to page", *pairs["click"], unit="ms", goal="<= 10", note="Mouse down in the viewer to mouse down in the page."
        ),
        Figure("a still page that is watched", *pairs["still"], unit="% of a core", goal="<= 1"),
    ]


def first_frames(browser: Browser, repeats: int, *, warm: bool) -> list[float]:
    """From the start of a session at the API to the first frame in a viewer, in milliseconds."""
    found = []
    context = browser.new_context(viewport={"width": 1280, "height": 760})
    context.add_init_script(READ_BACK)
    tab = context.new_page()
    with local_api(warm=warm) as api:
        for _ in range(repeats):
            time.sleep(REST)
            began = time.time()
            session = api.start()
            tab.goto(api.viewer(session))
            tab.wait_for_selector("[data-state=live]", state="attached", timeout=20_000)
            found.append(float(tab.evaluate("live")) - began * 1000)
            api.stop(session)
    context.close()
    return found


NOTE_CLICK = """addEventListener("click", () => { sessionStorage.clicked = Date.now(); }, { capture: true })"""
NOTE_LIVE = """new MutationObserver(() => {
  if (window.live || !document.querySelector('#viewer-slot[data-viewer="live"]')) return;
  window.live = Date.now();
  console.debug('live');
}).observe(document, { childList: true, subtree: true, attributes: true })"""


def from_the_click(browser: Browser, repeats: int, *, warm: bool) -> list[float]:
    """The whole product: the click on the form's button to the live picture on the session's page, in milliseconds."""
    found = []
    with new_stack(LOCAL_API_WARM="yes" if warm else "no") as stack:
        stack.start()
        context = browser.new_context(base_url=stack.base_url, viewport={"width": 1280, "height": 860})
        context.add_init_script(NOTE_LIVE)
        tab = context.new_page()
        tab.goto("/accounts/login/")
        tab.fill("[name=login]", stack.admin_username)
        tab.fill("[name=password]", stack.admin_password)
        tab.click("button[type=submit]")
        tab.wait_for_url(f"{stack.base_url}/")
        for _ in range(repeats + 1):  # the first one compiles templates and fills caches
            tab.goto("/sessions/start/")
            tab.evaluate(NOTE_CLICK)
            tab.wait_for_timeout(REST * 1000)
            # To wait for an element would put scripts into the page that is measured.
            with tab.expect_console_message(lambda message: message.text == "live", timeout=30_000):
                tab.click(".form-submit button[type=submit]", no_wait_after=True)
            found.append(float(tab.evaluate("live - Number(sessionStorage.clicked)")))
            tab.click(".btn-stop")
            tab.locator("#confirm [type=submit]").click()
            tab.wait_for_selector("#status[data-status=closed]", timeout=30_000)
        context.close()
    return found[1:]


def main(quick: bool = False) -> list[Figure]:  # noqa: FBT001, FBT002 - as all benchmarks
    repeats = 2 if quick else 5
    with sync_playwright() as playwright:
        path = find(os.environ.get("CHROMIUM", ""), "")
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
        figures = rounds(browser, repeats)
        for kind, warm, goal in (("warm", True, "<= 300"), ("cold", False, "<= 700")):
            api = first_frames(browser, repeats, warm=warm)
            figures.append(Figure(f"start at the API to first frame, {kind}", api, unit="ms", goal=goal))
            click = from_the_click(browser, repeats, warm=warm)
            note = CLICK_TRIED if warm else ""
            figures.append(Figure(f"click on start to live picture, {kind}", click, unit="ms", goal=goal, note=note))
        browser.close()
    return figures


if __name__ == "__main__":
    for figure in main("--quick" in sys.argv):
        told: dict[str, Any] = {"name": figure.name, "goal": figure.goal, "met": figure.met}
        for name in ("ours", "peer", "ratio"):
            values = getattr(figure, name)
            told[name] = [round(value, 2) for value in values]
        print(json.dumps(told), flush=True)
