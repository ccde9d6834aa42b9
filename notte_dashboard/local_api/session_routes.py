from typing import Any

from fastapi import APIRouter, Response

from notte_dashboard.local_api.errors import ApiError, JsonResponse
from notte_dashboard.local_api.parts import PagingOf, Parts, PartsOf
from notte_dashboard.notte_api.generated import ApiSessionStartRequest

router = APIRouter()


@router.post("/sessions/start")
async def start_session(body: ApiSessionStartRequest, parts: PartsOf) -> Response:
    session = await parts.sessions.start(body)
    return JsonResponse(_answer(parts, parts.sessions.record(session.session_id)))


@router.get("/sessions")
async def list_sessions(paging: PagingOf, parts: PartsOf) -> Response:
    found = parts.sessions.page(offset=paging.offset, limit=paging.limit, only_active=paging.only_active)
    return JsonResponse(paging.answer(found))


@router.get("/sessions/{session_id}")
async def session_status(session_id: str, parts: PartsOf) -> Response:
    """Reading does not count as activity: a dashboard that looks must not keep sessions alive."""
    return JsonResponse(_answer(parts, parts.sessions.record(session_id)))


@router.delete("/sessions/{session_id}/stop")
async def stop_session(session_id: str, parts: PartsOf) -> Response:
    return JsonResponse(_answer(parts, await parts.sessions.stop(session_id)))


@router.get("/sessions/{session_id}/debug")
async def debug_session(session_id: str, parts: PartsOf, *, update_metadata: bool = True) -> Response:
    viewer_url = parts.sessions.record(session_id)["viewer_url"]
    session = parts.sessions.active(session_id)
    if session is None:
        raise ApiError(409, "The session is already closed: there is nothing to watch.")
    if update_metadata:
        session.touch()
    sockets = f"{parts.settings.base_url.replace('http', 'ws', 1)}/sessions/{session_id}/debug"
    query = f"?token={parts.tokens.issue(session_id)}"
    ws = {"cdp": f"{sockets}{query}", "recording": f"{sockets}/recording{query}", "logs": f"{sockets}/logs{query}"}
    tabs = [{"metadata": tab, "debug_url": viewer_url, "ws_url": ws["recording"]} for tab in await session.tabs()]
    return JsonResponse({"debug_url": viewer_url, "ws": ws, "tabs": tabs})


def _answer(parts: Parts, record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "steps": parts.sessions.steps(record["session_id"])}
