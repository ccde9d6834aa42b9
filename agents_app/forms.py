"""The start form, built from the contract; the session is chosen among the workspace's own."""

from collections.abc import Mapping
from typing import Any

from notte_dashboard.schema_forms.builder import build_form
from notte_dashboard.schema_forms.form import SchemaForm
from notte_dashboard.schema_forms.layouts import AGENT_START
from notte_dashboard.workspaces.models import Workspace
from sessions_app import queries
from sessions_app.models import BrowserSession

OFFERED_SESSIONS = 100
NEW_SESSION = ("", "A new session, with the defaults")


def start_form(data: Mapping[str, Any] | None, *, initial: dict[str, Any], workspace: Workspace) -> SchemaForm:
    """As typed, or filled from an older request."""
    sessions = queries.usable(workspace)[:OFFERED_SESSIONS]
    choices = [NEW_SESSION, *((session.session_id, _label(session)) for session in sessions)]
    return build_form("ApiAgentStartRequest", AGENT_START)(data, initial=initial, choices={"session_id": choices})


def _label(session: BrowserSession) -> str:
    who = session.started_by.get_username() if session.started_by else "someone"
    return f"{session.last_title[:60] or 'Session'} · {str(session.uuid)[:8]} · {who}, {session.created_at:%H:%M}"
