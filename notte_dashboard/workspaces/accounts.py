"""Who may make an account, and where allauth's ways differ here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import user_signed_up
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse

from notte_dashboard.workspaces import invitations


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """For everybody if so set; else for those who hold an invitation."""
        return settings.OPEN_SIGNUP or invitations.carried(request) is not None

    def get_signup_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return reverse("overview")


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library has no types
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return settings.OIDC_SIGNUP or settings.OPEN_SIGNUP or invitations.carried(request) is not None


@receiver(user_signed_up, dispatch_uid="join-by-invitation")
def join(request: HttpRequest, user: User, **_: object) -> None:
    """Whoever made an account to follow an invitation has followed it."""
    invitation = invitations.carried(request)
    if invitation:
        invitations.accept(request, invitation, by=user)
