"""From the row to the screen, with the agents elsewhere: a run's page and a list, while another process stores what comes."""

import os
import time

from playwright.sync_api import Browser, Page, sync_playwright

from notte_dashboard.local_api.chromium import find
from tests.benchmarks.report import Figure
from tests.benchmarks.step_to_paint import COUNTED, NOTE_PAINTS, NOTE_ROWS, in_list, percentile, stored_steps
from tests.e2e.scribe import Scribe, scribe_of
from tests.e2e.stack import Stack, new_stack

TITLE = "Stored to paint, agents elsewhere"
ABOUT = (
    "The real stack and a real Chromium with an agent's page and the list of agents, while another process stores steps with "
    "pictures and announces them as a worker does, four a second. As with a remote API, no agent's browser needs the machine."
)
PATIENCE = 240
NOTE_STATES = """
window.states = {};
const noteState = () => {
  for (const badge of document.querySelectorAll('#status, tr[data-run-id] .run-state')) {
    const key = `${badge.closest('tr')?.dataset.runId ?? 'page'} ${badge.dataset.status}`;
    if (!(key in states)) requestAnimationFrame(() => setTimeout(() => { states[key] ??= Date.now(); }, 0));
  }
};
new MutationObserver(noteState).observe(document, { childList: true, subtree: true, attributes: true });
"""
PAUSE = 250


def one_agent(scribe: Scribe, who: str, page: Page, rows: Page, stack: Stack, steps: int) -> dict[str, list[float]]:
    """Milliseconds after each was stored."""
    uuid = scribe("agent", by=who, session=scribe("session", by=who))
    page.goto(f"/agents/{uuid}/")
    rows.goto("/agents/")
    for tab in (page, rows):
        tab.wait_for_selector("live-socket[data-state=live]", state="attached")
    page.wait_for_timeout(1000)
    for count in range(1, steps + 1):
        scribe("steps", uuid=uuid, count=count, colour=f"#{count:02x}80c0")
        page.wait_for_timeout(PAUSE)
    began = time.time()
    scribe("change", uuid=uuid, state="closed", ended=True)
    page.wait_for_selector("#status[data-status=closed]")
    page.wait_for_timeout(1000)
    painted = {int(seq): at for seq, at in page.evaluate("painted").items()}
    stored = stored_steps(stack, uuid.replace("-", ""))
    return {
        "page": [painted[seq] - at for seq, (_, at) in stored.items() if seq in painted],
        "list": in_list(rows.evaluate("shown"), uuid, [at for kind, at in stored.values() if kind == COUNTED]),
        "state": [
            page.evaluate("states['page closed']") - 1000 * began,
            rows.evaluate(f"states['{uuid} closed']") - 1000 * began,
        ],
    }


def opened(browser: Browser, stack: Stack, cookie: str) -> Page:
    context = browser.new_context(base_url=stack.base_url)
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": stack.base_url}])
    for script in (NOTE_PAINTS, NOTE_ROWS, NOTE_STATES):
        context.add_init_script(script)
    return context.new_page()


def main(*, quick: bool) -> list[Figure]:
    found: dict[str, list[float]] = {"page": [], "list": [], "state": []}
    with new_stack() as stack:
        stack.start()
        with scribe_of(stack) as scribe, sync_playwright() as playwright:
            path = find(os.environ.get("CHROMIUM", ""), "")
            browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
            who = scribe("person")
            page, rows = (opened(browser, stack, who["cookie"]) for _ in range(2))
            for _ in range(2 if quick else 12):
                for what, values in one_agent(scribe, who["name"], page, rows, stack, 8).items():
                    found[what] += values
            browser.close()
    return [
        Figure("a step on the run's page, p95", [percentile(found["page"])], unit="ms", goal="<= 150"),
        Figure("its row in the list, p95", [percentile(found["list"])], unit="ms", goal="<= 150"),
        Figure(
            "an end, on the run's page and in the list, p95",
            [percentile(found["state"])],
            unit="ms",
            goal="<= 150",
            note="From before the row is written to the paint.",
        ),
    ]
