"""An agent as facts: for the page, and as JSON under the API's own names."""

from typing import Any

from agents_app.models import AgentRun
from notte_dashboard.schema_forms.errors import dotted

Groups = list[tuple[str, list[tuple[str, Any]]]]


def groups(agent: AgentRun) -> Groups:
    return [
        (
            "Agent",
            [
                ("Agent ID", agent.agent_id),
                ("Session ID", agent.session.session_id),
                ("Status at the API", agent.remote_status),
                ("Started by", agent.started_by),
                ("Requested", agent.created_at),
                ("Created", agent.remote_created_at),
                ("Closed", agent.remote_closed_at or agent.ended_at),
                ("Duration", agent.duration),
                ("Stop asked by", agent.stop_requested_by),
            ],
        ),
        (
            "Outcome",
            [
                ("Success", agent.success),
                ("Saved as a workflow", agent.saved),
                ("Start URL", agent.url),
                ("Last page", agent.last_url),
                ("Steps", f"{agent.progress} of {agent.max_steps}"),
            ],
        ),
        ("Request", sorted(agent.request.items()) or [("Sent", "Nothing beyond the defaults")]),
        *[("Why it was refused", found) for found in [reasons(agent)] if found],
        *[("Also in the API's answer", found) for found in [unknown_fields(agent)] if found],
    ]


KNOWN = {"agent_id", "session_id", "status", "created_at", "closed_at", "saved", "task", "url", "success", "answer"}


def reasons(agent: AgentRun) -> list[tuple[str, Any]]:
    """What the API's 422 said of each field."""
    return [(dotted(each["loc"][1:] or each["loc"]) or "Request", each["msg"]) for each in agent.reasons]


def unknown_fields(agent: AgentRun) -> list[tuple[str, Any]]:
    """What a newer API says beyond our contract."""
    return sorted((name, value) for name, value in agent.remote.items() if name not in KNOWN)


def as_json(agent: AgentRun) -> dict[str, Any]:
    """The API's names first, ours beside them; no secrets."""
    return {
        **agent.remote,
        "agent_id": agent.agent_id,
        "session_id": agent.session.session_id,
        "status": agent.display_status,
        "task": agent.task,
        "url": agent.url or None,
        "success": agent.success,
        "answer": agent.answer or None,
        "saved": agent.saved,
        "steps": [step.payload for step in agent.steps.all()],
        "kind": agent.kind,
        "uuid": str(agent.uuid),
        "state": agent.state,
        "remote_status": agent.remote_status,
        "outcome": agent.outcome or None,
        "problem": agent.problem or None,
        "problem_detail": agent.problem_detail or None,
        "reasons": agent.reasons,
        "request": agent.request,
        "progress": agent.progress,
        "max_steps": agent.max_steps,
        "started_by": str(agent.started_by) if agent.started_by else None,
        "requested_at": agent.created_at,
        "active_at": agent.active_at,
        "ended_at": agent.ended_at,
        "stop_requested_at": agent.stop_requested_at,
        "stale_since": agent.stale_since,
        "last_seq": agent.last_seq,
        "last_url": agent.last_url,
        "last_title": agent.last_title,
        "session": str(agent.session.uuid),
    }
