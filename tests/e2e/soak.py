"""Leaves pages open and idle for an hour, and says whether they stayed connected and still hear: `make soak`.

Not a part of `make test`: it takes as long as it says. The API lets no session idle for more than 15 minutes, so the one that is
looked at is given something to do every ten. Exits with 1 when a page lost its line, or does not hear of the end.
"""

import argparse
import os
import sys
import time
from typing import Any

from playwright.sync_api import Page, WebSocket, expect, sync_playwright

from notte_dashboard.local_api.chromium import find
from tests.e2e import visitor
from tests.e2e.stack import Stack, new_stack

IDLE, WOKEN_EVERY = 15, 10 * 60
# Lost with a reload. Remembers each time the line was not there.
LOST = """() => {
    const socket = document.querySelector('live-socket');
    window.lost = [];
    const note = () => socket.dataset.live !== 'on' && window.lost.push(`${new Date().toISOString()} ${socket.dataset.state}`);
    new MutationObserver(note).observe(socket, { attributes: true, attributeFilter: ['data-live'] });
}"""


class Line:
    """One open page: its sockets, and what they said."""

    def __init__(self, tab: Page, path: str) -> None:
        self.tab, self.path = tab, path
        self.sockets = self.messages = self.bytes = 0
        tab.on("websocket", self._opened)
        tab.goto(path)
        visitor.wait_live(tab)
        tab.evaluate(LOST)

    def _opened(self, socket: WebSocket) -> None:
        if "/ws/" not in socket.url:
            return
        self.sockets += 1
        socket.on("framereceived", self._heard)

    def _heard(self, payload: bytes | str) -> None:
        self.messages += 1
        self.bytes += len(payload)

    def told(self) -> str:
        return f"{self.path[:14]:<14} sockets {self.sockets}  messages {self.messages}  bytes {self.bytes}"

    def lost(self) -> list[str]:
        lost: list[str] | None = self.tab.evaluate("window.lost")
        return ["it was loaded again"] if lost is None else lost


def opened(context: Any, minutes: int) -> list[Line]:
    tab = context.new_page()
    tab.goto("/sessions/start/")
    tab.locator("details").evaluate_all("all => all.forEach(each => { each.open = true; })")
    tab.fill("[name=idle_timeout_minutes]", str(IDLE))
    tab.fill("[name=max_duration_minutes]", str(minutes + 10))
    visitor.submit(tab)
    tab.wait_for_url(visitor.DETAIL)
    visitor.wait_for_status(tab, "active")
    session = visitor.path_of(tab)
    return [Line(context.new_page(), path) for path in (session, "/live/", "/sessions/", "/")]


def soak(stack: Stack, minutes: int) -> int:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(os.environ.get("CHROMIUM", ""), ""), chromium_sandbox=os.geteuid() != 0
        )
        context = browser.new_context(base_url=stack.base_url, viewport=visitor.WIDE)
        visitor.sign_in(context.new_page(), stack.admin_username, stack.admin_password)
        lines = opened(context, minutes)
        began = woken = time.monotonic()
        while (left := began + 60 * minutes - time.monotonic()) > 0:
            lines[0].tab.wait_for_timeout(1000 * min(60, left))
            if time.monotonic() - woken > WOKEN_EVERY:
                woken = time.monotonic()
                tab = context.new_page()
                visitor.start_agent(tab, "What is the heading?", visitor.demo(stack, ""), lines[0].path)
                visitor.wait_over(tab)
                tab.close()
            print(f"{left / 60:.0f} min left", *(line.told() for line in lines), sep="\n  ", flush=True)
        trouble = [f"{line.path}: {each}" for line in lines for each in line.lost()]
        trouble += [f"{line.path}: {line.sockets} sockets" for line in lines if line.sockets != 1]
        visitor.end_all_sessions(stack)
        visitor.wait_over(lines[0].tab)
        expect(lines[2].tab.locator("[data-status=closed]").first).to_be_visible(timeout=visitor.PATIENCE)
        print(*(trouble or ["Every page stayed connected and heard of the end."]), sep="\n")
        return 1 if trouble else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    minutes = parser.parse_args().minutes
    with new_stack() as stack:
        stack.start()
        return soak(stack, minutes)


if __name__ == "__main__":
    sys.exit(main())
