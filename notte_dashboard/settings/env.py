"""Typed readers of environment variables; errors name the variable. NAME_FILE may hold the path of a file with the value."""

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from environ import Env

WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
PRICE = re.compile(r"(?P<before>[^\d\s.]{0,5})\s*(?P<amount>\d{1,6}(?:\.\d{1,8})?)\s*(?P<after>[^\d\s.]{0,5})")
DATABASES = ("postgres://", "postgresql://", "sqlite://")
MAIL_SERVERS = ("smtp://", "smtps://", "smtp+tls://", "smtp+ssl://")
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """The value of NAME, else the content of the file named by NAME_FILE, else the default; surrounding space is dropped."""
    value = os.environ.get(name, "").strip()
    path = os.environ.get(f"{name}_FILE", "").strip()
    if value or not path:
        return value or default
    try:
        return Path(path).read_text().strip() or default
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path} can't be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path} is not a text.") from error


def boolean(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value in TRUE


def integer(name: str, default: int, *, minimum: int = 0, maximum: int = 10**9) -> int:
    value = text(name)
    if not value:
        return default
    number = int(value) if WHOLE.fullmatch(value) else None
    if number is None or not minimum <= number <= maximum:
        raise ImproperlyConfigured(f"{name} must be a whole number from {minimum} to {maximum}, not {value!r}.")
    return number


class Price(NamedTuple):
    """As it was written: the currency stands before or after the amount."""

    before: str
    amount: Decimal
    after: str


def price(name: str) -> Price | None:
    """An amount with its currency, such as $0.02 or 0.02 EUR; None when there is none."""
    value = text(name)
    found = PRICE.fullmatch(value)
    if value and not found:
        raise ImproperlyConfigured(f"{name} must be an amount with its currency, such as $0.02 or 0.02 EUR, not {value!r}.")
    return Price(found["before"], Decimal(found["amount"]), found["after"]) if found else None


def words(name: str, default: str = "") -> list[str]:
    """A comma separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def url(name: str, default: str = "", *, schemes: tuple[str, ...]) -> str:
    """The value is never repeated in an error: addresses may hold passwords."""
    value = text(name, default).rstrip("/")
    if value and _scheme(value) not in schemes:
        raise ImproperlyConfigured(f"{name} must be a URL starting with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return value


def _scheme(value: str) -> str:
    """Empty for what is no address: without a host, or for a socket without a path."""
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError:
        return ""
    return parts.scheme if parts.hostname or (parts.scheme == "unix" and parts.path) else ""


def origins(name: str, default: str = "") -> list[str]:
    """A comma separated list of scheme://host[:port]."""
    found = [origin.rstrip("/") for origin in words(name, default)]
    for origin in found:
        parts = urlsplit(origin) if _scheme(origin) in {"http", "https"} else None
        if parts is None or origin != f"{parts.scheme}://{parts.netloc}" or "@" in origin:
            raise ImproperlyConfigured(f"{name}: {origin!r} is not an origin such as https://example.com")
    return found


def fernet_keys(name: str) -> list[str]:
    """The values are never repeated in an error."""
    found = words(name)
    for position, key in enumerate(found, start=1):
        try:
            Fernet(key)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: key {position} is not 32 bytes in URL-safe base64.") from error
    return found


def database(name: str, default: str) -> dict[str, Any]:
    """The value is never repeated in an error: it holds a password."""
    value = text(name, default)
    try:
        found: dict[str, Any] = Env.db_url_config(value) if value.startswith(DATABASES) else {}
    except ValueError:
        found = {}
    if not found.get("NAME"):
        raise ImproperlyConfigured(f"{name} must be such as postgresql://user:password@host/name or sqlite:////path/of/file")
    return found


def mail_server(name: str) -> dict[str, Any]:
    """The value is never repeated in an error: it holds a password. Empty without one."""
    value = text(name)
    if not value:
        return {}
    try:
        found: dict[str, Any] = Env.email_url_config(value) if value.startswith(MAIL_SERVERS) else {}
    except ValueError:
        found = {}
    if not found.get("EMAIL_HOST"):
        raise ImproperlyConfigured(
            f"{name} must be such as smtp+tls://user:password@host:587 or smtp+ssl://user:password@host:465"
        )
    return found
