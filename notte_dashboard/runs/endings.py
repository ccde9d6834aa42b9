"""Why a run ended, in words."""

from typing import Any, NamedTuple

from notte_dashboard.runs.reading import text
from notte_dashboard.runs.states import ENDED, State

SHOWN_ERROR = 2_000
REASONS = {
    "manual": "Closed by another client of the API.",
    "idle_timeout": "Closed for idleness.",
    "max_duration": "Reached its maximum duration.",
    "error": "Ended by a failure.",
}
"""`close_reason` of newer versions of the API."""


class Ending(NamedTuple):
    code: str
    sentence: str
    detail: str = ""


def ending(run: Any) -> Ending | None:
    """None while it runs, when it never ran, and when the problem above it says it all."""
    if run.state not in ENDED or run.problem:
        return None
    return _of_agent(run) if run.kind == "agent" else _of_session(run)


def _of_session(session: Any) -> Ending:
    told = text(session.remote.get("close_reason"), 100)
    if session.state == State.ERROR or told == "error":
        return Ending("error", "Ended by a failure.", session.error[:SHOWN_ERROR] or "The API does not say which.")
    if session.state == State.TIMED_OUT:
        return _timed_out(session, told)
    if session.stop_requested_at:
        return _stopped(session)
    detail = session.error[:SHOWN_ERROR]
    return Ending(told or "closed", REASONS.get(told, "Closed through the API, not from this dashboard."), detail)


def _timed_out(session: Any, told: str) -> Ending:
    idle, most = session.idle_timeout_minutes, session.max_duration_minutes
    lasted = session.ended_at - session.remote_created_at if session.ended_at and session.remote_created_at else None
    if told == "max_duration" or (told != "idle_timeout" and most and lasted and lasted.total_seconds() >= most * 60 - 5):
        return Ending("max_duration", f"Reached its maximum duration{_minutes(most)}.", session.error[:SHOWN_ERROR])
    if idle or told == "idle_timeout":
        return Ending(
            "idle_timeout", f"Nothing happened for as long as its idle timeout{_minutes(idle)}.", session.error[:SHOWN_ERROR]
        )
    return Ending("timed_out", "Ran out of time.", session.error[:SHOWN_ERROR])


def _of_agent(agent: Any) -> Ending:
    if agent.success:
        return Ending("success", f"The agent finished after {_steps(agent.last_number)}.")
    if agent.stop_requested_at:
        return _stopped(agent)
    session = agent.session
    if session.is_over and session.ended_at and agent.ended_at and session.ended_at <= agent.ended_at:
        why = _of_session(session) if session.state in ENDED else None
        return Ending("session_over", f"Its session ended under it. {why.sentence if why else ''}".strip())
    if agent.max_steps and agent.last_number >= agent.max_steps:
        return Ending("max_steps", f"It used up all {_steps(agent.max_steps)} that it was allowed.")
    return Ending(
        "gave_up", f"The agent gave up after {_steps(agent.last_number)}." if agent.last_number else "The agent gave up."
    )


def _stopped(run: Any) -> Ending:
    by = run.stop_requested_by
    return Ending("stopped", f"Stopped by {by.get_username()}." if by else "Stopped from this dashboard.")


def _minutes(count: int | None) -> str:
    return f" of {count} min" if count else ""


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"
