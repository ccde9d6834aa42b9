"""From a step stored to the step painted in an open page, in the real stack: `python -m tests.benchmarks.paint [runs]`."""

import os
import platform
import sqlite3
import statistics
import sys
from datetime import UTC, datetime
from importlib.metadata import version

from playwright.sync_api import Page, sync_playwright

from notte_dashboard.local_api.chromium import find
from tests.e2e.stack import Stack, new_stack

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
TASK = "Search for 'teapot', click 'Blue Teapot', select 'Large' as size, add it to the cart and tell me the total"


def sign_in(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.base_url}/accounts/login/")
    page.fill("[name=login]", stack.admin_username)
    page.fill("[name=password]", stack.admin_password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{stack.base_url}/")


def one_run(page: Page, stack: Stack) -> list[float]:
    """Milliseconds from stored to painted, for each step that came over the socket."""
    page.goto(f"{stack.base_url}/agents/start/")
    page.fill("[name=task]", TASK)
    page.fill("[name=url]", f"http://127.0.0.1:{stack.local_api_port}/demo/shop")
    page.click(".form-submit button[type=submit]")
    page.wait_for_selector("#status[data-status=closed]", timeout=60_000)
    page.wait_for_timeout(1500)
    painted = {int(seq): at for seq, at in page.evaluate("painted").items()}
    uuid = page.url.rstrip("/").rsplit("/", 1)[-1].replace("-", "")
    query = "SELECT s.seq, s.stored_at FROM agents_app_agentstep s JOIN agents_app_agentrun r ON s.run_id = r.id WHERE r.uuid = ?"
    with sqlite3.connect(stack.data_dir / "dashboard.sqlite3") as database:
        stored = {
            seq: datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000 for seq, at in database.execute(query, (uuid,))
        }
    assert stored.keys() == painted.keys(), "every stored step was painted, and no other"
    return [painted[seq] - stored[seq] for seq in stored]


def main(runs: int) -> None:
    found: list[float] = []
    with new_stack() as stack, sync_playwright() as playwright:
        stack.start()
        path = find(os.environ.get("CHROMIUM", ""), "")
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
        page = browser.new_page()
        page.add_init_script(NOTE_PAINTS)
        sign_in(page, stack)
        for number in range(runs):
            found += (times := one_run(page, stack))
            print(
                f"run {number + 1}: {len(times)} steps, median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms",
                flush=True,
            )
        browser.close()
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {platform.machine()}"
    versions = f"Python {platform.python_version()}, Django {version('django')}"
    median, p95 = statistics.median(found), statistics.quantiles(found, n=20)[-1]
    print(f"stored to painted: median {median:.0f} ms, p95 {p95:.0f} ms, {len(found)} steps, {runs} runs ({machine}, {versions})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
