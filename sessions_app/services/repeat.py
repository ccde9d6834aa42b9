"""Run again: an old request as the start form's content. Secrets are never carried over."""

from uuid import UUID

from django.contrib.auth.models import User

from notte_dashboard.presets.filling import Old
from notte_dashboard.schema_forms.again import without_secrets
from sessions_app.queries import one_for


def repeated(user: User, uuid: str | None) -> Old | None:
    """What of the session's request can stand in a form again, and why it was refused; None for none, foreign or unreadable."""
    try:
        session = one_for(user, UUID(uuid)) if uuid else None
    except ValueError:
        return None
    return Old(dict(without_secrets(session.request)), session.reasons) if session else None
