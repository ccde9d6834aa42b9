"""A session as facts: for the page, and as JSON under the API's own names."""

from typing import Any

from django.template.defaultfilters import filesizeformat

from notte_dashboard.schema_forms.errors import dotted
from sessions_app.models import BrowserSession, Drive

Groups = list[tuple[str, list[tuple[str, Any]]]]


def groups(session: BrowserSession) -> Groups:
    size = f"{session.viewport_width} x {session.viewport_height}" if session.viewport_width and session.viewport_height else None
    return [
        (
            "Session",
            [
                ("Session ID", session.session_id),
                ("Status at the API", session.remote_status),
                ("Error", session.error),
                ("Started by", session.started_by),
                ("Requested", session.created_at),
                ("Created", session.remote_created_at),
                ("Last accessed", session.last_accessed_at),
                ("Closed", session.remote_closed_at or session.ended_at),
                # The API's own grows with every answer: shown while it lives, every open page would get it again and again.
                ("Duration", (session.remote_duration or session.duration) if session.is_over else None),
                ("Stop asked by", session.stop_requested_by),
            ],
        ),
        (
            "Browser",
            [
                ("Type", session.browser_type),
                ("Viewport", size),
                ("Headless", session.headless),
                ("User agent", session.user_agent),
                ("Proxies", session.proxies),
                ("Solves captchas", session.solve_captchas),
                ("Web bot auth", session.web_bot_auth),
                ("File storage", session.use_file_storage),
            ],
        ),
        (
            "Limits and traffic",
            [
                ("Idle timeout", _minutes(session.idle_timeout_minutes)),
                ("Maximum duration", _minutes(session.max_duration_minutes)),
                ("Sent by the browser", _size(session.network_request_bytes)),
                ("Received by the browser", _size(session.network_response_bytes)),
            ],
        ),
        *[("Driven by hand", found) for found in [driving(session)] if found],
        ("Request", sorted(session.request.items()) or [("Sent", "Nothing beyond the defaults")]),
        *[("Why it was refused", found) for found in [reasons(session)] if found],
        *[("Also in the API's answer", found) for found in [unknown_fields(session)] if found],
    ]


def driving(session: BrowserSession) -> list[tuple[str, Any]]:
    """Who drove, newest first."""
    return [(str(each.driver or "someone"), _period(each)) for each in session.recent_drives]


def _period(drive: Drive) -> str:
    since = f"{drive.taken_at:%d %b, %H:%M:%S} UTC"
    if drive.given_back_at is None:
        return f"since {since}"
    seconds = int((drive.given_back_at - drive.taken_at).total_seconds())
    return f"{since}, for {seconds} s; {drive.get_reason_display()}"


def _minutes(value: int | None) -> str | None:
    return None if value is None else f"{value} min"


def _size(value: int | None) -> str | None:
    return None if value is None else filesizeformat(value)


KNOWN = {
    "session_id", "status", "error", "created_at", "closed_at", "last_accessed_at", "duration", "browser_type", "viewport_width",
    "viewport_height", "headless", "user_agent", "proxies", "solve_captchas", "web_bot_auth", "use_file_storage",
    "idle_timeout_minutes", "max_duration_minutes", "network_request_bytes", "network_response_bytes", "timeout_minutes",
}  # fmt: skip


def reasons(session: BrowserSession) -> list[tuple[str, Any]]:
    """What the API's 422 said of each field."""
    return [(dotted(each["loc"][1:] or each["loc"]) or "Request", each["msg"]) for each in session.reasons]


def unknown_fields(session: BrowserSession) -> list[tuple[str, Any]]:
    """What a newer API says beyond our contract."""
    return sorted((name, value) for name, value in session.remote.items() if name not in KNOWN)


def as_json(session: BrowserSession) -> dict[str, Any]:
    """The API's names first, ours beside them; no secrets, no viewer address."""
    return {
        **session.remote,
        "session_id": session.session_id,
        "status": session.display_status,
        "error": session.error or None,
        "steps": [step.payload for step in session.steps.all()],
        "kind": session.kind,
        "uuid": str(session.uuid),
        "state": session.state,
        "remote_status": session.remote_status,
        "problem": session.problem or None,
        "problem_detail": session.problem_detail or None,
        "reasons": session.reasons,
        "request": session.request,
        "started_by": str(session.started_by) if session.started_by else None,
        "requested_at": session.created_at,
        "active_at": session.active_at,
        "ended_at": session.ended_at,
        "stop_requested_at": session.stop_requested_at,
        "stale_since": session.stale_since,
        "last_seq": session.last_seq,
        "last_url": session.last_url,
        "last_title": session.last_title,
        "drives": [
            {
                "driver": str(each.driver) if each.driver else None,
                "taken_at": each.taken_at,
                "given_back_at": each.given_back_at,
                "reason": each.reason or None,
            }
            for each in session.recent_drives
        ],
        "agents": [str(uuid) for uuid in session.agents.order_by("pk").values_list("uuid", flat=True)],
    }
