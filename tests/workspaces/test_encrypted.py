"""Secrets are ciphertext in the database; a lost key is noticed where a secret is read, and never costs it."""

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection
from django.db.models import F
from django.utils import timezone

from notte_dashboard.workspaces.encrypted import DecryptError, decrypt, encrypt, key_id
from notte_dashboard.workspaces.models import ApiKey
from sessions_app.models import BrowserSession
from tests.factories import make_key, make_session, make_workspace

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
SECRET = "sk-notte-canary-7f3a"


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]


@pytest.fixture
def stored(db):
    kept = make_key(make_workspace(), key=SECRET)
    return ApiKey.objects.get(pk=kept.pk)


def in_the_database(kept: ApiKey) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM workspaces_apikey WHERE id = %s", [kept.pk])
        return cursor.fetchone()[0]


def test_a_secret_comes_back_but_is_not_in_the_database(stored):
    assert stored.key == SECRET
    assert SECRET not in in_the_database(stored)
    assert in_the_database(stored).startswith(f"f1${key_id(OLD)}$")


def test_the_same_secret_is_never_the_same_ciphertext():
    assert encrypt(SECRET) != encrypt(SECRET)


def test_after_a_rotation_old_secrets_are_read_and_new_ones_use_the_new_key(stored, settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]

    assert ApiKey.objects.get(pk=stored.pk).key == SECRET

    fresh = make_key(stored.workspace, key="another")
    assert in_the_database(fresh).startswith(f"f1${key_id(NEW)}$")


@pytest.mark.parametrize("keys", [[OTHER], [NEW, OTHER], []])
def test_a_lost_key_is_told_and_names_the_setting(stored, settings, keys):
    settings.FIELD_ENCRYPTION_KEYS = keys
    found = ApiKey.objects.select_related("workspace").get(pk=stored.pk)

    with pytest.raises(DecryptError, match="FIELD_ENCRYPTION_KEYS"):
        _ = found.key


def test_rows_with_a_lost_key_can_be_listed_changed_and_healed(stored, settings):
    before = in_the_database(stored)
    settings.FIELD_ENCRYPTION_KEYS = [OTHER]

    found = ApiKey.objects.get(pk=stored.pk)
    found.revoked_at = timezone.now()
    found.save()

    assert in_the_database(found) == before
    assert found.last4 == SECRET[-4:]
    settings.FIELD_ENCRYPTION_KEYS = [OTHER, OLD]
    assert ApiKey.objects.get(pk=stored.pk).key == SECRET


def test_saving_an_unchanged_row_keeps_its_ciphertext_and_a_change_is_encrypted(stored):
    before = in_the_database(stored)

    stored.save()
    assert in_the_database(stored) == before

    stored.key = "sk-notte-another-9b1c"
    stored.save()
    assert "another" not in in_the_database(stored)
    assert (ApiKey.objects.get().key, ApiKey.objects.get().last4) == ("sk-notte-another-9b1c", "9b1c")


def test_a_deferred_secret_is_fetched_when_read(stored):
    found = ApiKey.objects.defer("key").get(pk=stored.pk)
    found.save()

    assert found.key == SECRET


def test_a_row_keeps_its_secret_over_a_refresh(stored):
    stored.refresh_from_db()

    assert stored.key == SECRET


def test_a_row_with_a_lost_key_can_be_refreshed(stored, settings):
    settings.FIELD_ENCRYPTION_KEYS = [OTHER]

    stored.refresh_from_db()

    assert stored.last4 == SECRET[-4:]
    with pytest.raises(DecryptError):
        _ = stored.key


def test_a_refresh_forgets_what_was_not_saved_and_sees_what_others_wrote(stored):
    other = ApiKey.objects.get(pk=stored.pk)
    other.key = "sk-notte-another-9b1c"
    other.save()
    stored.key = "never saved at all"

    stored.refresh_from_db()

    assert stored.key == "sk-notte-another-9b1c"


@pytest.mark.parametrize(
    "tampered",
    [
        "",
        "f1",
        "f1$",
        "f1$$",
        "plain text",
        f"f2${key_id(OLD)}$x",
        f"f1${key_id(OLD)}$",
        f"f1${key_id(OLD)}$gAAAAABx",
        "f1$00000000$x",
    ],
)
def test_what_is_no_ciphertext_of_ours_is_never_answered(tampered):
    with pytest.raises(DecryptError):
        decrypt(tampered)


def test_a_changed_letter_is_noticed():
    token = encrypt(SECRET)
    changed = token[:-6] + ("A" if token[-6] != "A" else "B") + token[-5:]

    with pytest.raises(DecryptError, match="changed outside"):
        decrypt(changed)


@pytest.mark.parametrize("text", ["é\n\x00💥", "x" * 100_000, " ", "f1$looks$like ours"])
@pytest.mark.django_db
def test_any_text_can_be_a_secret(text):
    run = make_session(make_workspace(), secrets=text)

    assert BrowserSession.objects.get(pk=run.pk).secrets == text


@pytest.mark.django_db
def test_no_secret_stays_no_secret():
    run = make_session(make_workspace())

    assert BrowserSession.objects.get(pk=run.pk).secrets == ""


@pytest.mark.parametrize("lookup", ["key", "key__exact", "key__icontains", "key__in", "key__gt", "key__startswith", "key__regex"])
@pytest.mark.django_db
def test_nobody_can_search_for_a_secret(lookup):
    with pytest.raises(FieldError):
        list(ApiKey.objects.filter(**{lookup: [SECRET] if lookup.endswith("in") else SECRET}))


@pytest.mark.django_db
def test_nobody_can_search_for_a_secret_by_another_column():
    with pytest.raises(FieldError):
        list(ApiKey.objects.filter(key=F("base_url")))


def test_whether_there_is_a_secret_can_be_asked(stored):
    assert ApiKey.objects.filter(key__isnull=False).count() == 1


def test_ciphertext_read_as_values_is_not_the_secret(stored):
    assert SECRET not in str(list(ApiKey.objects.values_list("key", flat=True)))
