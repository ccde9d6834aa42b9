"""Where the time of a run went, step by step, without reading what the steps say."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from notte_dashboard.runs.cards import PHASES
from notte_dashboard.runs.models import Run

MOST = 60
ORDER = ("look", "think", "act")
Row = tuple[int, str, datetime | None, datetime | None, bool]


def bars(run: Run, steps: Any) -> str:
    """The newest steps as `number:took:look:think:act:failed`, in milliseconds, for the page to draw."""
    columns = ("number", "kind", "started_at", "ended_at", "failed")
    newest = steps.filter(number__gt=max(run.last_number, 1) - MOST).order_by("number", "seq").values_list(*columns)
    return " ".join(_bar(number, list(rows)) for number, rows in groupby(newest, key=lambda row: row[0]))


def _bar(number: int, rows: list[Row]) -> str:
    spent = dict.fromkeys(ORDER, 0)
    for _, kind, start, end, _ in rows:
        if kind in PHASES and start and end:
            spent[PHASES[kind]] += _milliseconds(start, end)
    starts, ends = _known(row[2] for row in rows), _known(row[3] for row in rows)
    took = _milliseconds(min(starts), max(ends)) if starts and ends else 0
    return ":".join(map(str, (number, took, *spent.values(), int(any(row[4] for row in rows)))))


def _known(moments: Iterable[datetime | None]) -> list[datetime]:
    return [moment for moment in moments if moment]


def _milliseconds(start: datetime, end: datetime) -> int:
    return max(int((end - start).total_seconds() * 1000), 0)
