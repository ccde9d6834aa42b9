"""Browsers and drivers that die: the session says so, and no process stays."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.local_api.serving import LocalApi

pytestmark = pytest.mark.chromium


def chromium_processes() -> dict[int, bool]:
    """Chromium processes below this one, and whether each is the main one of its browser: the first of its process group."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line, pid = path.read_bytes(), int(path.parts[2])
            if b"headless" in line.split(b"\0")[0].split(b" ")[0] and _is_ours(pid):
                found[pid] = os.getpgid(pid) == pid
        except OSError:
            continue
    return found


def all_gone(known: dict[int, bool]) -> bool:
    """Helper processes end a moment after their browser."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if set(chromium_processes()) <= set(known):
            return True
        time.sleep(0.05)
    return False


def _is_ours(pid: int) -> bool:
    while pid > 1:
        if pid == os.getpid():
            return True
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            return False
    return False


def test_a_killed_browser_ends_its_session_and_agent_with_the_reason(local_api: LocalApi):
    before = chromium_processes()
    session_id = local_api.start_session()
    agent_id = local_api.start_agent(session_id, [{"type": "wait", "time_ms": 20000}])
    (browser,) = [pid for pid, main in chromium_processes().items() if main and pid not in before]

    os.kill(browser, signal.SIGKILL)

    session = local_api.session_when(session_id, lambda session: session["status"] == "error")
    agent = local_api.agent_when_closed(agent_id)
    assert session["error"] == "The browser ended unexpectedly."
    assert session["closed_at"] is not None
    assert (agent["success"], agent["answer"].startswith("Failed due to ")) == (False, True)
    stop = local_api.delete(f"/sessions/{session_id}/stop")
    assert (stop.status_code, "already closed" in stop.json()["message"]) == (409, True)
    assert all_gone(before)


def test_stopping_leaves_no_process(local_api: LocalApi):
    before = chromium_processes()
    session_id = local_api.start_session()
    assert set(chromium_processes()) - set(before)

    local_api.delete(f"/sessions/{session_id}/stop")

    assert all_gone(before)


def test_a_killed_driver_ends_its_sessions_and_the_next_one_starts(start_local_api: Callable[..., LocalApi]):
    before = chromium_processes()
    others = drivers()
    api = start_local_api()
    (driver,) = drivers() - others
    session_id = api.start_session()

    os.kill(driver, signal.SIGKILL)

    session = api.session_when(session_id, lambda session: session["status"] == "error")
    assert session["error"]
    assert all_gone(before)
    assert api.get(f"/sessions/{api.start_session()}").json()["status"] == "active"


def drivers() -> set[int]:
    """Playwright's own processes, direct children of this one."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line, stat = path.read_bytes(), path.with_name("stat").read_text()
        except OSError:
            continue
        if b"run-driver" in line and int(stat.rpartition(")")[2].split()[1]) == os.getpid():
            found.add(int(path.parts[2]))
    return found


def test_a_full_disk_refuses_the_session_and_leaves_no_browser(start_local_api: Callable[..., LocalApi]):
    before = chromium_processes()
    api = start_local_api()
    # The limit makes SQLite itself answer that the disk is full.
    database = api.server.config.app.state.parts.sessions._store._db
    database.execute("INSERT INTO sessions VALUES ('filler', '2026', 0, ?)", ('{"fill": "' + "x" * 3900 + '"}',))
    database.execute("PRAGMA max_page_count = 1")

    answer = api.post("/sessions/start")

    assert (answer.status_code, "DATA_DIR" in answer.json()["message"]) == (507, True)
    assert all_gone(before)
    assert api.get("/sessions").json()["items"] == []
