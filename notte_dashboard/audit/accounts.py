"""Logins and what people do with their accounts, as the account library tells of it."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q
from django.dispatch import receiver

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.audit.tracking import Deeds, track

FACTS = ("username", "email", "is_active", "is_staff", "is_superuser")


def track_users() -> None:
    own = {"is_active": Deed.ACTIVATION_CHANGED}
    deeds = Deeds(Deed.ACCOUNT_ADDED, Deed.ACCOUNT_CHANGED, deleted=lambda _: Deed.ACCOUNT_DELETED, of_field=own)
    track(User, FACTS, deeds)


@receiver(user_logged_in, dispatch_uid="audit-logged-in")
def logged_in(user: Any, **_: Any) -> None:
    record(Deed.LOGGED_IN, by=user, target=user)


@receiver(user_logged_out, dispatch_uid="audit-logged-out")
def logged_out(user: Any, **_: Any) -> None:
    if user is not None:
        record(Deed.LOGGED_OUT, by=user, target=user)


@receiver(user_login_failed, dispatch_uid="audit-login-failed")
def login_failed(credentials: dict[str, Any], **_: Any) -> None:
    """Only an account that exists is named: people type passwords into the wrong field."""
    names = [str(credentials[name]) for name in ("username", "login", "email") if credentials.get(name)]
    where = Q(pk__in=[])
    for name in names:
        where |= Q(username__iexact=name[:254]) | Q(email__iexact=name[:254])
    record(Deed.LOGIN_FAILED, target=User.objects.filter(where).first())


@receiver([account.password_changed, account.password_reset, account.password_set], dispatch_uid="audit-password")
def password_changed(user: Any, **_: Any) -> None:
    record(Deed.PASSWORD_CHANGED, by=user, target=user)


@receiver(account.user_signed_up, dispatch_uid="audit-signed-up")
def signed_up(user: Any, **_: Any) -> None:
    record(Deed.SIGNED_UP, by=user, target=user)


@receiver(account.email_changed, dispatch_uid="audit-email")
def email_changed(user: Any, from_email_address: Any = None, to_email_address: Any = None, **_: Any) -> None:
    before = {"email": getattr(from_email_address, "email", None)}
    after = {"email": getattr(to_email_address, "email", None)}
    record(Deed.EMAIL_CHANGED, by=user, target=user, before=before, after=after)


@receiver(factors.authenticator_added, dispatch_uid="audit-factor-added")
def factor_added(user: Any, authenticator: Any, **_: Any) -> None:
    record(Deed.SECOND_FACTOR_CHANGED, by=user, target=user, after={"added": authenticator.type})


@receiver(factors.authenticator_removed, dispatch_uid="audit-factor-removed")
def factor_removed(user: Any, authenticator: Any, **_: Any) -> None:
    record(Deed.SECOND_FACTOR_CHANGED, by=user, target=user, after={"removed": authenticator.type})


@receiver(factors.authenticator_reset, dispatch_uid="audit-factor-reset")
def factor_reset(user: Any, authenticator: Any, **_: Any) -> None:
    record(Deed.SECOND_FACTOR_CHANGED, by=user, target=user, after={"renewed": authenticator.type})


@receiver(factors.authentication_failed, dispatch_uid="audit-factor-failed")
def factor_failed(user: Any, **_: Any) -> None:
    record(Deed.LOGIN_FAILED, target=user, after={"at": "second factor"})
