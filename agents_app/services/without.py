"""The same request once more, less the fields that the API does not know."""

from collections.abc import Sequence

from django.contrib.auth.models import User

from agents_app.models import AgentRun
from agents_app.services.start import start_agent
from notte_dashboard.presets import refused as refusals
from notte_dashboard.presets.refused import Refused
from notte_dashboard.runs.states import State
from notte_dashboard.schema_forms import secrets
from sessions_app.services.start import stored_secrets


def refused(agent: AgentRun) -> list[Refused]:
    """Fields that can be left out; empty for an agent that was not rejected."""
    return refusals.refused_fields(agent.request, agent.reasons) if agent.state == State.REJECTED else []


def start_without(*, by: User, agent: AgentRun, fields: Sequence[Refused]) -> AgentRun:
    """In its session while that lives, else in a new one like it. Secrets go along on the server, and it is one agent.

    Raises DecryptError.
    """
    request = secrets.join(agent.request, stored_secrets(agent))
    session = agent.session
    like_it = None if not session.is_over else secrets.join(session.request, stored_secrets(session))
    return start_agent(
        by=by,
        workspace=agent.workspace,
        session=None if session.is_over else session,
        session_request=like_it,
        request=refusals.without(request, fields),
        nonce=f"again {agent.uuid}",
    )
