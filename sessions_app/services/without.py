"""The same request once more, less the fields that the API does not know."""

from collections.abc import Sequence

from django.contrib.auth.models import User

from notte_dashboard.presets import refused as refusals
from notte_dashboard.presets.refused import Refused
from notte_dashboard.runs.states import State
from notte_dashboard.schema_forms import secrets
from sessions_app.models import BrowserSession
from sessions_app.services.start import start_session, stored_secrets


def refused(session: BrowserSession) -> list[Refused]:
    """Fields that can be left out; empty for a session that was not rejected."""
    return refusals.refused_fields(session.request, session.reasons) if session.state == State.REJECTED else []


def start_without(*, by: User, session: BrowserSession, fields: Sequence[Refused]) -> BrowserSession:
    """Secrets go along on the server. However often it is asked for, it is one session. Raises DecryptError."""
    request = secrets.join(session.request, stored_secrets(session))
    left = refusals.without(request, fields)
    return start_session(by=by, workspace=session.workspace, request=left, nonce=f"again {session.uuid}")
