from collections.abc import Callable
from datetime import datetime

import pytest

from tests.local_api.serving import LocalApi

pytestmark = pytest.mark.chromium


def test_a_session_without_activity_times_out_and_reading_is_no_activity(start_local_api: Callable[..., LocalApi]):
    api = start_local_api(minute=1.0)
    session_id = api.start_session(idle_timeout_minutes=1, max_duration_minutes=60)

    session = api.session_when(session_id, lambda session: session["status"] != "active")

    assert (session["status"], session["error"]) == ("timed_out", "Nothing happened for 1 minute (idle timeout).")
    assert session["closed_at"] is not None
    stop = api.delete(f"/sessions/{session_id}/stop")
    assert (stop.status_code, "already closed" in stop.json()["message"]) == (409, True)


def test_an_agent_keeps_the_session_until_its_maximum_and_ends_with_it(start_local_api: Callable[..., LocalApi]):
    """A step takes much less than the idle timeout, and more of them than that until the maximum."""
    api = start_local_api(minute=1.2)
    session_id = api.start_session(idle_timeout_minutes=2, max_duration_minutes=3)
    agent_id = api.start_agent(session_id, [{"type": "wait", "time_ms": 100}] * 100, max_steps=100)

    session = api.session_when(session_id, lambda session: session["status"] != "active")

    lasted = datetime.fromisoformat(session["closed_at"]) - datetime.fromisoformat(session["created_at"])
    assert lasted.total_seconds() > 2.5
    assert (session["status"], session["error"]) == ("timed_out", "The maximum duration of 3 minutes has passed.")
    agent = api.agent_when_closed(agent_id)
    assert agent["answer"] == "Failed due to the end of the session: The maximum duration of 3 minutes has passed."
