"""The several things of a page that a noun may mean: links, results, rows, a column's values."""

import re
from collections.abc import Callable
from typing import Final

from notte_dashboard.local_api.brains.interface import PageView
from notte_dashboard.local_api.brains.rules import tables
from notte_dashboard.local_api.brains.rules.words import GOOD, best, likeness, normal, nth, stems

CARD_NOUNS: Final = frozenset(
    ["product", "result", "item", "article", "entry", "post", "story", "hit", "card", "offer", "thing", "book", "recipe"]
)
FIELD_ROLES: Final = frozenset(
    ["textbox", "searchbox", "combobox", "listbox", "spinbutton", "slider", "checkbox", "radio", "switch"]
)


def items_of(noun: str, view: PageView, *, empty: bool = False) -> list[str] | None:
    """None if the page has no such things; with `empty`, parts every page can have (links, fields) may be none at all."""
    key = " ".join(stems(noun))
    if key in PARTS:
        parts = PARTS[key](view)
        return parts if parts or empty else None
    return _named_list(noun, view) or _column(noun, view) or _cards(key, view) or _only_list(key, view)


def nth_item(noun: str, number: int, view: PageView) -> str | None:
    key = " ".join(stems(noun))
    if key == "row":
        found = next(((table, one) for table in view.tables if (one := nth(table.rows, number))), None)
        return tables.told(*found) if found else None
    items = items_of(noun, view)
    return nth(items, number) if items else None


def stated_count(noun: str, view: PageView) -> str | None:
    """`36 products` on the page counts those on its other pages too."""
    words = stems(noun)
    for line in (*view.messages, *view.paragraphs, *view.text.splitlines()):
        if found := re.match(
            r"^(?:showing |found |about |all )?(?:\d[\d,]* ?(?:-|\u2013|to) ?\d[\d,]* of )?(\d[\d,]*) (.+?)[.:]?$",
            line.strip(),
            re.IGNORECASE,
        ):
            said = stems(found[2])
            if said[: len(words)] == words and len(said) <= len(words) + 2:
                return found[1]
    return None


def _named_list(noun: str, view: PageView) -> list[str] | None:
    found = best([one for one in view.lists if one.name], noun, lambda one: (one.name,))
    return (
        list(found.items)
        if found and not _cards_are(found.items, view)
        else [card.name for card in view.cards]
        if found
        else None
    )


def _cards_are(items: tuple[str, ...], view: PageView) -> bool:
    """The list's items are the page's cards: their names say it better than all of their text."""
    return len(items) == len(view.cards) and all(item.startswith(card.name) for item, card in zip(items, view.cards, strict=True))


def _column(noun: str, view: PageView) -> list[str] | None:
    for table in view.tables:
        place = tables.column_of(table, noun)
        if place is not None:
            return [row[place] for row in table.rows if place < len(row) and row[place]]
    return None


def _cards(key: str, view: PageView) -> list[str] | None:
    if not view.cards:
        return None
    last = key.rsplit(maxsplit=1)[-1] if key else ""
    named = any(likeness(heading.text, key) >= GOOD for heading in view.headings) or likeness(view.title, key) >= GOOD
    return [card.name for card in view.cards] if last in CARD_NOUNS or named else None


def _only_list(key: str, view: PageView) -> list[str] | None:
    found = max(view.lists, key=lambda one: len(one.items), default=None)
    return list(found.items) if found and key in {"list", "item", "list item", "bullet", "bullet point", "point"} else None


def _rows(view: PageView) -> list[str]:
    return [tables.told(table, row) for table in view.tables for row in table.rows]


def _named(roles: frozenset[str]) -> Callable[[PageView], list[str]]:
    return lambda view: [element.name or element.href or element.role for element in view.elements if element.role in roles]


PARTS: Final[dict[str, Callable[[PageView], list[str]]]] = {
    "link": _named(frozenset(("link",))),
    "button": _named(frozenset(("button",))),
    "checkbox": _named(frozenset(("checkbox",))),
    "field": _named(FIELD_ROLES),
    "form field": _named(FIELD_ROLES),
    "input": _named(FIELD_ROLES),
    "input field": _named(FIELD_ROLES),
    "heading": lambda view: [heading.text for heading in view.headings],
    "headline": lambda view: [heading.text for heading in view.headings],
    "paragraph": lambda view: list(view.paragraphs),
    "table": lambda view: [table.name or normal(" ".join(table.headers)) or "a table" for table in view.tables],
    "row": _rows,
    "table row": _rows,
    "list": lambda view: [one.name or ", ".join(one.items[:3]) for one in view.lists],
    "option": lambda view: [option for element in view.elements for option in element.options],
}
