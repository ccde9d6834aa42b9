"""Idle and maximum timeouts, and the pulse of the browser."""

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notte_dashboard.local_api.session import Session
    from notte_dashboard.local_api.sessions import Sessions

_PULSE_SECONDS = 2.0


def overdue(session: "Session", *, minute: float) -> str | None:
    """The error text of a session whose time is up."""
    now = time.monotonic()
    request = session.request
    if now >= session.started + request.max_duration_minutes * minute:
        return f"The maximum duration of {_minutes(request.max_duration_minutes)} has passed."
    if now >= session.accessed + request.idle_timeout_minutes * minute:
        return f"Nothing happened for {_minutes(request.idle_timeout_minutes)} (idle timeout)."
    return None


async def watch(session: "Session", sessions: "Sessions", *, minute: float) -> None:
    """Runs as long as the session does."""
    pause = min(1.0, minute / 20)
    pulse = time.monotonic()
    while session.is_active:
        await asyncio.sleep(pause)
        reason = overdue(session, minute=minute)
        if reason is not None:
            sessions.end_soon(session, "timed_out", reason)
            return
        if time.monotonic() - pulse >= _PULSE_SECONDS:
            if not await session.running.answers():
                sessions.end_soon(session, "error", "The browser stopped answering.")
                return
            pulse = time.monotonic()


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"
