"""The value that stands next to some words."""

import re
from itertools import pairwise
from typing import Final

from notte_dashboard.local_api.brains.interface import PageView
from notte_dashboard.local_api.brains.rules.words import GOOD, best, likeness, meaning, normal, stems

TALK: Final = frozenset(
    [
        "text",
        "message",
        "line",
        "sentence",
        "note",
        "info",
        "information",
        "value",
        "number",
        "word",
        "content",
        "name",
        "exact",
        "current",
    ]
)
LONGEST_LABEL: Final = 60
LABEL_LINE: Final = re.compile(r"^(?P<label>[^:]{1,60}?)\s*(?::|\t|\s[–—-]\s)\s*(?P<value>\S.*)$")  # noqa: RUF001 - dashes as pages write them


def value_of(label: str, view: PageView) -> str | None:
    return (
        pair_value(label, view)
        or _last_of_row(label, view)
        or _field_value(label, view)
        or _labelled_line(label, view)
        or _line_after(label, view)
        or _sentence(label, view)
    )


def pair_value(label: str, view: PageView) -> str | None:
    found = best(view.pairs, label, lambda pair: (pair.label,))
    return found.value if found else None


def _last_of_row(label: str, view: PageView) -> str | None:
    """`Total | | | £30`: a row named so, whose last cell is the value."""
    for table in view.tables:
        for row in reversed(table.rows):
            values = [value for value in row[1:] if value]
            if values and row[0] and likeness(row[0], label) >= GOOD and (len(values) == 1 or not table.headers):
                return values[-1]
    return None


def _field_value(label: str, view: PageView) -> str | None:
    fields = [element for element in view.elements if element.value and not element.secret]
    found = best(fields, label, lambda element: (element.name,))
    return found.value if found else None


def _labelled_line(label: str, view: PageView) -> str | None:
    lines = [found for line in view.text.splitlines() if (found := LABEL_LINE.match(line.strip()))]
    found = best(lines, label, lambda line: (line["label"],), least=0.85)
    return found["value"].strip() if found else None


def _line_after(label: str, view: PageView) -> str | None:
    """A label in a box of its own, its value in the next: two short lines, the second holding a figure."""
    lines = [line.strip() for line in view.text.splitlines() if line.strip()]
    for line, after in pairwise(lines):
        short = len(line) <= LONGEST_LABEL and len(after) <= LONGEST_LABEL
        if short and normal(line) == normal(label) and any(letter.isdigit() for letter in after):
            return after
    return None


def _sentence(label: str, view: PageView) -> str | None:
    """`the welcome text`: what the page announces or writes that has the telling words in it."""
    words = meaning(label) - TALK
    if not words:
        return None
    headings = [heading.text for heading in view.headings]
    lines = [line.strip() for line in view.text.splitlines() if len(line.split()) > 2]  # noqa: PLR2004 - links are shorter
    return next((text for text in (*view.messages, *headings, *view.paragraphs, *lines) if words <= frozenset(stems(text))), None)
