"""Makes the rows that tests start from, as the product would have left them."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from agents_app.models import AgentRun, AgentStep
from notte_dashboard.presets.kinds import KINDS
from notte_dashboard.presets.models import PresetVersion
from notte_dashboard.presets.services.save import save_preset
from notte_dashboard.runs.recording import record_steps
from notte_dashboard.workspaces.models import ApiKey, Membership, Role, Workspace
from sessions_app.models import BrowserSession, SessionStep

PASSWORD = "a long enough password"
WITHOUT_API_ID = {"queued", "sending", "unknown", "rejected", "not_started"}
ENDED = {"closed", "error", "timed_out", "rejected", "not_started"}
STEP_MODELS: dict[str, Any] = {"session": SessionStep, "agent": AgentStep}

_numbers = count(1)


def make_user(name: str = "", **columns: Any) -> User:
    """A user with the given name, or a new one; Django's signals give each a workspace of their own."""
    return User.objects.create_user(name or f"person-{next(_numbers)}", **{"password": PASSWORD, **columns})


def make_workspace(*members: tuple[User, Role], name: str = "Team") -> Workspace:
    workspace = Workspace.objects.create(name=name)
    for user, role in members:
        make_member(workspace, user, role)
    return workspace


def make_member(workspace: Workspace, user: User, role: Role) -> Membership:
    return Membership.objects.create(workspace=workspace, user=user, role=role)


def make_key(
    workspace: Workspace, base_url: str = "https://api.example", key: str = "key-of-a-test-1234567890", **columns: Any
) -> ApiKey:
    return ApiKey.objects.create(workspace=workspace, base_url=base_url, key=key, **columns)


def make_session(workspace: Workspace, started_by: User | None = None, state: str = "active", **columns: Any) -> BrowserSession:
    columns = {**_columns_of_state(state, "session_id"), **columns}
    return BrowserSession.objects.create(workspace=workspace, started_by=started_by, **columns)


def make_agent(session: BrowserSession, started_by: User | None = None, state: str = "active", **columns: Any) -> AgentRun:
    columns = {"task": "Find the price", **_columns_of_state(state, "agent_id"), **columns}
    columns = {"request": {"task": columns["task"]}, **columns}
    return AgentRun.objects.create(workspace=session.workspace, session=session, started_by=started_by, **columns)


def make_run(kind: str, workspace: Workspace, started_by: User | None = None, state: str = "active", **columns: Any) -> Any:
    """A session, or an agent with an active session of its own."""
    if kind == "session":
        return make_session(workspace, started_by, state, **columns)
    return make_agent(make_session(workspace, started_by), started_by, state, **columns)


def _columns_of_state(state: str, remote_id: str) -> dict[str, Any]:
    """What a run in this state always has: an id of the API once it was sent, and the times of its start and end."""
    number, now = next(_numbers), timezone.now()
    columns: dict[str, Any] = {"state": state, "nonce": f"nonce-{number}"}
    if state not in WITHOUT_API_ID:
        columns |= {remote_id: f"remote-{number}", "active_at": now}
    if state in ENDED:
        columns["ended_at"] = now
    return columns


def record_run_steps(run: Any, items: list[dict[str, Any]]) -> Any:
    """Stores steps of the API as the watch does; see step_items.py. Returns the run as it is then."""
    record_steps(run, STEP_MODELS[run.kind], items)
    run.refresh_from_db()
    return run


def make_preset(
    person: Any, request: dict[str, Any] | None = None, *, kind: str = "session", name: str = "Mine", shared: bool = False
) -> PresetVersion:
    kinds = KINDS[kind]
    return save_preset(by=person.user, workspace=person.workspace, kind=kinds, request=request or {}, name=name, shared=shared)


def make_due(run: Any) -> None:
    """As if the wait before the next attempt had passed."""
    type(run).objects.filter(pk=run.pk).update(next_attempt_at=seconds_ago(1))


def seconds_ago(seconds: float) -> datetime:
    return timezone.now() - timedelta(seconds=seconds)
