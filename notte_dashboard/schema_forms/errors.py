"""From a place in the request to the control that shows it: for the validator's errors and for the API's 422 alike."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from notte_dashboard.schema_forms.controls import Place

Loc = Sequence[str | int]
LONGEST_MESSAGE = 500
LONGEST_PLACE = 200
HIDDEN = "•••"
SHORTEST_PLAIN = 4


class ApiError(Protocol):
    """One entry of `detail` in an HTTPValidationError."""

    @property
    def loc(self) -> Loc: ...

    @property
    def msg(self) -> str: ...


def sentence_at(place: "Place", sentence: str) -> str:
    """Names the place inside a control that holds many values."""
    control = place.control
    inside = tuple(really_there(place.inside, control.read()))
    if control.holds_lines and len(inside) == 1 and isinstance(inside[0], int):
        return f"Line {inside[0] + 1}: {sentence}"
    if control.holds_json and inside:
        return f"{dotted(inside)}: {sentence}"
    return f"{place.missing}: {sentence}" if place.missing else sentence


def dotted(loc: Loc) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")
    return text if len(text) <= LONGEST_PLACE else text[:LONGEST_PLACE] + "…"


def really_there(inside: Loc, value: Any) -> Iterator[str | int]:
    """A missing key can only come last; anything else that is not in the value is the name of a union's member."""
    for index, part in enumerate(inside):
        if _has(value, part):
            value = value[part]
            yield part
        elif index == len(inside) - 1 and isinstance(value, Mapping):
            yield part


def _has(value: Any, part: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and 0 <= part < len(value)
    return isinstance(value, Mapping) and part in value


def without_values(message: str, values: Iterable[str]) -> str:
    """The API's words, bounded, with every one of these texts taken out."""
    text = message
    for value in sorted({value for value in values if value}, key=len, reverse=True):
        if len(value) >= SHORTEST_PLAIN:
            text = text.replace(value, HIDDEN)
        else:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", HIDDEN, text)
    return text if len(text) <= LONGEST_MESSAGE else text[:LONGEST_MESSAGE] + "…"


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


TYPES = frozenset({"str", "bool", "int", "float", "list", "dict", "none"})
"""What the service's validator calls the plain members of a union."""


def unknown(loc: Loc) -> str:
    """The name of a property that has no control here, if that is what the place ends with."""
    last = loc[-1] if loc else ""
    is_name = isinstance(last, str) and last.isidentifier() and last.islower() and last not in TYPES
    return str(last) if is_name else ""
