"""What the audit log tells of. A deed of a later version is stored as it is called, so names are never reused."""

from enum import StrEnum


class Deed(StrEnum):
    STARTED = "run.started"
    STOPPED = "run.stopped"
    ADOPTED = "run.adopted"
    WATCHED = "run.watched"
    DROVE = "run.driven"
    COMMENTED = "run.commented"
    EXPORTED = "data.exported"
    PRESET_SAVED = "preset.saved"
    PRESET_CHANGED = "preset.changed"
    PRESET_DELETED = "preset.deleted"
    PRESET_RESTORED = "preset.restored"
    WORKSPACE_CREATED = "workspace.created"
    WORKSPACE_CHANGED = "workspace.changed"
    WORKSPACE_DELETED = "workspace.deleted"
    INVITED = "member.invited"
    INVITATION_REVOKED = "member.invitation_revoked"
    JOINED = "member.joined"
    ROLE_CHANGED = "member.role_changed"
    REMOVED = "member.removed"
    LEFT = "member.left"
    KEY_ADDED = "key.added"
    KEY_CHANGED = "key.changed"
    KEY_TESTED = "key.tested"
    KEY_REVOKED = "key.revoked"
    LIMITS_CHANGED = "limits.changed"
    RETENTION_CHANGED = "retention.changed"
    RETENTION_RAN = "retention.ran"
    SETTINGS_CHANGED = "settings.changed"
    LOGGED_IN = "account.logged_in"
    LOGIN_FAILED = "account.login_failed"
    LOGGED_OUT = "account.logged_out"
    PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - the name of a deed
    EMAIL_CHANGED = "account.email_changed"
    SECOND_FACTOR_CHANGED = "account.second_factor_changed"
    SIGNED_UP = "account.signed_up"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_CHANGED = "account.changed"
    ACCOUNT_DELETED = "account.deleted"
    ACTIVATION_CHANGED = "account.activation_changed"
    ADMIN_ADDED = "admin.added"
    ADMIN_CHANGED = "admin.changed"
    ADMIN_DELETED = "admin.deleted"
    ADMIN_DID = "admin.did"


def label(deed: str) -> str:
    """Key revoked, for key.revoked."""
    return deed.replace(".", " ").replace("_", " ").capitalize()


CHOICES = [(deed.value, label(deed)) for deed in Deed]
ABOUT = [(f"{about}.", about.capitalize()) for about in dict.fromkeys(deed.value.partition(".")[0] for deed in Deed)]
