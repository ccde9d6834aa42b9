"""Splits what must not be seen from a request, and puts it back: `join(*split(request, layout)) == request`, always."""

import copy
import re
from collections.abc import Iterator
from typing import Any

from notte_dashboard.schema_forms.layouts import Layout

MARK = {"$secret": True}
CREDENTIALS = re.compile(r"://[^/@\s]+@|(passw|secret|token|api[_-]?key|authorization|credential)[\w-]*=", re.IGNORECASE)
SECRET_NAME = re.compile(r"passw|secret|token|api[_-]?key|authorization|credential|cookie", re.IGNORECASE)

Pointer = tuple[str | int, ...]


def split(request: dict[str, Any], layout: Layout) -> tuple[dict[str, Any], dict[str, Any]]:
    """The request with a mark where each secret was, and the secrets by JSON pointer.

    Secret is what the layout names, and besides any text under a name such as "password", so that a field which the
    contract gains later is kept safe before anybody wrote a hint for it.
    """
    public, secret = copy.deepcopy(request), {}
    for pointer in _secret_places(request, layout):
        secret[_written(pointer)] = _at(public, pointer)
        _put(public, pointer, dict(MARK))
    return public, secret


def join(public: dict[str, Any], secret: dict[str, Any]) -> dict[str, Any]:
    request = copy.deepcopy(public)
    for text, value in secret.items():
        _put(request, _read(text, request), copy.deepcopy(value))
    return request


def _secret_places(request: dict[str, Any], layout: Layout) -> list[Pointer]:
    named = [place for pattern in layout.secrets for place in _matching(request, pattern)]
    by_name = [
        place for place, value in _leaves(request, ()) if isinstance(value, str) and SECRET_NAME.search(_nearest_name(place))
    ]
    places = dict.fromkeys([*named, *by_name])
    return [place for place in places if not any(place[:end] in places for end in range(1, len(place)))]


def _matching(request: dict[str, Any], pattern: str) -> Iterator[Pointer]:
    steps = pattern.removesuffix("?").split(".")
    for place, value in _walk(request, steps, ()):
        if value is not None and (not pattern.endswith("?") or (isinstance(value, str) and CREDENTIALS.search(value))):
            yield place


def _walk(value: Any, steps: list[str], place: Pointer) -> Iterator[tuple[Pointer, Any]]:
    if not steps:
        yield place, value
    elif steps[0] == "**":
        yield from _leaves(value, place)
    else:
        for key, inner in _entries(value):
            if steps[0] == "*" or (steps[0] == "[]" and isinstance(key, int)) or steps[0] == key:
                yield from _walk(inner, steps[1:], (*place, key))


def _leaves(value: Any, place: Pointer) -> Iterator[tuple[Pointer, Any]]:
    if not isinstance(value, dict | list):
        yield place, value
    for key, inner in _entries(value):
        yield from _leaves(inner, (*place, key))


def _entries(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _nearest_name(place: Pointer) -> str:
    return next((part for part in reversed(place) if isinstance(part, str)), "")


def _written(pointer: Pointer) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)


def _read(text: str, request: dict[str, Any]) -> Pointer:
    place: Any = request
    pointer: list[str | int] = []
    for written in text.split("/")[1:]:
        part = written.replace("~1", "/").replace("~0", "~")
        pointer.append(int(part) if isinstance(place, list) else part)
        place = place[pointer[-1]]
    return tuple(pointer)


def _at(value: Any, pointer: Pointer) -> Any:
    for part in pointer:
        value = value[part]
    return value


def _put(value: Any, pointer: Pointer, inner: Any) -> None:
    _at(value, pointer[:-1])[pointer[-1]] = inner
