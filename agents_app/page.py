"""What an agent's page shows; the same values for the first paint and for what is pushed later."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from agents_app import facts, queries
from agents_app.models import AgentRun
from agents_app.services import without
from notte_dashboard.runs.answer_view import AnswerView
from notte_dashboard.runs.endings import ending
from notte_dashboard.runs.timeline import last_seq
from notte_dashboard.runs.timing import bars


def live_context(agent: AgentRun, *, can_operate: bool) -> dict[str, Any]:
    """For the fragments that change while the agent runs. No request: the same for everybody with the same rights."""
    return {
        "run": agent,
        "can_operate": can_operate,
        "now": timezone.now(),
        "ending": ending(agent),
        "refused": without.refused(agent),
        "answer": AnswerView.of(agent.answer, agent.request.get("response_format")),
        "fact_groups": facts.groups(agent),
        "driven": agent.session,
        "viewer_url_path": reverse("sessions:viewer", args=[agent.session.uuid]),
        "last_screenshot": queries.last_screenshot(agent) if agent.is_over or not can_operate else None,
    }


def page_context(agent: AgentRun, *, can_operate: bool, at: int = 0) -> dict[str, Any]:
    """The first paint: a bounded part of the timeline. The rest comes when it is asked for, what is new through the socket."""
    rows = queries.timeline(agent).window(at)
    return live_context(agent, can_operate=can_operate) | {
        "rows": rows,
        "last_seq": last_seq(rows),
        "bars": bars(agent, agent.steps),
        "socket_path": f"/ws/agents/{agent.uuid}/",
        "steps_path": reverse("agents:steps", args=[agent.uuid]),
    }
