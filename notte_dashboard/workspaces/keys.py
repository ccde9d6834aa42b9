"""Which address and key a workspace talks to."""

from django.conf import settings

from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.workspaces.models import ApiKey, Workspace


class NoKeyError(NotteError):  # a NotteError, so that whoever talks to the API meets it like the API's own refusals
    """The key a run was started with has been revoked, or can't be read."""

    code = "key_lost"


def key_for(workspace: Workspace) -> ApiKey | None:
    """The workspace's newest key; None means the key of the environment, or the embedded API."""
    return workspace.api_keys.filter(revoked_at=None).order_by("-pk").first()


def connection(key: ApiKey | None) -> Connection:
    """Raises NoKeyError for a key that is revoked, can't be read, or can't be sent, ValueError for a wrong environment."""
    if key is None:
        return Connection(
            base_url=settings.NOTTE_API_URL, api_key=settings.NOTTE_API_KEY or settings.LOCAL_API_KEY, name="environment"
        )
    if key.revoked_at:
        raise NoKeyError(f"The API key …{key.last4} was revoked.")
    try:
        return Connection(base_url=key.base_url, api_key=key.key, name=f"key-{key.pk}")
    except ValueError as error:
        raise NoKeyError(f"The API key …{key.last4} can't be used: {error}") from error
