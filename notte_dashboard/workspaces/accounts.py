"""Who may make an account, and where allauth's ways differ here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import user_signed_up
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse

from notte_dashboard.workspaces import invitations
from notte_dashboard.workspaces.models import SignOnProvider

OPENID_CONNECT = "openid_connect"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """For everybody if so set; else for those who hold an invitation."""
        return settings.OPEN_SIGNUP or invitations.carried(request) is not None

    def get_signup_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("overview")


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library has no types
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return settings.OIDC_SIGNUP or settings.OPEN_SIGNUP or invitations.carried(request) is not None

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Those of the environment, and those of the admin panel, whose secrets the library would keep in clear."""
        apps: list[Any] = super().list_apps(request, provider=provider, client_id=client_id)
        taken = {app.provider_id for app in apps}
        return [*apps, *(app for app in _from_panel(provider, client_id) if app.provider_id not in taken)]


def _from_panel(provider: str | None, client_id: str | None) -> list[Any]:
    rows = SignOnProvider.objects.filter(is_active=True)
    if provider and provider != OPENID_CONNECT:
        rows = rows.filter(provider_id=provider)
    if client_id:
        rows = rows.filter(client_id=client_id)
    return [_as_app(row) for row in rows]


def _as_app(row: SignOnProvider) -> Any:
    return SocialApp(
        provider=OPENID_CONNECT,
        provider_id=row.provider_id,
        name=row.name,
        client_id=row.client_id,
        secret=row.client_secret,
        settings={"server_url": row.server_url, "oauth_pkce_enabled": True},
    )


@receiver(user_signed_up, dispatch_uid="join-by-invitation")
def join(request: HttpRequest, user: User, **_: object) -> None:
    """Whoever made an account to follow an invitation has followed it."""
    invitation = invitations.carried(request)
    if invitation:
        invitations.accept(request, invitation, by=user)
