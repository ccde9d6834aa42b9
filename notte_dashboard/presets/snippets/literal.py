"""JSON as text that is safe to show and to paste: nothing in it is invisible, and nothing turns the reading direction."""

import json
from typing import Any

WIDE = 0xFFFF


def compact(value: Any) -> str:
    return _visible(json.dumps(value, ensure_ascii=False))


def indented(value: Any) -> str:
    return "\n".join(_visible(line) for line in json.dumps(value, ensure_ascii=False, indent=2).split("\n"))


def _visible(text: str) -> str:
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    code = ord(letter)
    if code <= WIDE:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
