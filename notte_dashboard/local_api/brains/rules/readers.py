"""Reads what a rule matched as the meaning of a clause."""

import re
from collections.abc import Callable
from typing import Final

from notte_dashboard.local_api.brains.rules.clauses import TOKEN, Kept
from notte_dashboard.local_api.brains.rules.fields import field_values, login_of
from notte_dashboard.local_api.brains.rules.instructions import (
    AddToCart,
    Check,
    Click,
    Fill,
    Meaning,
    Move,
    Open,
    Press,
    Scroll,
    Search,
    Select,
    Wait,
)
from notte_dashboard.local_api.brains.rules.questions import question

Read = Callable[[re.Match[str], Kept], Meaning | None]

ARTICLE: Final = re.compile(r"^(?:(?:the|a|an|this|that|my|your)\s+)", re.IGNORECASE)
KIND_AFTER: Final = re.compile(
    r"\s+(?:field|input|box|text ?box|text ?area|drop-?down|menu|select|list|selector|option)$", re.IGNORECASE
)
KEYS: Final = {
    "enter": "Enter",
    "return": "Enter",
    "escape": "Escape",
    "esc": "Escape",
    "tab": "Tab",
    "space": "Space",
    "backspace": "Backspace",
    "delete": "Delete",
    "page down": "PageDown",
    "page up": "PageUp",
    "home": "Home",
    "end": "End",
    "arrow down": "ArrowDown",
    "arrow up": "ArrowUp",
    "arrow left": "ArrowLeft",
    "arrow right": "ArrowRight",
    "down": "ArrowDown",
    "up": "ArrowUp",
}
SECONDS: Final = {"second": 1.0, "sec": 1.0, "s": 1.0, "minute": 60.0, "min": 60.0, "ms": 0.001, "millisecond": 0.001}


def bare_name(text: str, kept: Kept) -> str:
    return ARTICLE.sub("", kept.back(text))


def bare_field(text: str, kept: Kept) -> str:
    return KIND_AFTER.sub("", bare_name(text, kept))


def opening(found: re.Match[str], kept: Kept) -> Meaning | None:
    target = bare_name(found["target"], kept)
    return Open(target, new_tab=bool(found["tab"])) if target else None


def clicking(found: re.Match[str], kept: Kept) -> Meaning:
    return Click(bare_name(found["target"], kept))


def pressing(found: re.Match[str], kept: Kept) -> Meaning:
    target = bare_name(found["target"], kept)
    key = re.sub(r"\s*(?:key|button)$", "", target.casefold()) if not target.casefold().endswith("button") else target.casefold()
    return Press(KEYS[key]) if key in KEYS else Click(target)


def typing_into(found: re.Match[str], kept: Kept) -> Meaning:
    return Fill(((bare_field(found["field"], kept), kept.back(found["value"])),))


def filling_form(found: re.Match[str], kept: Kept) -> Meaning | None:
    values = field_values(found["values"], kept)
    form = re.sub(r"^(?:out|in|up)\b\s*", "", found["form"] or "")
    return Fill(values, form=bare_name(form, kept)) if values else None


def filling(found: re.Match[str], kept: Kept) -> Meaning | None:
    values = field_values(found["values"], kept)
    return Fill(values) if values else None


def typing_somewhere(found: re.Match[str], kept: Kept) -> Meaning:
    return Fill((("", kept.back(found["value"])),))


def searching(found: re.Match[str], kept: Kept) -> Meaning:
    return Search(kept.back(found["query"]))


def selecting(found: re.Match[str], kept: Kept) -> Meaning:
    return Select(kept.back(ARTICLE.sub("", found["option"])), bare_field(found["field"] or "", kept))


def selecting_anywhere(found: re.Match[str], kept: Kept) -> Meaning:
    return Select(bare_name(found["option"], kept))


def ticking(found: re.Match[str], kept: Kept) -> Meaning | None:
    if (
        question(found["target"], kept.back)
        and re.match(r"check\b", found[0], re.IGNORECASE)
        and not re.search(TOKEN, found["target"])
    ):
        return None
    return Check(re.sub(r"\s*check-?box$", "", bare_name(found["target"], kept), flags=re.IGNORECASE))


def unticking(found: re.Match[str], kept: Kept) -> Meaning:
    return Check(re.sub(r"\s*check-?box$", "", bare_name(found["target"], kept), flags=re.IGNORECASE), on=False)


def buying(found: re.Match[str], kept: Kept) -> Meaning:
    product = bare_name(found["product"] or "", kept)
    generic = product.casefold() in {
        "it",
        "one",
        "this",
        "that",
        "them",
        "product",
        "item",
        "this product",
        "this item",
        "to",
        "",
    }
    return AddToCart("" if generic else product)


def logging_in(found: re.Match[str], kept: Kept) -> Meaning:
    return login_of(found[0], kept) or Click("log in")


def scrolling(found: re.Match[str], kept: Kept) -> Meaning:
    where = (found["where"] or "").casefold()
    to = kept.back(found["to"] or "")
    if re.fullmatch(r"(?:the )?(?:very )?(?:bottom|end|top|start|beginning)(?: of (?:the|this) page)?", to, re.IGNORECASE):
        return Scroll(up=bool(re.search("top|start|beginning", to, re.IGNORECASE)), to="end")
    return Scroll(up="up" in where, to=ARTICLE.sub("", to))


def waiting(found: re.Match[str], _kept: Kept) -> Meaning:
    number = {"a": "1", "one": "1", "two": "2", "three": "3", "five": "5", "ten": "10"}.get(found["number"], found["number"])
    return Wait(seconds=float(number) * SECONDS[found["unit"].casefold()])


def waiting_for(found: re.Match[str], kept: Kept) -> Meaning:
    text = re.sub(r"\s+(?:to )?(?:appears?|loads?|shows?(?: up)?|is (?:there|shown|visible))$", "", kept.back(found["text"]))
    return Wait(text=ARTICLE.sub("", text))


def moving(action: str) -> Read:
    return lambda _found, _kept: Move(action)
