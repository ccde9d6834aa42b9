"""Changes of workspaces, members, invitations and keys are told of in the audit log."""

from typing import Any

from notte_dashboard.audit.asked import current_user
from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.tracking import Deeds, track
from notte_dashboard.workspaces.models import ApiKey, Invitation, Limits, Membership, SignOnProvider, Workspace

LIMITS = tuple(field.name for field in Limits._meta.get_fields())  # noqa: SLF001 - Django's documented way to fields
OF_LIMITS = dict.fromkeys(LIMITS, Deed.LIMITS_CHANGED)


def _of(instance: Any) -> Any:
    return instance.workspace_id


def _gone(membership: Membership) -> Deed:
    by = current_user()
    return Deed.LEFT if by is not None and by.pk == membership.user_id else Deed.REMOVED


def track_all() -> None:
    of_workspace = Deeds(
        Deed.WORKSPACE_CREATED, Deed.WORKSPACE_CHANGED, deleted=lambda _: Deed.WORKSPACE_DELETED, of_field=OF_LIMITS
    )
    of_member = Deeds(Deed.JOINED, Deed.ROLE_CHANGED, deleted=_gone, of_field=OF_LIMITS)
    of_key = Deeds(
        Deed.KEY_ADDED, Deed.KEY_CHANGED, deleted=lambda _: Deed.KEY_REVOKED, of_field={"revoked_at": Deed.KEY_REVOKED}
    )
    of_invitation = Deeds(Deed.INVITED, Deed.INVITED, deleted=lambda _: Deed.INVITATION_REVOKED)
    track(Workspace, ("name", *LIMITS), of_workspace, lambda workspace: workspace.pk)
    track(Membership, ("role", *LIMITS), of_member, _of)
    track(ApiKey, ("base_url", "last4", "owner_id", "revoked_at"), of_key, _of)
    track(Invitation, ("role", "email", "expires_at"), of_invitation, _of)
    of_settings = Deeds(Deed.SETTINGS_CHANGED, Deed.SETTINGS_CHANGED, deleted=lambda _: Deed.SETTINGS_CHANGED)
    track(SignOnProvider, ("name", "provider_id", "server_url", "client_id", "is_active"), of_settings)
