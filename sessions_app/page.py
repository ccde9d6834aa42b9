"""What a session's page shows; the same values for the first paint and for what is pushed later."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from notte_dashboard.runs.endings import ending
from notte_dashboard.runs.timeline import last_seq
from notte_dashboard.runs.timing import bars
from sessions_app import facts, queries
from sessions_app.models import BrowserSession
from sessions_app.services import without

AGENTS_SHOWN = 20


def live_context(session: BrowserSession, *, can_operate: bool) -> dict[str, Any]:
    """For the fragments that change while the session runs. No request: the same for everybody with the same rights."""
    return {
        "run": session,
        "can_operate": can_operate,
        "now": timezone.now(),
        "ending": ending(session),
        "refused": without.refused(session),
        "fact_groups": facts.groups(session),
        "driven": session,
        "viewer_url_path": reverse("sessions:viewer", args=[session.uuid]),
        "agents": list(session.agents.order_by("-pk")[:AGENTS_SHOWN]),
        "last_screenshot": queries.last_screenshot(session) if session.is_over or not can_operate else None,
    }


def page_context(session: BrowserSession, *, can_operate: bool, at: int = 0) -> dict[str, Any]:
    """The first paint: a bounded part of the timeline. The rest comes when it is asked for, what is new through the socket."""
    rows = queries.timeline(session).window(at)
    return live_context(session, can_operate=can_operate) | {
        "rows": rows,
        "last_seq": last_seq(rows),
        "bars": bars(session, session.steps),
        "socket_path": f"/ws/sessions/{session.uuid}/",
        "steps_path": reverse("sessions:steps", args=[session.uuid]),
    }
