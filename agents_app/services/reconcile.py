"""A start without an answer: look for it at the API, adopt the only match, never send it again."""

from datetime import timedelta

from django.db import transaction

from agents_app.models import AgentRun
from agents_app.services import store
from notte_dashboard.notte_api.answers import AgentAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotteError, Unauthorized
from notte_dashboard.runs import commands
from notte_dashboard.runs.states import State
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces import keys

SKEW = timedelta(seconds=10)


def reconcile(pk: int) -> None:
    agent = AgentRun.objects.select_related("api_key", "session").filter(pk=pk, state=State.UNKNOWN).first()
    if agent is None:
        return
    try:
        listed = wait_for(_listed(keys.connection(agent.api_key)))
    except NotteError as error:
        commands.ask_again(agent, error)
        return
    except ValueError as error:
        commands.ask_again(agent, Unauthorized(str(error)))
        return
    _settle(agent, listed)
    store.announce_state(agent)


@transaction.atomic
def _settle(agent: AgentRun, listed: list[AgentAnswer]) -> None:
    # One after the other: two starts without an answer must not adopt the same agent.
    list(AgentRun.objects.select_for_update().filter(state=State.UNKNOWN).order_by("pk").values_list("pk"))
    known = set(AgentRun.objects.filter(agent_id__in=[each.agent_id for each in listed]).values_list("agent_id", flat=True))
    matches = [each for each in listed if each.agent_id not in known and _is_this(agent, each)]
    if len(matches) == 1:
        store.started(agent, matches[0])
    else:
        commands.not_found_at_api(agent, len(matches))


async def _listed(connection: Connection) -> list[AgentAnswer]:
    async with NotteClient(connection) as client:
        page = await client.list_agents(only_active=False, page_size=100)
    return list(page.items)


def _is_this(agent: AgentRun, found: AgentAnswer) -> bool:
    """Created after we sent, in the same session."""
    if agent.sent_at is None or found.created_at is None:
        return False
    in_time = agent.sent_at - SKEW <= found.created_at <= agent.sent_at + commands.SEND_LEASE
    return in_time and found.session_id == agent.session.session_id
