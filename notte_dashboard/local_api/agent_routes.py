from typing import Annotated, Any

import pydantic_core
from fastapi import APIRouter, Query, Response, WebSocket

from notte_dashboard.local_api.agent import Agent
from notte_dashboard.local_api.errors import ApiError, JsonResponse
from notte_dashboard.local_api.parts import PagingOf, Parts, PartsOf
from notte_dashboard.local_api.sockets import UNAUTHORISED, UNKNOWN, admitted, refuse, serve
from notte_dashboard.local_api.steps import Step, without_picture
from notte_dashboard.notte_api.generated import ApiAgentStartRequest

router = APIRouter()

_SUMMARY = ("agent_id", "created_at", "session_id", "status", "closed_at", "saved")


@router.post("/agents/start")
async def start_agent(body: ApiAgentStartRequest, parts: PartsOf) -> Response:
    return JsonResponse(_summary(parts.agents.start(body).record()))


@router.get("/agents")
async def list_agents(paging: PagingOf, parts: PartsOf, *, only_saved: bool = False) -> Response:
    """No agent of the local API is saved as a workflow, so a list of saved ones is empty."""
    found = [] if only_saved else parts.agents.page(offset=paging.offset, limit=paging.limit, only_active=paging.only_active)
    return JsonResponse(paging.answer([_summary(record) for record in found]))


@router.get("/agents/{agent_id}")
async def agent_status(agent_id: str, parts: PartsOf) -> Response:
    return JsonResponse(_full(parts, agent_id))


@router.delete("/agents/{agent_id}/stop")
async def stop_agent(agent_id: str, session_id: Annotated[str, Query(min_length=1)], parts: PartsOf) -> Response:
    await parts.agents.stop(agent_id, session_id)
    return JsonResponse(_full(parts, agent_id))


@router.websocket("/agents/{agent_id}/debug/logs")
async def agent_logs(socket: WebSocket, agent_id: str, parts: PartsOf, token: str = "", session_id: str = "") -> None:
    try:
        record = parts.agents.record(agent_id)
    except ApiError:
        record = None
    # The token is checked first where it can be, so that without one nothing is learnt about which agents exist.
    known_session = record["session_id"] if record else ""
    if not admitted(parts, token, known_session, api_key_too=True):
        await refuse(socket, UNAUTHORISED)
    elif record is None or (session_id and session_id != known_session):
        await refuse(socket, UNKNOWN)
    else:
        await socket.accept()
        await serve(socket, _send_logs(socket, parts, agent_id))


async def _send_logs(socket: WebSocket, parts: Parts, agent_id: str) -> None:
    """All steps so far, the further ones as they come, and the end."""
    agent = parts.agents.live(agent_id)
    if agent is None:
        for step in parts.agents.steps(agent_id):
            await socket.send_text(_frame(step))
    else:
        await _follow(socket, agent)
    ending = {"status": "agent_stop", "agent": _full(parts, agent_id, pictures=False)}
    await socket.send_text(pydantic_core.to_json(ending).decode())
    await socket.close(1000)


async def _follow(socket: WebSocket, agent: Agent) -> None:
    sent = 0
    while True:
        while sent < len(agent.steps):
            await socket.send_text(_frame(agent.steps[sent]))
            sent += 1
        if not agent.is_active:
            return
        await agent.news.wait()


def _frame(step: Step) -> str:
    """Completions go plain, as the Python SDKs parse them; the other kinds carry their type."""
    shown: dict[str, Any] = step["value"] if step["type"] == "agent_completion" else without_picture(step)
    return pydantic_core.to_json(shown).decode()


def _summary(record: dict[str, Any]) -> dict[str, Any]:
    return {key: record[key] for key in _SUMMARY}


def _full(parts: Parts, agent_id: str, *, pictures: bool = True) -> dict[str, Any]:
    record, steps = parts.agents.record(agent_id), parts.agents.steps(agent_id)
    return {**record, "steps": steps if pictures else [without_picture(step) for step in steps]}
