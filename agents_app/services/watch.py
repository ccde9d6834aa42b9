"""How an agent is watched: what to ask, where the answer goes, and the event stream that says when to ask."""

from collections.abc import AsyncIterator

from agents_app.models import AgentRun
from agents_app.services import store
from notte_dashboard.notte_api import streams
from notte_dashboard.notte_api.answers import AgentAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.watching.kinds import WatchKind
from sessions_app.models import BrowserSession


async def look(agent: AgentRun, client: NotteClient, known: str) -> AgentAnswer | None:
    return await client.agent_status(agent.agent_id, known=known)


async def listen(agent: AgentRun, client: NotteClient) -> AsyncIterator[object]:
    """The stream has no index and is not replayed, so its events only wake the watch. Without a token: nothing."""
    session_id = str(agent.remote.get("session_id") or "")
    token = await streams.stream_token(client, session_id)
    if token:
        async for event in streams.agent_logs(client.connection, agent.agent_id, session_id, token, opening=True):
            yield event


def news_for(agent: AgentRun) -> tuple[str, int]:
    """The API lists an agent's steps with its session too, whose page shows them."""
    return BrowserSession.kind, agent.session_id


WATCH = WatchKind(model=AgentRun, look=look, store=store.record, listen=listen, news_for=news_for)
