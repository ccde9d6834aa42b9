"""Stop an agent: a lasting wish, sent again until the agent is over. Its session goes on."""

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
from notte_dashboard.notte_api.errors import NotFound, NotteError, Unauthorized
from notte_dashboard.runs import commands
from notte_dashboard.runs.enqueue import enqueue_after_commit
from notte_dashboard.runs.states import State
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces import keys


@transaction.atomic
def stop_agent(*, by: User, agent: AgentRun) -> None:
    """Safe to repeat. A start that is under way is stopped as soon as its id is known."""
    if not agent.is_over:
        record(Deed.STOPPED, by=by, workspace=agent.workspace_id, target=agent, before={"status": agent.state})
    if commands.wish_stop(agent, by):
        enqueue_after_commit(tasks.stop, agent.pk)
    store.announce_state(agent)


def send_stop(pk: int) -> None:
    agent = AgentRun.objects.select_related("api_key", "session").filter(pk=pk, state=State.STOPPING).first()
    if agent is None:
        return
    try:
        answer = wait_for(_delete(keys.connection(agent.api_key), agent.agent_id, agent.session.session_id))
    except NotFound:
        commands.gone(agent)
    except NotteError as error:
        commands.stop_failed(agent, error)
    except ValueError as error:
        commands.stop_failed(agent, Unauthorized(str(error)))
    else:
        store.stopped(agent, answer)
    store.announce_state(agent)


async def _delete(connection: Connection, agent_id: str, session_id: str) -> AgentAnswer:
    async with NotteClient(connection) as client:
        return await client.stop_agent(agent_id, session_id)
