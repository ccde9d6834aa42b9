"""All agents of this process: started, found, listed, stopped."""

import logging
import uuid
from collections.abc import Callable
from http import HTTPStatus

from notte_dashboard.local_api import navigation
from notte_dashboard.local_api.agent import Agent
from notte_dashboard.local_api.agent_rules import agent_problems
from notte_dashboard.local_api.brains.interface import Brain
from notte_dashboard.local_api.errors import ApiError, Problem, RefusedError
from notte_dashboard.local_api.session import Session
from notte_dashboard.local_api.sessions import Sessions
from notte_dashboard.local_api.settings import Settings
from notte_dashboard.local_api.steps import Step
from notte_dashboard.local_api.store import Record, Store
from notte_dashboard.notte_api.generated import ApiAgentStartRequest

logger = logging.getLogger("notte_dashboard.local_api")

BrainFor = Callable[[str, str | None], Brain]


class Agents:
    def __init__(self, *, settings: Settings, store: Store, sessions: Sessions, brain_for: BrainFor) -> None:
        self._settings = settings
        self._store = store
        self._sessions = sessions
        self._brain_for = brain_for
        self._live: dict[str, Agent] = {}
        sessions.before_end = self._session_ends

    def start(self, request: ApiAgentStartRequest) -> Agent:
        problems = agent_problems(request, self._settings)
        session = self._sessions.active(request.session_id)
        if session is None:
            problems.append(Problem("session_id", "There is no active session with this id.", "value_error"))
        elif self._agents_of(session):
            problems.append(Problem("session_id", "Another agent is at work in this session.", "value_error"))
        known = len(session.steps) if session else 0
        if not 0 <= (request.session_offset or 0) <= known:
            problems.append(Problem("session_offset", f"The session has {known} steps.", "value_error"))
        if problems or session is None:
            raise RefusedError(problems)
        agent = Agent(
            agent_id=str(uuid.uuid4()),
            session=session,
            request=request,
            brain=self._brain_for(request.task, request.url),
            allowed=navigation.permission(self._settings),
            store=self._store,
        )
        self._forget_closed()
        self._live[agent.agent_id] = agent
        agent.begin()
        logger.info("Agent %s started in session %s", agent.agent_id, session.session_id)
        return agent

    def live(self, agent_id: str) -> Agent | None:
        return self._live.get(agent_id)

    def record(self, agent_id: str) -> Record:
        agent = self._live.get(agent_id)
        record = agent.record() if agent is not None else self._store.agent(agent_id)
        if record is None:
            raise ApiError(HTTPStatus.NOT_FOUND, "There is no such agent.")
        return record

    def steps(self, agent_id: str) -> list[Step]:
        agent = self._live.get(agent_id)
        return agent.steps if agent is not None else self._store.agent_steps(agent_id)

    def page(self, *, offset: int, limit: int, only_active: bool) -> list[Record]:
        return self._store.agents(offset=offset, limit=limit, only_active=only_active)

    async def stop(self, agent_id: str, session_id: str) -> Record:
        record = self.record(agent_id)
        if record["session_id"] != session_id:
            raise ApiError(HTTPStatus.NOT_FOUND, "There is no such agent in this session.")
        agent = self._live.get(agent_id)
        if agent is not None:
            await agent.stop()
        return self.record(agent_id)

    def _agents_of(self, session: Session) -> list[Agent]:
        return [agent for agent in self._live.values() if agent.session is session and agent.is_active]

    async def _session_ends(self, session: Session, reason: str) -> None:
        for agent in self._agents_of(session):
            await agent.cut(f"Failed due to the end of the session: {reason}")

    def _forget_closed(self) -> None:
        """Their records and steps are in the store; a websocket that still reads one holds it itself."""
        self._live = {agent_id: agent for agent_id, agent in self._live.items() if agent.is_active}
