"""What a session's page shows; the same values for the first paint and for what is pushed later."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

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
        "refused": without.refused(session),
        "fact_groups": facts.groups(session),
        "viewer_url_path": reverse("sessions:viewer", args=[session.uuid]),
        "agents": list(session.agents.order_by("-pk")[:AGENTS_SHOWN]),
        "last_screenshot": queries.last_screenshot(session) if session.is_over else None,
    }


def page_context(session: BrowserSession, *, can_operate: bool) -> dict[str, Any]:
    """The first paint. Longer timelines come through the socket, page by page."""
    cards = queries.timeline(session)
    return live_context(session, can_operate=can_operate) | {
        "cards": cards,
        "last_seq": max((item.seq for card in cards for item in card.items), default=0),
        "socket_path": f"/ws/sessions/{session.uuid}/",
    }
