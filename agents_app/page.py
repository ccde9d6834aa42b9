"""What an agent's page shows; the same values for the first paint and for what is pushed later."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from agents_app import facts, queries
from agents_app.models import AgentRun
from agents_app.services import without


def live_context(agent: AgentRun, *, can_operate: bool) -> dict[str, Any]:
    """For the fragments that change while the agent runs. No request: the same for everybody with the same rights."""
    return {
        "run": agent,
        "can_operate": can_operate,
        "now": timezone.now(),
        "refused": without.refused(agent),
        "fact_groups": facts.groups(agent),
        "viewer_url_path": reverse("sessions:viewer", args=[agent.session.uuid]),
        "last_screenshot": queries.last_screenshot(agent) if agent.is_over else None,
    }


def page_context(agent: AgentRun, *, can_operate: bool) -> dict[str, Any]:
    """The first paint. Longer timelines come through the socket, page by page."""
    cards = queries.timeline(agent)
    return live_context(agent, can_operate=can_operate) | {
        "cards": cards,
        "last_seq": max((item.seq for card in cards for item in card.items), default=0),
        "socket_path": f"/ws/agents/{agent.uuid}/",
    }
