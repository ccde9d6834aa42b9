"""The state machine of every run, and the one function that changes a state."""

from typing import Any

from django.db import models


class State(models.TextChoices):
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown", "Unknown"
    ACTIVE = "active"
    STOPPING = "stopping"
    CLOSED = "closed"
    ERROR = "error"
    TIMED_OUT = "timed_out", "Timed out"
    REJECTED = "rejected"
    NOT_STARTED = "not_started", "Not started"


TRANSITIONS: dict[State, frozenset[State]] = {
    # Back to queued only when the API is known not to have acted.
    State.QUEUED: frozenset({State.SENDING, State.REJECTED, State.NOT_STARTED}),
    State.SENDING: frozenset({State.QUEUED, State.ACTIVE, State.UNKNOWN, State.REJECTED, State.NOT_STARTED}),
    State.UNKNOWN: frozenset({State.ACTIVE, State.NOT_STARTED}),
    State.ACTIVE: frozenset({State.STOPPING, State.CLOSED, State.ERROR, State.TIMED_OUT}),
    State.STOPPING: frozenset({State.CLOSED, State.ERROR, State.TIMED_OUT}),
    State.CLOSED: frozenset(),
    State.ERROR: frozenset(),
    State.TIMED_OUT: frozenset(),
    State.REJECTED: frozenset(),
    State.NOT_STARTED: frozenset(),
}
OVER = frozenset(state for state, targets in TRANSITIONS.items() if not targets)
STARTING = frozenset({State.QUEUED, State.SENDING})
WATCHED = frozenset({State.ACTIVE, State.STOPPING})
ENDED = frozenset({State.CLOSED, State.ERROR, State.TIMED_OUT})
"""Over after it had started: only these have steps at the API."""
UNDER_WAY = frozenset(State) - OVER

DISPLAY = {State.QUEUED: "starting", State.SENDING: "starting"}
TONES = {
    State.QUEUED: "busy",
    State.SENDING: "busy",
    State.UNKNOWN: "bad",
    State.ACTIVE: "live",
    State.STOPPING: "busy",
    State.CLOSED: "good",
    State.ERROR: "bad",
    State.TIMED_OUT: "idle",
    State.REJECTED: "bad",
    State.NOT_STARTED: "idle",
}


def transition(run: Any, to: State, *, fence: int | None = None, **changes: Any) -> bool:
    """Compare-and-swap: True when this call changed the row. Terminal states absorb; an older fence never writes."""
    before = [state for state, targets in TRANSITIONS.items() if to in targets]
    rows = type(run).objects.filter(pk=run.pk, state__in=before)
    if fence is not None:
        rows = rows.filter(fence=fence)
    changed: int = rows.update(state=to, **changes)
    return changed == 1
