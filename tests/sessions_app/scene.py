"""What the tests of both apps and of the pages start from: people, rows as a worker would have left them, an API."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from agents_app.models import AgentRun, AgentStep
from notte_dashboard.runs.recording import record_steps
from notte_dashboard.workspaces.models import User, Workspace
from sessions_app.models import BrowserSession, SessionStep

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7|add:7 }}"
"""Markup, a broken attribute and a template, in one text."""
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # a PNG of 1 x 1


NEVER_SENT = {"queued", "sending", "unknown", "rejected", "not_started"}
ENDED = {"closed", "error", "timed_out", "rejected", "not_started"}


def _columns(state: str, remote_id: str) -> dict[str, Any]:
    now = timezone.now()
    found: dict[str, Any] = {"state": state, "nonce": uuid4().hex}
    if state not in NEVER_SENT:
        found |= {remote_id: f"r-{uuid4().hex[:8]}", "active_at": now}
    if state in ENDED:
        found["ended_at"] = now
    return found


def a_session(workspace: Workspace, by: User | None = None, state: str = "active", **columns: Any) -> BrowserSession:
    return BrowserSession.objects.create(workspace=workspace, started_by=by, **{**_columns(state, "session_id"), **columns})


def an_agent(session: BrowserSession, by: User | None = None, state: str = "active", **columns: Any) -> AgentRun:
    columns = {"task": "Find the price", **_columns(state, "agent_id"), **columns}
    columns = {"request": {"task": columns["task"]}, **columns}
    return AgentRun.objects.create(workspace=session.workspace, session=session, started_by=by, **columns)


def a_run(kind: str, workspace: Workspace, by: User | None = None, state: str = "active", **columns: Any) -> Any:
    """An agent comes with an active session of its own."""
    if kind == "session":
        return a_session(workspace, by, state, **columns)
    return an_agent(a_session(workspace, by), by, state, **columns)


def step(kind: str, **value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value}


def agent_steps(count: int = 2, text: str = "a price", picture: str = "") -> list[dict[str, Any]]:
    """Whole steps in the order of the contract; `text` stands wherever a page or an agent can put one."""
    found: list[dict[str, Any]] = []
    for number in range(count):
        at = f"2026-05-20T09:15:{10 + 2 * number:02}Z"
        until = f"2026-05-20T09:15:{11 + 2 * number:02}Z"
        page = {"title": f"Shop {text}", "url": f"https://shop.example/{number}?{text}", "timestamp": at}
        state = {"next_goal": text, "previous_goal_eval": text, "memory": text, "page_summary": text}
        action = {"type": "click", "id": "B1", "text_label": text}
        found += [
            step("agent_step_start", step_number=number, started_at=at),
            step("observation", metadata=page, screenshot={"raw": picture}, started_at=at, ended_at=until),
            step("agent_completion", state=state, action=action, started_at=at, ended_at=until),
            step("execution_result", action=action, success=True, message=text, exception=text, started_at=at, ended_at=until),
            step("agent_step_stop", step_number=number, ended_at=until),
        ]
    return found


def with_steps(run: Any, steps: list[dict[str, Any]]) -> Any:
    record_steps(run, SessionStep if run.kind == "session" else AgentStep, steps)
    run.refresh_from_db()
    return run


def make_due(run: Any) -> None:
    """As if the wait before the next attempt had passed."""
    type(run).objects.filter(pk=run.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))
