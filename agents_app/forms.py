"""The start form, built from the contract; the session is chosen among the workspace's own, and presets of new ones."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from notte_dashboard.presets import queries as presets
from notte_dashboard.presets.kinds import AGENT, SESSION
from notte_dashboard.presets.panel import FROM_PRESET
from notte_dashboard.schema_forms.choices import Offer
from notte_dashboard.schema_forms.form import SchemaForm
from notte_dashboard.workspaces.models import Workspace
from notte_dashboard.workspaces.pickers import PICKED, list_id
from sessions_app import queries
from sessions_app.models import BrowserSession

OFFERED_SESSIONS = 100
NEW_SESSION = ("", "A new session, with the defaults")


class StartForm:
    """Makes the forms of one request: the choices are looked up once."""

    def __init__(self, user: User, workspace: Workspace) -> None:
        ready = [
            (f"{FROM_PRESET}{preset.uuid}", f"New session from preset {preset.label}")
            for preset in presets.offered(user, workspace, SESSION)
        ]
        sessions = [(session.session_id, _label(session)) for session in queries.usable(workspace)[:OFFERED_SESSIONS]]
        picks = {control: Offer(free=True, list_id=list_id(name)) for control, name in PICKED.items()}
        self.choices = picks | {"session_id": Offer([NEW_SESSION, *ready, *sessions])}

    def __call__(self, data: Mapping[str, Any] | None, initial: dict[str, Any]) -> SchemaForm:
        """As typed, or filled from an older request."""
        return AGENT.form_class()(data, initial=initial, choices=self.choices)


def _label(session: BrowserSession) -> str:
    who = session.started_by.get_username() if session.started_by else "someone"
    return f"{session.last_title[:60] or 'Session'} · {str(session.uuid)[:8]} · {who}, {session.created_at:%H:%M}"
