"""Which address and key a workspace talks to."""

from django.conf import settings

from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.workspaces.models import ApiKey, Workspace


class NoKeyError(Exception):
    """The key a run was started with has been revoked."""


def key_for(workspace: Workspace) -> ApiKey | None:
    """The workspace's newest key; None means the key of the environment, or the embedded API."""
    return workspace.api_keys.filter(revoked_at=None).order_by("-pk").first()


def connection(key: ApiKey | None) -> Connection:
    """Raises NoKeyError for a revoked key and DecryptError for one that can't be read."""
    if key is not None:
        if key.revoked_at:
            raise NoKeyError(f"The API key …{key.last4} was revoked.")
        return Connection(base_url=key.base_url, api_key=key.key, name=f"key-{key.pk}")
    return Connection(
        base_url=settings.NOTTE_API_URL, api_key=settings.NOTTE_API_KEY or settings.LOCAL_API_KEY, name="environment"
    )
