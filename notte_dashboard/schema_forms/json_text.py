"""JSON as people type it, read strictly: what is accepted can be stored, sent and read back by everybody after us."""

import json
import math
from typing import Any, NoReturn

LARGEST_BYTES = 64 * 1024
DEEPEST = 40


class JsonTextError(ValueError):
    """The message is for the person who typed the text, and quotes none of it."""


def read(text: str) -> Any:
    if len(text.encode("utf-8", "replace")) > LARGEST_BYTES:
        raise JsonTextError("This is more than 64 KB of JSON.")
    try:
        value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_without_twins)
    except json.JSONDecodeError as error:
        raise JsonTextError(f"Not valid JSON: {error.msg}, line {error.lineno}, column {error.colno}.") from error
    except RecursionError as error:
        raise JsonTextError("The JSON is nested too deeply.") from error
    except JsonTextError:
        raise
    except ValueError as error:
        raise JsonTextError("A number in the JSON has too many digits.") from error
    _refuse_unportable(value)
    return value


def write(value: Any) -> str:
    """One line when it is short, indented when not."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 72 else json.dumps(value, ensure_ascii=False, indent=2)  # noqa: PLR2004 - a comfortable line


def unportable(text: str) -> str:
    """Why this text cannot be stored or sent, or "" when it can."""
    if "\0" in text:
        return "Null characters are not allowed."
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "This holds half a character (an unpaired surrogate)."
    return ""


def _refuse_constant(_name: str) -> NoReturn:
    raise JsonTextError("NaN and Infinity are not JSON.")


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise JsonTextError("An object in the JSON has the same key twice.")
    return found


def _refuse_unportable(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        for member in level:
            _refuse_leaf(member)
        level = [inner for member in level for inner in _members(member)]
        if not level:
            return
    raise JsonTextError("The JSON is nested too deeply.")


def _members(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _refuse_leaf(value: Any) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise JsonTextError("A number in the JSON is too large.")
    if isinstance(value, str) and (reason := unportable(value)):
        raise JsonTextError(reason)
