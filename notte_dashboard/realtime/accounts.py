"""Does the login behind an open socket still hold? A socket asks nothing again by itself, however long it stays open."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AbstractBaseUser, User
from django.utils.crypto import constant_time_compare


def still_signed_in(user: AbstractBaseUser, session: Any) -> AbstractBaseUser | None:
    """The user as stored now; None after a logout, a change of the password, or when the account is gone or inactive."""
    login = import_module(settings.SESSION_ENGINE).SessionStore(session.session_key)
    fresh = User.objects.filter(pk=user.pk, is_active=True).first()
    if fresh is None or login.get(SESSION_KEY) != str(fresh.pk):
        return None
    return fresh if constant_time_compare(login.get(HASH_SESSION_KEY, ""), fresh.get_session_auth_hash()) else None
