"""From a place in the request to the control that shows it: for the validator's errors and for the API's 422 alike."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from notte_dashboard.schema_forms.specs import FieldSpec, Kind, leaves

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


class Place(NamedTuple):
    spec: FieldSpec
    inside: tuple[str | int, ...]


def place_of(specs: Sequence[FieldSpec], loc: Loc) -> Place | None:
    """The control to blame, and where inside its value. Tags of unions, which the API puts between names, are passed over."""
    spec = next((spec for spec in specs if loc and spec.key == loc[0]), None)
    if spec is None or spec.kind is not Kind.OBJECT:
        return Place(spec, tuple(loc[1:])) if spec else None
    inner = (place_of(spec.parts, loc[start:]) for start in range(1, len(loc)))
    first_control = next(leaves(spec.parts), None)
    fallback = Place(first_control, tuple(loc[1:])) if first_control else None
    return next((place for place in inner if place), fallback)


def sentence_at(place: Place, sentence: str, value: Any) -> str:
    """Names the place inside a control that holds many values."""
    inside = tuple(_really_there(place.inside, value))
    if place.spec.kind is Kind.LINES and len(inside) == 1 and isinstance(inside[0], int):
        return f"Line {inside[0] + 1}: {sentence}"
    if place.spec.kind is Kind.JSON and inside:
        return f"{dotted(inside)}: {sentence}"
    return sentence


def dotted(loc: Loc) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")
    return text if len(text) <= LONGEST_PLACE else text[:LONGEST_PLACE] + "…"


def _really_there(inside: Loc, value: Any) -> Iterator[str | int]:
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
