"""What an entry may tell: facts without secrets, bounded, in JSON's own types."""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "[hidden]"
SECRET_NAME = re.compile(
    r"pass(word|phrase)|secret|token|api_?key$|^key$|auth(orization)?$|cookie|credential|jwt|private|headers?$|cdp|viewer_url",
    re.IGNORECASE,
)
LONGEST_TEXT, MOST_ENTRIES, DEEPEST = 500, 100, 5


def told(value: Any, depth: int = 0) -> Any:
    """A copy that can be stored and shown: what has the name of a secret is hidden, what is long is cut."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        entries = [] if depth >= DEEPEST else list(value.items())[:MOST_ENTRIES]
        return {str(name)[:100]: _entry(str(name), entry, depth) for name, entry in entries}
    if isinstance(value, list | tuple | set | frozenset):
        return [] if depth >= DEEPEST else [told(entry, depth + 1) for entry in list(value)[:MOST_ENTRIES]]
    text = str(value).replace("\x00", "")
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def _entry(name: str, value: Any, depth: int) -> Any:
    hidden = SECRET_NAME.search(name) and value not in (None, "", False, True)
    return HIDDEN if hidden else told(value, depth + 1)
