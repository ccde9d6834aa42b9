"""A text column that is ciphertext in the database: f1$<key id>$<Fernet token>; the key id shows rotation and loss."""

import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

FORMAT = "f1"


class DecryptError(ValueError):
    """The value can't be read with any key of FIELD_ENCRYPTION_KEYS. Nothing was changed."""


class Ciphertext(str):
    """As it stands in the database."""

    __slots__ = ()


def key_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def encrypt(text: str) -> Ciphertext:
    key = settings.FIELD_ENCRYPTION_KEYS[0]
    return Ciphertext(f"{FORMAT}${key_id(key)}${Fernet(key).encrypt(text.encode()).decode()}")


def decrypt(stored: str) -> str:
    """Raises DecryptError when the key is gone or the text was tampered with; never answers ciphertext."""
    keys = {key_id(key): key for key in settings.FIELD_ENCRYPTION_KEYS}
    form, _, rest = stored.partition("$")
    wanted, _, token = rest.partition("$")
    if form != FORMAT or wanted not in keys:
        raise DecryptError(f"No key of FIELD_ENCRYPTION_KEYS has the id {wanted!r}.")
    try:
        return Fernet(keys[wanted]).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise DecryptError("The stored secret was changed outside the dashboard.") from error


class DecryptedOnReading(DeferredAttribute):
    """Rows with a lost key can be listed, watched and saved; only reading the secret itself fails."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        return decrypt(value) if isinstance(value, Ciphertext) and value else value

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Without this, Python would not ask `__get__` once the value stands in the instance."""
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField[str, str]):
    """Empty stays empty. Can't be searched."""

    descriptor_class = DecryptedOnReading

    def from_db_value(self, value: str | None, *_: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002, FBT001
        """What was not changed is written back as it was read: saving a row never loses a secret."""
        return model_instance.__dict__.get(self.attname)

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value and not isinstance(value, Ciphertext) else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and can't be searched.")
        return super().get_lookup(lookup_name)
