"""How alike two names are, the way a person naming a button would judge."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final, TypeVar

Thing = TypeVar("Thing")

GOOD: Final = 0.7
LONGEST: Final = 1_000
SHORTEST_WORD, LONGEST_WORD = 5, 40
ALIKE: Final = 0.83
ONE_WORD: Final = (
    (re.compile(r"\be[ -]?mail(?:[ -]?address)?\b"), "email"),
    (re.compile(r"\b(?:log|sign)[ -]?(in|out|up)\b"), r"log\1"),
    (re.compile(r"\buser[ -]?name\b"), "username"),
    (re.compile(r"\b(?:basket|shopping bag|trolley|shopping cart)\b"), "cart"),
    (re.compile(r"\bcolour\b"), "color"),
    (re.compile(r"\bqty\b|\bamount\b"), "quantity"),
    (re.compile(r"\b(?:telephone|phone number)\b"), "phone"),
)
STOP: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "its",
        "it",
        "my",
        "your",
        "our",
        "their",
        "of",
        "to",
        "on",
        "in",
        "into",
        "for",
        "at",
        "from",
        "and",
        "or",
        "please",
        "is",
        "are",
        "me",
        "all",
    ]
)
KINDS: Final = frozenset(
    [
        "button",
        "link",
        "field",
        "input",
        "box",
        "page",
        "tab",
        "checkbox",
        "dropdown",
        "drop",
        "down",
        "menu",
        "option",
        "form",
        "icon",
        "section",
        "entry",
        "label",
        "url",
        "site",
        "website",
    ]
)
ORDINALS: Final = {
    word: number
    for number, words in enumerate(("first 1st top", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th"), 1)
    for word in words.split()
} | {"last": -1}


@lru_cache(maxsize=2048)
def normal(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text[:LONGEST].casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("\u2019", "'")
    for pattern, word in ONE_WORD:
        plain = pattern.sub(word, plain)
    return " ".join(re.findall(r"\w+", plain.replace("'s ", " ")))


@lru_cache(maxsize=2048)
def stems(text: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in normal(text).split())


def meaning(text: str) -> frozenset[str]:
    """The words that tell things apart; all of them if nothing else is left."""
    words = frozenset(stems(text))
    return words - STOP - KINDS or words - STOP or words


def likeness(name: str, wanted: str) -> float:
    """1 is the same; `GOOD` and above is worth acting on."""
    if not normal(name) or not normal(wanted):
        return 0.0
    if normal(name) == normal(wanted):
        return 1.0
    there, asked = meaning(name), meaning(wanted)
    if asked <= there:
        return 0.96 if asked == there else 0.7 + 0.2 * len(asked) / len(there)
    if there <= asked:
        return 0.3 + 0.6 * len(there) / len(asked)
    return GOOD if _misspelt(sorted(there), sorted(asked)) else 0.0


def _misspelt(name: list[str], wanted: list[str]) -> bool:
    """Word by word: `red teapot` is not `blue teapot`, however much of it is the same."""
    return len(name) == len(wanted) and all(one == other or _slip(one, other) for one, other in zip(name, wanted, strict=True))


def _slip(one: str, other: str) -> bool:
    # Bounded, since its cost grows with the square of the length, and a page chooses the length.
    long_enough = max(len(one), len(other)) <= LONGEST_WORD and min(len(one), len(other)) >= SHORTEST_WORD
    return long_enough and one[0] == other[0] and SequenceMatcher(None, one, other).ratio() >= ALIKE


def best(things: Iterable[Thing], wanted: str, names: Callable[[Thing], Iterable[str]], *, least: float = GOOD) -> Thing | None:
    """The likest, the earlier of equals."""
    found, highest = None, least - 1e-9
    for thing in things:
        score = max((likeness(name, wanted) for name in names(thing) if name), default=0.0)
        if score > highest + 1e-9:
            found, highest = thing, score
    return found


def mentions(text: str, wanted: str) -> bool:
    words = meaning(wanted)
    return bool(words) and words <= frozenset(stems(text))


def ordinal(text: str) -> tuple[int | None, str]:
    """Splits `the second link` into 2 and `link`."""
    words = normal(text).split()
    words = words[1:] if words[:1] in (["the"], ["a"], ["an"]) else words
    if words and words[0] in ORDINALS:
        return ORDINALS[words[0]], " ".join(words[1:])
    return None, text


def nth(things: Iterable[Thing], number: int) -> Thing | None:
    known = list(things)
    index = number - 1 if number > 0 else number
    return known[index] if -len(known) <= index < len(known) else None


def some(names: Iterable[str], most: int = 5) -> str:
    """A few names for a sentence, quoted."""
    known = list(dict.fromkeys(name[:60] for name in names if name))
    listed = ", ".join(f"'{name}'" for name in known[:most])
    return f"{listed} and {len(known) - most} more" if len(known) > most else listed


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 - "ties" stays
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ses", "xes", "ches", "shes")):  # noqa: PLR2004 - "axes" stays
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word  # noqa: PLR2004
