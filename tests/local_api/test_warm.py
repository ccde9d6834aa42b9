"""The browser that waits: used by the next session, replaced after it, gone with the API, and never in the way."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.local_api.serving import LocalApi
from tests.local_api.sites import serving
from tests.local_api.test_crashes import all_gone, chromium_processes

pytestmark = pytest.mark.chromium


def main_processes(known: set[int]) -> set[int]:
    return {pid for pid, main in chromium_processes().items() if main} - known


def a_waiting_one(known: set[int]) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = main_processes(known)
        if found:
            return found.pop()
        time.sleep(0.05)
    pytest.fail("no browser waits")


def test_a_session_gets_the_waiting_browser_and_another_one_waits(start_local_api: Callable[..., LocalApi]):
    everything = chromium_processes()
    known = set(everything)
    api = start_local_api(warm=True)
    waiting = a_waiting_one(known)

    usual = api.start_session()

    second = a_waiting_one(known | {waiting})
    other = api.start_session(
        viewport_width=800, viewport_height=600, user_agent="Agent/7", extra_http_headers={"X-Team": "shop"}
    )
    done = {"type": "completion", "success": True, "answer": ""}
    with serving("<script>document.title = `${innerWidth}x${innerHeight} ${navigator.userAgent}`</script>") as site:
        api.agent_when_closed(api.start_agent(other, [done], url=f"{site.url}/0"))
    assert api.get(f"/sessions/{other}/debug").json()["tabs"][0]["metadata"]["title"] == "800x600 Agent/7"
    third = a_waiting_one(known | {waiting, second})
    # One for each session and one that waits: no session has started its own.
    assert main_processes(known) == {waiting, second, third}
    for session_id in (usual, other):
        api.delete(f"/sessions/{session_id}/stop")
    assert main_processes(known) == {third}
    api.stop()
    assert all_gone(everything)


def test_a_waiting_browser_that_died_or_does_not_fit_is_not_used(start_local_api: Callable[..., LocalApi]):
    known = set(chromium_processes())
    api = start_local_api(warm=True)
    waiting = a_waiting_one(known)

    fresh = api.start_session(chrome_args=["--mute-audio"])
    assert waiting in main_processes(known)
    (own,) = main_processes(known | {waiting})
    assert b"--mute-audio" in Path(f"/proc/{own}/cmdline").read_bytes()
    os.kill(waiting, signal.SIGKILL)
    session = api.start_session()

    assert api.get(f"/sessions/{session}").json()["status"] == "active"
    assert api.get(f"/sessions/{fresh}").json()["status"] == "active"


def test_without_a_chromium_nothing_waits_and_the_start_says_so(start_local_api: Callable[..., LocalApi]):
    api = start_local_api(warm=True, chromium="/nowhere/chromium")

    answer = api.post("/sessions/start")

    assert (answer.status_code, "CHROMIUM" in answer.json()["message"]) == (503, True)
