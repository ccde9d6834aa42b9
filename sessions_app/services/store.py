"""The one place where the API's answers about sessions become rows."""

from typing import Any

from django.utils import timezone

from notte_dashboard.notte_api.answers import SessionAnswer
from notte_dashboard.realtime.publish import announce_after_commit
from notte_dashboard.runs import commands
from notte_dashboard.runs.enqueue import enqueue_after_commit
from notte_dashboard.runs.recording import Stored, record_answer
from notte_dashboard.runs.states import State
from notte_dashboard.schema_forms import layouts, secrets
from sessions_app import events, tasks
from sessions_app.models import BrowserSession, SessionStep

ENDS = {"closed": State.CLOSED, "error": State.ERROR, "timed_out": State.TIMED_OUT}
NEVER_STORED = {"steps", "ws"}
"""Steps have their own table; sockets, like every `…_url`, are addresses with a bearer token in them."""


def columns(answer: SessionAnswer) -> dict[str, Any]:
    return {
        "remote_status": answer.status[:100],
        "remote": public(answer.raw),
        "idle_timeout_minutes": answer.idle_timeout_minutes,
        "max_duration_minutes": answer.max_duration_minutes,
        "remote_created_at": answer.created_at,
        "remote_closed_at": answer.closed_at,
        "last_accessed_at": answer.last_accessed_at,
        "remote_duration": answer.duration,
        "error": answer.error or "",
        "proxies": answer.proxies,
        "browser_type": (answer.browser_type or "")[:100],
        "use_file_storage": answer.use_file_storage,
        "network_request_bytes": answer.network_request_bytes,
        "network_response_bytes": answer.network_response_bytes,
        "user_agent": answer.user_agent or "",
        "viewport_width": answer.viewport_width,
        "viewport_height": answer.viewport_height,
        "headless": answer.headless,
        "solve_captchas": answer.solve_captchas,
        "web_bot_auth": answer.web_bot_auth,
    }


def public(raw: dict[str, Any]) -> dict[str, Any]:
    """What everybody in the workspace may see of an answer; a newer API may echo what the start form keeps secret."""
    kept = {name: value for name, value in raw.items() if name not in NEVER_STORED and not name.endswith("_url")}
    return secrets.split(kept, layouts.SESSION_START)[0]


def end_state(answer: SessionAnswer) -> State | None:
    """None while it lives. A status nobody has heard of is only an end when the API says when it closed."""
    return ENDS.get(answer.status) or (State.CLOSED if answer.closed_at and answer.status != "active" else None)


def started(session: BrowserSession, answer: SessionAnswer) -> None:
    """The API answered the start; the watch takes over, and whoever waited for the browser is told."""
    if not commands.started(session, session_id=answer.session_id, **columns(answer)):
        return
    session.refresh_from_db()
    if session.stop_requested_at and commands.wish_stop(session, session.stop_requested_by):
        enqueue_after_commit(tasks.stop, session.pk)
    enqueue_after_commit(tasks.watch_slice)
    events.session_changed.send(BrowserSession, session=session)


def record(session: BrowserSession, answer: SessionAnswer) -> Stored:
    """Write a status answer under the watch's fence. Raises FencedError."""
    stored = record_answer(session, SessionStep, answer.steps, columns(answer), end_state(answer), answer.closed_at)
    if stored.over:
        events.session_changed.send(BrowserSession, session=session)
    return stored


def stopped(session: BrowserSession, answer: SessionAnswer) -> None:
    """The answer of a stop. The steps are left to the watch, the only writer of steps."""
    ended = end_state(answer)
    if ended:
        commands.ended(session, ended, ended_at=answer.closed_at or timezone.now(), **columns(answer))
    else:
        commands.stop_again(session)
    enqueue_after_commit(tasks.watch_slice)


def announce_state(session: BrowserSession) -> None:
    """After a command: tell open pages, and the layers above when the command ended it."""
    session.refresh_from_db()
    announce_after_commit(session)
    if session.is_over:
        events.session_changed.send(BrowserSession, session=session)
