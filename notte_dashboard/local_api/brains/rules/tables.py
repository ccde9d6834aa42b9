"""Looks things up in tables: by column heading and by what stands in a row."""

import re
from decimal import Decimal
from typing import Final

from notte_dashboard.local_api.brains.interface import PageView, Table
from notte_dashboard.local_api.brains.rules.words import GOOD, likeness, normal, stems

SURE: Final = 0.8
Row = tuple[str, ...]


def column_of(table: Table, wanted: str) -> int | None:
    scores = [(likeness(header, wanted), -index) for index, header in enumerate(table.headers)]
    score, place = max(scores, default=(0.0, 0))
    return -place if score >= GOOD else None


def cell(wanted: str, subject: str, view: PageView) -> str | None:
    for table in view.tables:
        column = column_of(table, wanted)
        if column is None:
            continue
        row = _row_of(table, subject, other_than=column)
        if row is not None and column < len(row) and row[column]:
            return row[column]
    return None


def row(column: str, subject: str, view: PageView) -> str | None:
    for table in view.tables:
        place = column_of(table, column) if column else None
        if column and place is None:
            continue
        found = _row_of(table, subject, only=place)
        if found is not None:
            return told(table, found)
    return None


def where(wanted: str, column: str, subject: str, view: PageView) -> str | None:
    for table in view.tables:
        asked, place = column_of(table, wanted), column_of(table, column)
        if asked is None or place is None:
            continue
        found = [one for one in table.rows if place < len(one) and asked < len(one) and _same(one[place], subject)]
        if found:
            return "\n".join(one[asked] for one in found)
    return None


def extreme(wanted: str, column: str, view: PageView, *, highest: bool) -> str | None:
    for table in view.tables:
        place = column_of(table, column)
        known = [] if place is None else [(number, one) for one in table.rows if (number := _number(one, place)) is not None]
        if place is None or not known:
            continue
        number, found = (max if highest else min)(known, key=lambda one: one[0])
        named = column_of(table, wanted) or 0
        if named == place:
            return found[place]
        return f"{found[named]} ({found[place]})" if named < len(found) else None
    return None


def told(table: Table, found: Row) -> str:
    if not table.headers:
        return ", ".join(value for value in found if value)
    return ", ".join(
        f"{header}: {value}" if header else value for header, value in zip(table.headers, found, strict=False) if value
    )


def _row_of(table: Table, subject: str, *, only: int | None = None, other_than: int | None = None) -> Row | None:
    """Prefers a cell that is the subject over one that only speaks of it."""
    found, highest = None, SURE - 1e-9
    for one in table.rows:
        places = [only] if only is not None else [index for index in range(len(one)) if index != other_than]
        score = max((likeness(one[index], subject) for index in places if index < len(one) and one[index]), default=0.0)
        if score > highest + 1e-9:
            found, highest = one, score
    return found


def _same(value: str, subject: str) -> bool:
    return normal(value) == normal(subject) or stems(value) == stems(subject) or likeness(value, subject) >= SURE


def _number(one: Row, place: int) -> Decimal | None:
    if place >= len(one):
        return None
    found = re.search(r"-?\d[\d,' \u00a0]*(?:\.\d+)?", one[place])
    return Decimal(re.sub(r"[,' \u00a0]", "", found[0])) if found else None
