"""Rows to measure with, written in bulk."""

from datetime import timedelta
from typing import Any

BATCH = 1000


def ended_sessions(workspace: Any, count: int) -> None:
    from django.utils import timezone  # noqa: PLC0415 - needs Django to be set up

    from notte_dashboard.runs.states import State  # noqa: PLC0415
    from sessions_app.models import BrowserSession  # noqa: PLC0415

    now = timezone.now()
    known = {"workspace": workspace, "state": State.CLOSED, "active_at": now, "ended_at": now}
    rows: list[Any] = [BrowserSession(nonce=f"row-{number}", session_id=f"row-{number}", **known) for number in range(count)]
    BrowserSession.objects.bulk_create(rows)


def agent_of(workspace: Any, steps: int) -> Any:
    """An ended agent with so many steps, in the shape that the API gives them: three items a step."""
    from django.utils import timezone  # noqa: PLC0415

    from agents_app.models import AgentRun, AgentStep  # noqa: PLC0415
    from notte_dashboard.runs.recording import record_steps  # noqa: PLC0415
    from notte_dashboard.runs.states import State  # noqa: PLC0415
    from sessions_app.models import BrowserSession  # noqa: PLC0415

    now = timezone.now()
    known = {"workspace": workspace, "state": State.CLOSED, "active_at": now - timedelta(hours=1), "ended_at": now}
    session = BrowserSession.objects.create(nonce=f"of-{steps}", session_id=f"of-{steps}", **known)
    agent = AgentRun.objects.create(nonce=f"of-{steps}", agent_id=f"of-{steps}", session=session, task="Look", **known)
    items: list[dict[str, Any]] = []
    for number in range(steps):
        items.append(_item(number))
        if len(items) % BATCH == 0:
            record_steps(agent, AgentStep, items)
    record_steps(agent, AgentStep, items)
    return agent


def _item(number: int) -> dict[str, Any]:
    url = f"http://shop.example/{number}"
    if number % 3 == 0:
        return {"type": "observation", "value": {"metadata": {"url": url, "title": f"Page {number}"}}}
    if number % 3 == 1:
        state = {"next_goal": f"Look at item {number}", "memory": "Nothing yet", "evaluation": "Success"}
        return {"type": "agent_completion", "value": {"state": state, "action": {"type": "click", "id": f"B{number}"}}}
    return {
        "type": "execution_result",
        "value": {"action": {"type": "goto", "url": url}, "success": True, "message": f"done {number}"},
    }
