import contextlib
import json
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError

from notte_dashboard.notte_api.generated import AgentCompletion, AgentStatusResponse
from tests.local_api.serving import KEY, LocalApi

pytestmark = pytest.mark.chromium

DONE = {"type": "completion", "success": True, "answer": "42"}
KINDS = ["agent_step_start", "observation", "agent_completion", "execution_result", "agent_step_stop"]


def read(api: LocalApi, path: str) -> tuple[list[dict[str, Any]], int, int]:
    """All messages, the size of the largest, and the close code."""
    with api.socket(path) as socket:
        texts = []
        with contextlib.suppress(ConnectionClosedError):  # a close code that is no normal end is what some tests want
            texts = [str(text) for text in socket]
        assert socket.close_code is not None
        return [json.loads(text) for text in texts], max(map(len, texts), default=0), socket.close_code


def kind(message: dict[str, Any]) -> str:
    return str(message["type"]) if "type" in message else "agent_completion"


@pytest.mark.parametrize("late", [False, True])
def test_the_logs_tell_every_step_and_the_end(local_api: LocalApi, late: bool):  # noqa: FBT001
    session_id = local_api.start_session()
    agent_id = local_api.start_agent(session_id, [{"type": "wait", "time_ms": 200}, DONE], url=f"{local_api.url}/demo/")
    if late:
        local_api.agent_when_closed(agent_id)

    messages, largest, code = read(local_api, f"/agents/{agent_id}/debug/logs?token={KEY}&session_id={session_id}")

    *steps, end = messages
    assert code == 1000
    assert [kind(step) for step in steps] == KINDS * 3
    for step in steps[2::5]:
        AgentCompletion.model_validate(step)
        assert set(step) == {"started_at", "ended_at", "state", "action"}
    assert all(step["value"]["screenshot"]["raw"] == "" for step in steps[1::5])
    assert end["status"] == "agent_stop"
    agent = AgentStatusResponse.model_validate(end["agent"])
    assert (agent.agent_id, agent.success, agent.answer, len(agent.steps or [])) == (agent_id, True, "42", 15)
    assert largest < 500_000


def test_a_session_token_opens_the_logs_of_its_session_only(local_api: LocalApi):
    session_id, other_id = local_api.start_session(), local_api.start_session()
    agent_id = local_api.start_agent(session_id, [DONE])
    path = f"/agents/{agent_id}/debug/logs?session_id={session_id}"

    assert read(local_api, f"{path}&token={local_api.token(session_id)}")[2] == 1000
    for token in (local_api.token(other_id), "", "x.y", local_api.token(session_id)[:-1] + "."):
        assert read(local_api, f"{path}&token={token}") == ([], 0, 4401)
    assert read(local_api, f"/agents/{agent_id}/debug/logs?session_id={other_id}&token={KEY}")[2] == 4404
    assert read(local_api, f"/agents/unknown/debug/logs?token={KEY}")[2] == 4404


def test_the_logs_of_a_stopped_session_end(local_api: LocalApi):
    session_id = local_api.start_session()
    agent_id = local_api.start_agent(session_id, [{"type": "wait", "time_ms": 20000}])
    with local_api.socket(f"/agents/{agent_id}/debug/logs?token={KEY}") as socket:
        socket.recv(timeout=60)
        local_api.delete(f"/sessions/{session_id}/stop")
        messages = [json.loads(text) for text in socket]

    assert messages[-1]["agent"]["success"] is False
