"""Rows to begin with: a workspace, its runs in any state, and their steps."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from agents_app.models import AgentRun
from notte_dashboard.runs.recording import record_steps
from notte_dashboard.runs.states import State
from notte_dashboard.workspaces.models import ApiKey, Membership, Role, Workspace
from sessions_app.models import BrowserSession, SessionStep

_numbers = count(1)


def user(name: str = "person", **columns: Any) -> User:
    return User.objects.create_user(f"{name}-{next(_numbers)}", password="a long enough password", **columns)


def workspace(*members: tuple[User, Role], name: str = "Team") -> Workspace:
    made = Workspace.objects.create(name=name)
    for member, role in members:
        Membership.objects.create(workspace=made, user=member, role=role)
    return made


def key(of: Workspace, base_url: str = "http://127.0.0.1:9", api_key: str = "key-of-a-test-1234567890") -> ApiKey:
    return ApiKey.objects.create(workspace=of, base_url=base_url, key=api_key)


def session(of: Workspace, state: State = State.ACTIVE, **columns: Any) -> BrowserSession:
    number = next(_numbers)
    known = {"session_id": f"remote-{number}", "active_at": timezone.now()} if state not in {State.QUEUED, State.SENDING} else {}
    return BrowserSession.objects.create(workspace=of, nonce=f"nonce-{number}", state=state, **(known | columns))


def agent(of: Workspace, state: State = State.ACTIVE, **columns: Any) -> AgentRun:
    number = next(_numbers)
    columns.setdefault("agent_id", f"remote-{number}" if state not in {State.QUEUED, State.SENDING} else "")
    held = columns.pop("session", None) or session(of)
    return AgentRun.objects.create(workspace=of, nonce=f"nonce-{number}", state=state, session=held, **columns)


def observation(number: int = 0) -> dict[str, Any]:
    metadata = {"url": f"http://shop.test/{number}", "title": f"Page {number}"}
    return {"type": "observation", "value": {"metadata": metadata}}


def executed(number: int = 0, *, success: bool = True) -> dict[str, Any]:
    action = {"type": "goto", "url": f"http://shop.test/{number}"}
    return {"type": "execution_result", "value": {"action": action, "success": success, "message": f"done {number}"}}


def completion(goal: str = "Look", action: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "agent_completion", "value": {"state": {"next_goal": goal}, "action": action or {"type": "scrape"}}}


def marked(number: int, *items: dict[str, Any]) -> list[dict[str, Any]]:
    start = {"type": "agent_step_start", "value": {"step_number": number}}
    return [start, *items, {"type": "agent_step_stop", "value": {"step_number": number}}]


def with_steps(run: BrowserSession, number: int) -> BrowserSession:
    record_steps(run, SessionStep, [executed(position) for position in range(number)])
    return run


def ago(seconds: float) -> Any:
    return timezone.now() - timedelta(seconds=seconds)
