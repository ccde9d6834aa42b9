"""Where the time of a run went: one bar for each step, drawn without reading what the steps say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from notte_dashboard.runs.cards import PHASES
from notte_dashboard.runs.models import Run

MOST = 100
LEAST_SLOTS = 24
"""A short run has bars as narrow as a longer one."""
SLOT, HEIGHT, LOWEST = 10, 40, 1.5
ORDER = ("act", "think", "look")


@dataclass(frozen=True)
class Part:
    name: str
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    number: int
    failed: bool
    took: int
    spent: dict[str, int]
    x: int = 0
    parts: tuple[Part, ...] = ()

    @property
    def duration(self) -> timedelta:
        return timedelta(milliseconds=self.took)

    @property
    def middle(self) -> int:
        return self.x + SLOT // 2


@dataclass(frozen=True)
class Strip:
    bars: list[Bar]
    earlier: int
    """Steps before the first bar."""

    @property
    def width(self) -> int:
        return max(len(self.bars), LEAST_SLOTS) * SLOT

    @property
    def slowest(self) -> timedelta | None:
        return max((bar.duration for bar in self.bars), default=None)

    @property
    def total(self) -> timedelta:
        return sum((bar.duration for bar in self.bars), timedelta())


def strip(run: Run, steps: Any) -> Strip:
    last = max(run.last_number, 1)
    columns = ("number", "kind", "started_at", "ended_at", "failed")
    found = steps.filter(number__gt=last - MOST).order_by("number", "seq").values_list(*columns)
    bars = [_bar(number, list(group)) for number, group in groupby(found, key=lambda row: row[0])]
    longest = max((bar.took for bar in bars), default=0) or 1
    drawn = [_drawn(bar, index, longest) for index, bar in enumerate(bars)]
    return Strip(drawn, (bars[0].number - 1) if bars else 0)


def _bar(number: int, rows: list[tuple[int, str, datetime | None, datetime | None, bool]]) -> Bar:
    spent = dict.fromkeys(ORDER, 0)
    for _, kind, start, end, _ in rows:
        if kind in PHASES and start and end:
            spent[PHASES[kind]] += _milliseconds(start, end)
    starts, ends = _known(row[2] for row in rows), _known(row[3] for row in rows)
    took = _milliseconds(min(starts), max(ends)) if starts and ends else 0
    return Bar(number, any(row[4] for row in rows), took, spent)


def _known(moments: Iterable[datetime | None]) -> list[datetime]:
    return [moment for moment in moments if moment]


def _milliseconds(start: datetime, end: datetime) -> int:
    return max(int((end - start).total_seconds() * 1000), 0)


def _drawn(bar: Bar, index: int, longest: int) -> Bar:
    """Its parts on top of each other; what no phase accounts for stands on them."""
    height = max(HEIGHT * bar.took / longest, LOWEST)
    known = sum(bar.spent.values())
    scale = height / max(bar.took, known, 1)
    parts, y = [], float(HEIGHT)
    for name in ORDER:
        tall = bar.spent[name] * scale
        if tall:
            y -= tall
            parts.append(Part(name, round(y, 2), round(tall, 2)))
    rest = height - (HEIGHT - y)
    if rest > 0.05:  # noqa: PLR2004 - less is not seen
        parts.append(Part("rest", round(y - rest, 2), round(rest, 2)))
    return Bar(bar.number, bar.failed, bar.took, bar.spent, index * SLOT, tuple(parts))
