"""Reads untrusted JSON: bounded in size and depth, without the API key and without characters no database keeps."""

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import RAW_LENGTH, BadAnswer

DEPTH = 64
CONTAINERS = 1_000_000
SAMPLED = 2 * RAW_LENGTH
LONGEST_ENCODING = len("%2525xx")
TOKENS = re.compile(r"((?:jwt|token|key|secret|password)=|Bearer )[^&\s\"'<>]+", re.IGNORECASE)


@dataclass(frozen=True)
class Parsed:
    """`plain` says that no text in the value can need cleaning, which is most answers and saves most of the time."""

    value: Any
    plain: bool


def parse(body: bytes, connection: Connection) -> Parsed:
    if body.count(b"{") + body.count(b"[") > CONTAINERS:
        raise BadAnswer("The answer holds more than a million objects.")
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        raise BadAnswer("The answer is not JSON.", raw=sample(body, connection)) from None
    if _too_deep(value):
        raise BadAnswer(f"The answer is nested deeper than {DEPTH} levels.")
    # NUL and half pairs only come as escapes; the key could hide behind those and behind an escaped slash.
    return Parsed(value, plain=not ("\\u" in text or "\\/" in text or connection.carries_key(text)))


def _too_deep(value: Any) -> bool:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEPTH):
        level = [
            item
            for holder in level
            for item in (holder.values() if type(holder) is dict else holder)
            if type(item) is dict or type(item) is list
        ]
        if not level:
            return False
    return True


def clean(value: Any, connection: Connection) -> tuple[Any, list[str]]:
    """The value without the key, and the paths of the URLs that are None now because they carried it."""
    cleaning = _Cleaning(connection)
    return cleaning.value(value, ()), cleaning.dropped


def sample(body: bytes, connection: Connection) -> str:
    """The beginning of a body, fit to be kept."""
    text = connection.redact(body[:SAMPLED].decode("utf-8", "replace"))
    if len(body) >= SAMPLED:
        text = text[: -len(connection.api_key) * LONGEST_ENCODING]  # the cut may have left half a key
    return storable(TOKENS.sub(r"\1[hidden]", text))[:RAW_LENGTH]


class _Cleaning:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dropped: list[str] = []

    def value(self, value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, str):
            return self._text(value, path)
        if isinstance(value, list):
            return [self.value(item, path) for item in value]
        if isinstance(value, dict):
            return {self._name(name): self.value(item, (*path, name)) for name, item in value.items()}
        return value

    def _name(self, name: str) -> str:
        return self.connection.redact(storable(name))

    def _text(self, text: str, path: tuple[str, ...]) -> str | None:
        text = storable(text)
        if not self.connection.carries_key(text):
            return text
        if path and (path[-1].endswith("_url") or path[-2:-1] == ("ws",)):
            self.dropped.append(".".join(path))
            return None
        return self.connection.redact(text)


def storable(text: str) -> str:
    """PostgreSQL keeps neither NUL nor half a surrogate pair."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _half_pair(text) else text


def _half_pair(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _no_constant(_: str) -> None:
    """NaN and Infinity are no JSON, and JSON columns refuse them."""


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None
