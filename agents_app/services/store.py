"""The one place where the API's answers about agents become rows."""

from typing import Any

from django.utils import timezone

from agents_app import events, tasks
from agents_app.models import AgentRun, AgentStep
from notte_dashboard.notte_api.answers import AgentAnswer
from notte_dashboard.realtime.publish import announce_after_commit
from notte_dashboard.runs import commands
from notte_dashboard.runs.enqueue import enqueue_after_commit
from notte_dashboard.runs.recording import Stored, record_answer
from notte_dashboard.runs.states import State
from notte_dashboard.schema_forms import layouts, secrets

ENDS = {"closed": State.CLOSED}
NEVER_STORED = {"steps", "ws"}
"""Steps have their own table; sockets, like every `…_url`, are addresses with a bearer token in them."""


def columns(answer: AgentAnswer) -> dict[str, Any]:
    """The answers of start and stop may lack the outcome: what is missing is not overwritten."""
    found = {
        "remote_status": answer.status[:100],
        "remote": public(answer.raw),
        "remote_created_at": answer.created_at,
        "remote_closed_at": answer.closed_at,
        "saved": answer.saved,
    }
    if answer.success is not None:
        found["success"] = answer.success
    if answer.answer is not None:
        found["answer"] = answer.answer
    return found


def public(raw: dict[str, Any]) -> dict[str, Any]:
    """What everybody in the workspace may see of an answer; a newer API may echo what the start form keeps secret."""
    kept = {name: value for name, value in raw.items() if name not in NEVER_STORED and not name.endswith("_url")}
    return secrets.split(kept, layouts.AGENT_START)[0]


def end_state(answer: AgentAnswer) -> State | None:
    """None while it lives. A status nobody has heard of is only an end when the API says when it closed."""
    return ENDS.get(answer.status) or (State.CLOSED if answer.closed_at and answer.status != "active" else None)


def started(agent: AgentRun, answer: AgentAnswer) -> None:
    """The API answered the start; the watch takes over."""
    if not commands.started(agent, agent_id=answer.agent_id, **columns(answer)):
        return
    agent.refresh_from_db()
    if agent.stop_requested_at and commands.wish_stop(agent, agent.stop_requested_by):
        enqueue_after_commit(tasks.stop, agent.pk)
    enqueue_after_commit(tasks.watch_slice)
    events.agent_changed.send(AgentRun, agent=agent)


def record(agent: AgentRun, answer: AgentAnswer) -> Stored:
    """Write a status answer under the watch's fence. Raises FencedError."""
    stored = record_answer(agent, AgentStep, answer.steps, columns(answer), end_state(answer), answer.closed_at)
    if stored.over:
        events.agent_changed.send(AgentRun, agent=agent)
    return stored


def stopped(agent: AgentRun, answer: AgentAnswer) -> None:
    """The answer of a stop. The steps are left to the watch, the only writer of steps."""
    ended = end_state(answer)
    if ended:
        commands.ended(agent, ended, ended_at=answer.closed_at or timezone.now(), **columns(answer))
    else:
        commands.stop_again(agent)
    enqueue_after_commit(tasks.watch_slice)


def announce_state(agent: AgentRun) -> None:
    """After a command: tell open pages, and the layers above when the command ended it."""
    agent.refresh_from_db()
    announce_after_commit(agent)
    if agent.is_over:
        events.agent_changed.send(AgentRun, agent=agent)
