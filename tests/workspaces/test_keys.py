"""Which address and key a workspace talks to; a key belongs to the address it was given for."""

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone

from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.workspaces import keys
from notte_dashboard.workspaces.models import ApiKey
from tests.factories import make_key, make_workspace

pytestmark = pytest.mark.django_db


def test_the_newest_key_that_is_not_revoked_is_used():
    team, other = make_workspace(), make_workspace()
    first = make_key(team)
    revoked = make_key(team, base_url="https://a.test", key="x" * 20, revoked_at=timezone.now())
    make_key(other)

    assert keys.key_for(team) == first
    assert keys.key_for(make_workspace()) is None
    newest = make_key(team)
    assert newest.pk > revoked.pk
    assert keys.key_for(team) == newest


def test_a_key_goes_to_its_own_address_only():
    kept = make_key(make_workspace(), base_url="https://eu.api.test/v1/", key="sk-of-the-workspace")

    where = keys.connection(kept)

    assert (where.base_url, where.api_key, where.name) == ("https://eu.api.test/v1", "sk-of-the-workspace", f"key-{kept.pk}")


@pytest.mark.parametrize(("given", "used"), [("sk-real", "sk-real"), ("", "local-key")])
def test_without_a_key_the_environment_decides(settings, given, used):
    settings.NOTTE_API_URL, settings.NOTTE_API_KEY, settings.LOCAL_API_KEY = "http://127.0.0.1:9", given, "local-key"

    where = keys.connection(None)

    assert (where.base_url, where.api_key, where.name) == ("http://127.0.0.1:9", used, "environment")


def test_a_revoked_key_is_not_used_any_more():
    kept = make_key(make_workspace())
    kept.revoked_at = timezone.now()

    with pytest.raises(keys.NoKeyError, match="revoked"):
        keys.connection(kept)


def test_a_key_that_can_not_be_read_is_told_without_any_of_its_letters(settings):
    kept = ApiKey.objects.get(pk=make_key(make_workspace(), key="sk-notte-canary-7f3a").pk)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(keys.NoKeyError, match="FIELD_ENCRYPTION_KEYS") as told:
        keys.connection(kept)
    assert "canary" not in str(told.value)


@pytest.mark.parametrize("secret", ["two words of a key", "line\nbreak in it", "kéy of letters"])
def test_a_key_that_can_not_be_sent_is_told_without_any_of_its_letters(secret):
    with pytest.raises(keys.NoKeyError) as told:
        keys.connection(make_key(make_workspace(), key=secret))
    assert secret not in str(told.value)


def test_whoever_talks_to_the_api_meets_a_lost_key_as_an_error_of_the_api():
    error = keys.NoKeyError("lost")

    assert isinstance(error, NotteError)
    assert (error.code, error.outcome_unknown, error.not_started) == ("key_lost", False, False)


@pytest.mark.parametrize(("secret", "shown"), [("sk-notte-canary-7f3a", "7f3a"), ("short-key12", ""), ("exactly12let", "2let")])
def test_four_letters_are_shown_of_a_long_key_and_none_of_a_short_one(secret, shown):
    kept = make_key(make_workspace(), key=secret)

    assert kept.last4 == ApiKey.objects.get(pk=kept.pk).last4 == shown
    assert secret not in str(kept) + repr(kept)
