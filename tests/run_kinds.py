"""Both kinds of runs, for tests of what they have in common: `run_kind` runs a test once for each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User

from agents_app import tasks as agent_tasks
from agents_app.models import AgentRun
from agents_app.services import reconcile as agent_reconcile
from agents_app.services import start as agent_start
from agents_app.services import stop as agent_stop
from notte_dashboard.workspaces.models import Workspace
from sessions_app import tasks as session_tasks
from sessions_app.models import BrowserSession
from sessions_app.services import reconcile as session_reconcile
from sessions_app.services import start as session_start
from sessions_app.services import stop as session_stop
from tests.factories import make_agent, make_session
from tests.scripted_api import agent_body, session_body

SESSION_ID = "s-1"


def make_session_of_test(workspace: Workspace, started_by: User, state: str = "active", **columns: Any) -> BrowserSession:
    return make_session(workspace, started_by, state, **columns)


def make_agent_of_test(workspace: Workspace, started_by: User, state: str = "active", **columns: Any) -> AgentRun:
    """All agents of a test are in one running session."""
    session = BrowserSession.objects.filter(workspace=workspace, session_id=SESSION_ID).first()
    return make_agent(session or make_session(workspace, started_by, session_id=SESSION_ID), started_by, state, **columns)


@dataclass(frozen=True)
class KindOfRun:
    name: str
    model: type[Any]
    make: Callable[..., Any]
    """`make(workspace, started_by, state, **columns)`"""
    remote_id: str
    """The column with the API's id."""
    api_id: str
    """The id that `body` has if nobody says otherwise."""
    body: Callable[..., dict[str, Any]]
    """`body(api_id, **fields)`: what the API answers about it."""
    request: dict[str, Any]
    """What a row asks for."""
    sent_with: dict[str, Any]
    """What the API gets beside that."""
    required: dict[str, Any]
    """What a start form must hold."""
    send_start: Callable[[int], None]
    send_stop: Callable[[int], None]
    reconcile: Callable[[int], None]
    tasks: Any

    @property
    def path(self) -> str:
        """Of the list, here and at the API."""
        return f"/{self.name}s"

    @property
    def start_page(self) -> str:
        return f"{self.path}/start/"

    @property
    def api_start(self) -> tuple[str, str]:
        return "POST", f"{self.path}/start"

    @property
    def api_list(self) -> tuple[str, str]:
        return "GET", self.path

    @property
    def api_stop(self) -> tuple[str, str]:
        return "DELETE", f"{self.path}/{self.api_id}/stop"

    @property
    def stop_task(self) -> bytes:
        return self.tasks.stop.name.encode()

    def id_of(self, run: Any) -> str:
        return str(getattr(run, self.remote_id))

    def ended_body(self, **fields: Any) -> dict[str, Any]:
        return self.body(self.api_id, **{"status": "closed", "closed_at": "2026-05-20T10:00:00Z", **fields})


SESSION = KindOfRun(
    name="session",
    model=BrowserSession,
    make=make_session_of_test,
    remote_id="session_id",
    api_id=SESSION_ID,
    body=session_body,
    request={"idle_timeout_minutes": 4},
    sent_with={},
    required={},
    send_start=session_start.send_start,
    send_stop=session_stop.send_stop,
    reconcile=session_reconcile.reconcile,
    tasks=session_tasks,
)
AGENT = KindOfRun(
    name="agent",
    model=AgentRun,
    make=make_agent_of_test,
    remote_id="agent_id",
    api_id="a-1",
    body=agent_body,
    request={"task": "Find the price", "max_steps": 3},
    sent_with={"session_id": SESSION_ID},
    required={"task": "Find the price"},
    send_start=agent_start.send_start,
    send_stop=agent_stop.send_stop,
    reconcile=agent_reconcile.reconcile,
    tasks=agent_tasks,
)
RUN_KINDS = (SESSION, AGENT)


@pytest.fixture(params=RUN_KINDS, ids=lambda kind: kind.name)
def run_kind(request: pytest.FixtureRequest) -> KindOfRun:
    """`parametrize("run_kind", ["agent"], indirect=True)` is for one kind only."""
    kind: KindOfRun | str = request.param
    return kind if isinstance(kind, KindOfRun) else next(each for each in RUN_KINDS if each.name == kind)


def each_kind(**of_kind: list[Any]) -> list[Any]:
    """Parameters `run_kind, case` for `parametrize`, where the cases of the kinds differ."""
    return [
        pytest.param(kind, case, id=f"{kind.name}-{case if isinstance(case, str) else number}")
        for kind in RUN_KINDS
        for number, case in enumerate(of_kind[kind.name])
    ]
