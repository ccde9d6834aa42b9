"""Who may call what: every route and every socket has an entry here, and the matrix test asks each of them for everybody."""

from typing import NamedTuple

from notte_dashboard.workspaces.access import Action

GET, POST, BOTH = frozenset({"GET", "HEAD"}), frozenset({"POST"}), frozenset({"GET", "HEAD", "POST"})
DONE = frozenset({200, 204, 302, 422})
EVERYBODY, ACCOUNT, SUPERUSER, OPERATOR_OF_THE_SERVER = "everybody", "account", "superuser", "staff"


class Rule(NamedTuple):
    who: str
    """An Action, or one of the names above: those who need no workspace."""
    methods: frozenset[str] = GET
    target: str = ""
    """What stands in the address; empty where the current workspace alone is asked for."""
    by_current: bool = False
    """The role in the current workspace is looked at before the object, which must be in that workspace."""
    then: str = ""
    """Another Action, asked once the object is found."""
    answers: frozenset[int] = DONE
    """To those who may."""


def run_routes(app: str, kind: str) -> dict[str, Rule]:
    start = {f"{app}:{name}": Rule(Action.RUN, POST) for name in ("start-check", "start-save", "start-draft")}
    return start | {
        f"{app}:detail": Rule(Action.VIEW, GET, kind),
        # It does not know from where on.
        f"{app}:steps": Rule(Action.VIEW, GET, kind, answers=frozenset({400})),
        f"{app}:list": Rule(Action.VIEW),
        f"{app}:start": Rule(Action.RUN, BOTH),
        # Of a run that was not refused for a field there is nothing to leave out.
        f"{app}:without": Rule(Action.RUN, BOTH, kind, answers=frozenset({404})),
        f"{app}:stop": Rule(Action.RUN, BOTH, kind),
        f"{app}:viewer": Rule(Action.WATCH, GET, kind),
        f"{app}:screenshot": Rule(Action.VIEW, GET, kind),
        f"{app}:step": Rule(Action.VIEW, GET, kind),
    }  # fmt: skip


ROUTES: dict[str, Rule] = {
    "overview": Rule(Action.VIEW),
    "wall": Rule(Action.VIEW),
    "notices": Rule(ACCOUNT),
    "pickers": Rule(Action.RUN),
    **run_routes("sessions", "session"),
    **run_routes("agents", "agent"),
    "sessions:drive": Rule(Action.DRIVE, POST, "session"),
    "sessions:drive-keep": Rule(Action.DRIVE, POST, "session", answers=frozenset({204, 410})),
    "sessions:drive-back": Rule(Action.VIEW, POST, "session"),
    "sessions:cdp": Rule(Action.WATCH, POST, "session"),
    "agents:answer": Rule(Action.VIEW, GET, "agent"),
    "presets:list": Rule(Action.RUN),
    "presets:detail": Rule(Action.RUN, BOTH, "preset"),
    "presets:restore": Rule(Action.RUN, POST, "preset"),
    "presets:delete": Rule(Action.RUN, POST, "preset"),
    # It is not deleted.
    "presets:undelete": Rule(Action.RUN, POST, "preset", answers=frozenset({404})),
    "teams:settings": Rule(Action.VIEW),
    "teams:create": Rule(ACCOUNT, BOTH),
    # Without a workspace in the form there is none to switch to.
    "teams:switch": Rule(ACCOUNT, POST, answers=frozenset({404})),
    "teams:leave": Rule(Action.VIEW, BOTH),
    "teams:members": Rule(Action.VIEW),
    "teams:member-role": Rule(Action.MANAGE, POST, "member", by_current=True),
    "teams:member-limits": Rule(Action.MANAGE, BOTH, "member", by_current=True),
    "teams:member-remove": Rule(Action.MANAGE, BOTH, "member", by_current=True),
    "teams:invite": Rule(Action.MANAGE, POST),
    "teams:invitation-renew": Rule(Action.MANAGE, POST, "invitation", by_current=True),
    "teams:invitation-revoke": Rule(Action.MANAGE, POST, "invitation", by_current=True),
    "teams:keys": Rule(Action.RUN, BOTH),
    "teams:key-check": Rule(Action.RUN, POST, "key", by_current=True, then=Action.MANAGE),
    "teams:key-revoke": Rule(Action.RUN, BOTH, "key", by_current=True, then=Action.MANAGE),
    "teams:limits": Rule(Action.VIEW),
    # The token in its address is the right to it.
    "teams:invitation": Rule(EVERYBODY, BOTH, answers=frozenset({200, 302, 404})),
    "teams:mails": Rule(SUPERUSER),
    "upkeep:audit": Rule(Action.MANAGE),
    # Of no known form.
    "upkeep:audit-export": Rule(Action.MANAGE, POST, answers=frozenset({404})),
    "upkeep:retention": Rule(Action.MANAGE, BOTH),
    "upkeep:orphans": Rule(Action.MANAGE),
    "upkeep:orphans-search": Rule(Action.MANAGE, POST),
    "upkeep:orphan-adopt": Rule(Action.MANAGE, BOTH, "orphan", by_current=True),
    "upkeep:orphan-stop": Rule(Action.MANAGE, BOTH, "orphan", by_current=True),
    "contract": Rule(OPERATOR_OF_THE_SERVER, BOTH),
    "healthz": Rule(EVERYBODY),
    "readyz": Rule(EVERYBODY, answers=frozenset({200, 503})),
    # Its token, or this machine, asked by its own name, is the right to it.
    "metrics": Rule(EVERYBODY, answers=frozenset({403})),
}
POSTED_BY_ADMINS = {"teams:settings", "teams:limits"}
"""Pages that every member reads; a POST needs MANAGE."""

IN_ADMIN = "admin:"
"""Django's own pages ask Django's own rights, which no member gets by being one; staff without any get no further than these."""
OF_ALL_STAFF = frozenset(
    {f"admin:{name}" for name in ("index", "login", "logout", "password_change", "password_change_done", "jsi18n")}
)
BEFORE_SIGNING_IN = frozenset(
    {
        "account_login", "account_logout", "account_inactive", "account_signup", "account_email_verification_sent",
        "account_reset_password", "account_confirm_login_code", "account_confirm_email", "account_reset_password_from_key_done",
        "account_reset_password_from_key", "account_reset_password_done", "mfa_authenticate", "mfa_login_webauthn",
        "socialaccount_login_cancelled", "socialaccount_login_error", "socialaccount_signup", "openid_connect_login",
        "openid_connect_callback",
    }
)  # fmt: skip
OF_AN_ACCOUNT = frozenset(
    {
        "account_reauthenticate", "account_email", "account_change_password", "account_set_password", "mfa_index",
        "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn", "socialaccount_connections",
        "usersessions_list",
    }
)  # fmt: skip
OLD_ADDRESSES = frozenset({"social/login/cancelled/", "social/login/error/", "social/signup/", "social/connections/"})
"""Without names: the library's redirects."""

SOCKETS = {
    "ws/sessions/{uuid}/": "session",
    "ws/agents/{uuid}/": "agent",
    "ws/workspaces/{uuid}/?page=overview": "workspace",
}
"""Address -> what stands in it. All are for those who may VIEW."""
