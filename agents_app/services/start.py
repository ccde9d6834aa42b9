"""Start an agent: a row now, the request as soon as its session has a browser and a worker takes it."""

import json
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from agents_app import tasks
from agents_app.models import AgentRun
from agents_app.services import store
from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.notte_api.answers import AgentAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.realtime.publish import announce_after_commit
from notte_dashboard.runs import commands, limits
from notte_dashboard.runs.enqueue import enqueue_after_commit
from notte_dashboard.schema_forms import layouts, secrets
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces import keys
from notte_dashboard.workspaces.models import Workspace
from sessions_app.models import BrowserSession
from sessions_app.services.start import once, silent_about, start_session, stored_secrets


@transaction.atomic
def start_agent(
    *,
    by: User,
    workspace: Workspace,
    session: BrowserSession | None,
    request: dict[str, Any],
    nonce: str,
    session_request: dict[str, Any] | None = None,
) -> AgentRun:
    """Without a session a new one is started for it, as `session_request` says. The same form is the same agent, always.

    Raises LimitError.
    """
    public, secret = secrets.split(request, layouts.AGENT_START)
    asked = session_request or {}
    nonce = once(nonce, by, request | {"session_id": session.session_id if session else None, "session": asked})
    limits.hold(workspace)
    started: AgentRun | None = AgentRun.objects.filter(workspace=workspace, nonce=nonce).first()
    if started:
        return started
    limits.require_room_for_an_agent(workspace, by)
    session = session or start_session(by=by, workspace=workspace, request=asked, nonce=f"for the agent {nonce}")
    agent, created = AgentRun.objects.get_or_create(
        workspace=workspace,
        nonce=nonce,
        defaults={
            "started_by": by,
            "session": session,
            "api_key_id": session.api_key_id,
            "task": _shown(public.get("task")),
            "url": _shown(public.get("url")),
            "request": public,
            "secrets": json.dumps(secret) if secret else "",
        },
    )
    if created:
        record(Deed.STARTED, by=by, workspace=workspace, target=agent, after=public)
        enqueue_after_commit(tasks.start, agent.pk)
        announce_after_commit(agent)
    return agent


def _shown(value: object) -> str:
    """A URL with credentials was split off: a mark stands in its place."""
    return value if isinstance(value, str) else ""


def send_start(pk: int) -> None:
    """Claim the row and send it, once. Whatever happens is stored."""
    agent = commands.claim_start(AgentRun, pk)
    if agent is None:
        return
    store.announce_state(agent)
    secret: dict[str, Any] = {}
    try:
        secret = stored_secrets(agent)
        body = secrets.join(agent.request, secret) | {"session_id": agent.session.session_id}
        answer = wait_for(_post(keys.connection(agent.api_key), body))
    except NotteError as error:
        commands.start_failed(agent, silent_about(secret, error))
    except ValueError as error:
        commands.rejected(agent, "key_lost", str(error))
    else:
        store.started(agent, answer)
    store.announce_state(agent)


async def _post(connection: Connection, body: dict[str, Any]) -> AgentAnswer:
    async with NotteClient(connection) as client:
        return await client.start_agent(body)
