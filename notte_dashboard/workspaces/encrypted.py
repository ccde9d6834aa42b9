"""A text column that is ciphertext in the database: f1$<key id>$<Fernet token>; the key id shows rotation and loss."""

import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

FORMAT = "f1"


class DecryptError(Exception):
    """The value can't be read with any key of FIELD_ENCRYPTION_KEYS. Nothing was changed."""


def key_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def encrypt(text: str) -> str:
    key = settings.FIELD_ENCRYPTION_KEYS[0]
    return f"{FORMAT}${key_id(key)}${Fernet(key).encrypt(text.encode()).decode()}"


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


class EncryptedTextField(models.TextField[str, str]):
    """Empty stays empty. Can't be searched."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and can't be searched.")
        return super().get_lookup(lookup_name)
