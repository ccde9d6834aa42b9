import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from notte_dashboard.local_api.store import AGENT_RESTARTED, RESTARTED, Store
from tests.local_api.serving import LocalApi


def session(number: int, status: str = "closed") -> dict[str, Any]:
    return {"session_id": f"s{number}", "created_at": f"2026-01-01T00:00:{number:02}Z", "status": status, "error": None}


def agent(number: int, session_id: str, status: str = "closed") -> dict[str, Any]:
    return {"agent_id": f"a{number}", "session_id": session_id, "created_at": "2026-01-01T00:00:00Z", "status": status}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "local_api.sqlite3"


def test_what_was_active_when_the_process_died_is_an_error_afterwards(path: Path):
    store = Store(path, keep=10)
    store.save_session(session(1, "active"))
    store.save_session(session(2))
    store.save_agent(agent(1, "s1", "active"))
    store.add_step("s1", 0, "a1", {"type": "agent_step_start", "value": {}})
    store.close()

    store = Store(path, keep=10)
    interrupted, ended, its_agent = store.session("s1"), store.session("s2"), store.agent("a1")
    steps = (store.session_steps("s1"), store.agent_steps("a1"))
    store.close()

    assert interrupted is not None
    assert (interrupted["status"], interrupted["error"], bool(interrupted["closed_at"])) == ("error", RESTARTED, True)
    assert ended == session(2)
    assert its_agent is not None
    assert (its_agent["status"], its_agent["success"], its_agent["answer"]) == ("closed", False, AGENT_RESTARTED)
    assert steps == ([{"type": "agent_step_start", "value": {}}],) * 2


def test_the_oldest_ended_sessions_are_forgotten_with_their_agents_and_steps(path: Path):
    store = Store(path, keep=3)
    store.save_session(session(0, "active"))
    for number in range(1, 6):
        store.save_session(session(number))
        store.save_agent(agent(number, f"s{number}"))
        store.add_step(f"s{number}", 0, f"a{number}", {"n": number})

    listed = [record["session_id"] for record in store.sessions(offset=0, limit=10, only_active=False)]
    gone = (store.session("s1"), store.agent("a1"), store.agent_steps("a1"), store.session_steps("s1"))
    store.close()

    assert listed == ["s5", "s4", "s0"]
    assert gone == (None, None, [], [])


def test_only_the_owner_may_read_the_file(path: Path):
    Store(path, keep=1).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.chromium
def test_ended_sessions_and_agents_survive_a_restart(start_local_api: Callable[..., LocalApi]):
    first = start_local_api()
    secret = "header-canary"
    session_id = first.start_session(extra_http_headers={"X-Secret": secret})
    done = {"type": "completion", "success": True, "answer": "42"}
    agent_id = first.start_agent(session_id, [done], url=f"{first.url}/demo/")
    before_agent = first.agent_when_closed(agent_id)
    before = first.delete(f"/sessions/{session_id}/stop").json()
    open_id = first.start_session()
    token = first.token(open_id)
    first.stop()

    second = start_local_api()
    assert second.get(f"/sessions/{session_id}").json() == before
    assert second.get(f"/agents/{agent_id}").json() == before_agent
    assert len(before["steps"]) == 10
    shut = second.get(f"/sessions/{open_id}").json()
    assert (shut["status"], shut["error"]) == ("error", "The local API was shut down.")
    with sqlite3.connect(second.settings.data_dir / "local_api.sqlite3") as database:
        dump = "\n".join(database.iterdump())
    database.close()
    assert secret not in dump
    assert token not in dump
    assert "viewer/?session" not in dump
    assert json.dumps(second.get("/sessions?only_active=false").json()).count(session_id) == 1
