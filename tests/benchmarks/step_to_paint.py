"""From an agent's step at the embedded API to the step painted in a page, against a bare client of the API's own websocket."""

import asyncio
import json
import os
import sqlite3
import statistics
import threading
import time
import urllib.request
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright
from websockets.asyncio.client import connect

from notte_dashboard.local_api.chromium import find
from tests.benchmarks.report import Figure
from tests.e2e.stack import Stack, new_stack

TITLE = "Step to paint (a)"
ABOUT = (
    "The real stack with its embedded API and a real Chromium, which opens the agent's page while the agent works. A bare client "
    "listens to the API's own log socket at the same time; both see the same steps of the same run."
)
PATIENCE = 240
NOTE_PAINTS = """
window.painted = {};
const seen = (node) => {
  if (node.nodeType !== 1) return;
  const found = node.matches("[data-step-seq]") ? [node] : [];
  for (const step of [...found, ...node.querySelectorAll("[data-step-seq]")]) {
    const seq = step.dataset.stepSeq;
    // The frame after this change has been drawn when the second callback runs.
    if (!(seq in painted)) requestAnimationFrame(() => setTimeout(() => { painted[seq] ??= Date.now(); }, 0));
  }
};
new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(seen)))
  .observe(document, { childList: true, subtree: true });
"""
NOTE_ROWS = """
window.shown = {};
const note = () => {
  for (const row of document.querySelectorAll("tr[data-run-id]")) {
    const key = `${row.dataset.runId} ${parseInt(row.querySelector(".runs-number").textContent)}`;
    if (!(key in shown)) requestAnimationFrame(() => setTimeout(() => { shown[key] ??= Date.now(); }, 0));
  }
};
new MutationObserver(note).observe(document, { childList: true, subtree: true, characterData: true });
"""
TASK = "Search for 'teapot', click 'Blue Teapot', select 'Large' as size, add it to the cart and tell me the total"
TRIED = (
    "the whole product, the agent's Chromium and the visitor's Chromium share the machine's cores, which the bare client "
    "does not need. Tried, and kept: a look at the moment of the event, one more 0.25 s after one that found nothing, steps"
    " sent before the rest of the page is drawn, which is drawn at most ten times a second then, one layout of the page for"
    " each batch, lists that read only what a step can change, a wake-up of the session's watch by the agent's, an agent's"
    " Chromium that yields (docs/adr/0020). Pictures are encoded anew before a step is stored"
)
KIND = "execution_result"
"""The items that both can tell apart without doubt: one for each action."""
COUNTED = "agent_step_start"
"""The items that the list's column of steps counts."""


def sign_in(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.base_url}/accounts/login/")
    page.fill("[name=login]", stack.admin_username)
    page.fill("[name=password]", stack.admin_password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{stack.base_url}/")


class Bare(threading.Thread):
    """Connects as soon as the agent is known, and notes when each item comes."""

    def __init__(self, stack: Stack, agent_id: str, session_id: str) -> None:
        super().__init__(daemon=True)
        self.stack, self.agent_id, self.session_id = stack, agent_id, session_id
        self.came: list[tuple[float, dict[str, Any]]] = []

    def run(self) -> None:
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        base = f"http://127.0.0.1:{self.stack.local_api_port}"
        key = (self.stack.data_dir / "local_api_key").read_text().strip()
        request = urllib.request.Request(  # noqa: S310 - our own API
            f"{base}/sessions/{self.session_id}/debug", headers={"authorization": f"Bearer {key}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: ASYNC210, S310 - nothing else runs here
            token = json.loads(answer.read())["ws"]["logs"].partition("token=")[2].partition("&")[0]
        path = f"/agents/{self.agent_id}/debug/logs?token={token}&session_id={self.session_id}"
        async with connect(base.replace("http", "ws", 1) + path, max_size=None) as socket:
            async for message in socket:
                self.came.append((time.time() * 1000, json.loads(message)))


class Run(NamedTuple):
    """Milliseconds for each step."""

    painted_after_bare: list[float]
    painted_after_stored: list[float]
    stored_after_bare: list[float]
    in_list_after_stored: list[float]


def one_run(page: Page, rows: Page, stack: Stack) -> Run:
    page.goto(f"{stack.base_url}/agents/start/")
    page.fill("[name=task]", TASK)
    page.fill("[name=url]", f"http://127.0.0.1:{stack.local_api_port}/demo/shop")
    page.click(".form-submit button[type=submit]")
    page.wait_for_selector("#status")
    uuid = page.url.rstrip("/").rsplit("/", 1)[-1]
    known: dict[str, Any] = {}
    while not known.get("agent_id"):
        known = page.evaluate("(url) => fetch(url, {headers: {accept: 'application/json'}}).then((it) => it.json())", page.url)
        time.sleep(0.02)
    bare = Bare(stack, known["agent_id"], known["session_id"])
    bare.start()
    rows.goto(f"{stack.base_url}/agents/")
    page.wait_for_selector("#status[data-status=closed]", timeout=60_000)
    page.wait_for_timeout(1500)
    bare.join(5)
    painted = {int(seq): at for seq, at in page.evaluate("painted").items()}
    stored = stored_steps(stack, uuid.replace("-", ""))
    came = [at for at, item in bare.came if item.get("type") == KIND]
    ours = [(seq, at) for seq, (kind, at) in stored.items() if kind == KIND]
    # The bare client may have come after the first ones; the last ones are the same for both.
    pairs = [(seq, at, arrived) for (seq, at), arrived in zip(ours[-len(came) :], came, strict=True) if seq in painted]
    assert pairs, (len(came), len(ours), len(painted))
    return Run(
        [painted[seq] - arrived for seq, _, arrived in pairs],
        [painted[seq] - at for seq, at, _ in pairs],
        [at - arrived for _, at, arrived in pairs],
        in_list(rows.evaluate("shown"), uuid, [at for kind, at in stored.values() if kind == COUNTED]),
    )


def in_list(shown: dict[str, float], uuid: str, stored: list[float]) -> list[float]:
    """The list may have been opened after the first steps: those count that were stored while it was there."""
    counts = {int(key.rpartition(" ")[2]): at for key, at in shown.items() if key.startswith(f"{uuid} ")}
    opened = min(counts.values())
    later = [(number, at) for number, at in enumerate(stored, 1) if at > opened]
    return [min(when for count, when in counts.items() if count >= number) - at for number, at in later]


def stored_steps(stack: Stack, uuid: str) -> dict[int, tuple[str, float]]:
    query = (
        "SELECT s.seq, s.kind, s.stored_at FROM agents_app_agentstep s JOIN agents_app_agentrun r ON s.run_id = r.id "
        "WHERE r.uuid = ? ORDER BY s.seq"
    )
    with closing(sqlite3.connect(stack.data_dir / "dashboard.sqlite3")) as database:
        rows = database.execute(query, (uuid,)).fetchall()
    return {seq: (kind, datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000) for seq, kind, at in rows}


def percentile(values: list[float], share: float = 0.95) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def opened(browser: Browser, stack: Stack, script: str) -> Page:
    page = browser.new_context().new_page()
    page.add_init_script(script)
    sign_in(page, stack)
    return page


def main(*, quick: bool) -> list[Figure]:
    with new_stack() as stack, sync_playwright() as playwright:
        stack.start()
        path = find(os.environ.get("CHROMIUM", ""), "")
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
        page, rows = opened(browser, stack, NOTE_PAINTS), opened(browser, stack, NOTE_ROWS)
        runs = [one_run(page, rows, stack) for _ in range(2 if quick else 8)]
        browser.close()
    all_painted = [each for run in runs for each in run.painted_after_stored]
    all_listed = [each for run in runs for each in run.in_list_after_stored]
    return [
        Figure(
            "painted after the bare client has it, median of each run",
            [statistics.median(run.painted_after_bare) for run in runs],
            unit="ms",
            goal="<= 60",
            note=TRIED,
        ),
        Figure("of it: from the event to the row", [statistics.median(run.stored_after_bare) for run in runs], unit="ms"),
        Figure("of it: from the row to the paint", [statistics.median(run.painted_after_stored) for run in runs], unit="ms"),
        Figure("a step on the run's page after it is stored, p95", [percentile(all_painted)], unit="ms", goal="<= 150"),
        Figure("its row in the list after it is stored, p95", [percentile(all_listed)], unit="ms", goal="<= 150"),
        Figure("the same, median", [statistics.median(all_listed)], unit="ms"),
    ]
