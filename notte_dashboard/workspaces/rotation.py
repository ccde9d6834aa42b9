"""Encrypt what an older key encrypted with the newest one, while everything runs: a row that changes meanwhile is left alone."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Cast

from notte_dashboard.workspaces.encrypted import FORMAT, Ciphertext, DecryptError, EncryptedTextField, decrypt, encrypt, key_id

IN_AUTHENTICATORS = ("secret", "seed")
"""Where allauth keeps what codes are made of; recovery codes may stand in a list beside them."""
LISTED = "migrated_codes"


class Rotated(NamedTuple):
    name: str
    done: int
    unreadable: int


def rotate() -> Iterator[Rotated]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:  # noqa: SLF001 - Django's documented way to the fields
            if isinstance(field, EncryptedTextField):
                yield _rotate_column(model, field.attname)
    yield _rotate_authenticators()


def is_old(stored: str) -> bool:
    return stored.startswith(f"{FORMAT}$") and not stored.startswith(f"{FORMAT}${key_id(settings.FIELD_ENCRYPTION_KEYS[0])}$")


def _rotate_column(model: type[models.Model], name: str) -> Rotated:
    done = unreadable = 0
    rows = model._default_manager.order_by("pk").values_list("pk", name)  # noqa: SLF001 - as above
    for pk, stored in rows.iterator(chunk_size=500):
        if not stored or not is_old(stored):
            continue
        try:
            fresh = encrypt(decrypt(stored))
        except DecryptError:
            unreadable += 1
            continue
        done += _replace(model, pk, name, stored, fresh)
    return Rotated(f"{model._meta.label}.{name}", done, unreadable)  # noqa: SLF001 - as above


def _replace(model: type[models.Model], pk: Any, name: str, stored: str, fresh: Ciphertext) -> int:
    """Only if it is still what was read. The field itself can't be searched, so its plain column is compared."""
    rows = model._default_manager.annotate(stored_now=Cast(name, models.TextField()))  # noqa: SLF001 - as above
    return rows.filter(pk=pk, stored_now=str(stored)).update(**{name: fresh})


def _rotate_authenticators() -> Rotated:
    done = unreadable = 0
    for row in Authenticator.objects.order_by("pk").iterator(chunk_size=500):
        try:
            fresh = {name: _fresh(name, value) for name, value in row.data.items()}
        except DecryptError:
            unreadable += 1
            continue
        if fresh != row.data:
            done += Authenticator.objects.filter(pk=row.pk, data=row.data).update(data=fresh)
    return Rotated("mfa.Authenticator.data", done, unreadable)


def _fresh(name: str, value: Any) -> Any:
    if name == LISTED and isinstance(value, list):
        return [_fresh(IN_AUTHENTICATORS[0], each) for each in value]
    if name in IN_AUTHENTICATORS and isinstance(value, str) and is_old(value):
        return str(encrypt(decrypt(value)))
    return value
