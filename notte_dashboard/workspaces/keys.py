"""Which address and key a workspace talks to."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.workspaces.addresses import is_our_own
from notte_dashboard.workspaces.models import ApiKey, Membership, Workspace


class NoKeyError(NotteError):  # a NotteError, so that whoever talks to the API meets it like the API's own refusals
    """The key a run was started with has been revoked, or can't be read."""

    code = "key_lost"


def key_for(workspace: Workspace, user: User | None = None) -> ApiKey | None:
    """The user's own newest key in the workspace, else the shared one; None means the environment's, or the embedded API."""
    usable = workspace.api_keys.filter(revoked_at=None).filter(Q(owner=None) | Q(owner=user and user.pk, owner__isnull=False))
    return usable.order_by(F("owner").desc(nulls_last=True), "-pk").first()


def visible_keys(membership: Membership) -> QuerySet[ApiKey]:
    """The shared ones and one's own; never the secret itself."""
    rows = ApiKey.objects.filter(workspace=membership.workspace_id).filter(Q(owner=None) | Q(owner=membership.user_id))
    return rows.defer("key").select_related("created_by", "owner").order_by(F("revoked_at").asc(nulls_first=True), "-pk")


@transaction.atomic
def add_key(*, by: User, workspace: Workspace, base_url: str, secret: str, personal: bool) -> ApiKey:
    """It takes the place of the shared, or the personal, one before: runs under way keep the key they were started with."""
    return ApiKey.objects.create(
        workspace=workspace, base_url=base_url, key=secret, owner=by if personal else None, created_by=by
    )


@transaction.atomic
def revoke(key: ApiKey) -> bool:
    revoked = bool(ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()))
    if revoked:
        record(Deed.KEY_REVOKED, workspace=key.workspace_id, target=key)
    return revoked


def connection(key: ApiKey | None) -> Connection:
    """Raises NoKeyError for a key that is revoked, can't be read, or can't be sent, ValueError for a wrong environment."""
    if key is None:
        return Connection(
            base_url=settings.NOTTE_API_URL, api_key=settings.NOTTE_API_KEY or settings.LOCAL_API_KEY, name="environment"
        )
    if key.revoked_at:
        raise NoKeyError(f"The API key …{key.last4} was revoked.")
    try:
        public = not is_our_own(key.base_url)
        return Connection(base_url=key.base_url, api_key=key.key, name=f"key-{key.pk}", public_only=public)
    except ValueError as error:
        raise NoKeyError(f"The API key …{key.last4} can't be used: {error}") from error
