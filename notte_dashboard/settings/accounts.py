"""Who gets in, how, and what is mailed to them."""

from django.core.exceptions import ImproperlyConfigured

from notte_dashboard.settings import env

# --- Mail ----------------------------------------------------------------------------------------------------------
# Without a mail server, mails are kept for the administrators to pass on.
EMAIL_URL_GIVEN = bool(env.text("EMAIL_URL"))
MAIL = env.mail_server("EMAIL_URL")
EMAIL_BACKEND = MAIL.get("EMAIL_BACKEND", "notte_dashboard.workspaces.mail.KeptMailBackend")
EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST", "localhost"), MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_USER") or "", MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(MAIL.get("EMAIL_USE_TLS")), bool(MAIL.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM", "Notte Dashboard <dashboard@localhost>")

# --- Getting in ----------------------------------------------------------------------------------------------------
OPEN_SIGNUP = env.boolean("OPEN_SIGNUP", default=False)
INVITATION_DAYS = 7
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "notte_dashboard.workspaces.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
# Where strangers may sign up, an address must be theirs before they get in; who was invited is known to somebody.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if OPEN_SIGNUP and EMAIL_URL_GIVEN else "optional"
ACCOUNT_EMAIL_NOTIFICATIONS = EMAIL_URL_GIVEN
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Notte Dashboard] "
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USERNAME_BLACKLIST = ["admin", "root", "system", "notte"]
# The default would leave a hanging "next" for whoever signs in on a page of ours that no longer exists.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 24 * 3600

# --- Two-factor ----------------------------------------------------------------------------------------------------
MFA_ADAPTER = "notte_dashboard.workspaces.second_factor.EncryptedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# The library's care is for addresses that strangers type in; who was invited is known to somebody.
MFA_ALLOW_UNVERIFIED_EMAIL = not OPEN_SIGNUP
MFA_TOTP_ISSUER = "Notte Dashboard"

# --- Single sign-on ------------------------------------------------------------------------------------------------
OIDC_SERVER_URL = env.url("OIDC_SERVER_URL", schemes=("https", "http"))
OIDC_SIGNUP = env.boolean("OIDC_SIGNUP", default=False)
OIDC_NAME = env.text("OIDC_NAME", "Single sign-on")
OIDC_APP = {
    "provider_id": "sso",
    "name": OIDC_NAME,
    "client_id": env.text("OIDC_CLIENT_ID"),
    "secret": env.text("OIDC_CLIENT_SECRET"),
    "settings": {"server_url": OIDC_SERVER_URL, "oauth_pkce_enabled": True},
}
if OIDC_SERVER_URL and not (OIDC_APP["client_id"] and OIDC_APP["secret"]):
    raise ImproperlyConfigured("OIDC_SERVER_URL needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET beside it.")
SOCIALACCOUNT_ADAPTER = "notte_dashboard.workspaces.accounts.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC_APP] if OIDC_SERVER_URL else [], "OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_STORE_TOKENS = False
