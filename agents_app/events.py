"""What agents hear from sessions, and tell the layers above them."""

from typing import Any

from django.dispatch import Signal, receiver

from agents_app.models import AgentRun
from notte_dashboard.realtime.publish import announce_after_commit
from notte_dashboard.runs import commands
from notte_dashboard.runs.enqueue import enqueue_after_commit
from notte_dashboard.runs.states import OVER, State
from sessions_app.events import session_changed
from sessions_app.models import BrowserSession

BATCH = 200
agent_changed = Signal()
"""An agent became active or ended. Sent with `agent`, inside the transaction or right after it."""


@receiver(session_changed, dispatch_uid="agents-wait-for-their-session")
def start_or_reject_waiting_agents(session: BrowserSession, **_: Any) -> None:
    from agents_app import tasks  # noqa: PLC0415 - the tasks' services send this module's signal

    for agent in session.agents.filter(state=State.QUEUED):
        if session.state == State.ACTIVE:
            enqueue_after_commit(tasks.start, agent.pk)
        elif session.is_over:
            reject(agent, session)


def reject_left_behind() -> None:
    """Agents whose session ended while nobody was there to tell them."""
    waiting = AgentRun.objects.filter(state=State.QUEUED, session__state__in=OVER).select_related("session")
    for agent in waiting[:BATCH]:
        reject(agent, agent.session)


def reject(agent: AgentRun, session: BrowserSession) -> None:
    never_ran = session.state in {State.REJECTED, State.NOT_STARTED}
    if commands.rejected(agent, "session_failed" if never_ran else "session_over"):
        agent.refresh_from_db()
        announce_after_commit(agent)
        agent_changed.send(AgentRun, agent=agent)
