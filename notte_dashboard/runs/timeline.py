"""The timeline of a run in windows: a page shows some cards and names the gaps between them, so that none is missing unsaid."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from notte_dashboard.runs.cards import Actor, Addresses, StepCard, cards
from notte_dashboard.runs.models import Run, Step

SHOWN = 16
"""Cards of a first paint, and of each page loaded later."""
ENDING = 3
"""Cards at the end that are shown whatever else is: what is pushed later joins them."""
TEXT_BUDGET = 50_000
CANDIDATES = 200
WORD = re.compile(r"\w+")
PUSHED_STEPS = 200
FILTERS = {
    "errors": Q(failed=True),
    "actions": Q(kind__in=["execution_result", "agent_completion"]),
    "pages": Q(kind__in=["observation", "screenshot"]),
}


@dataclass(frozen=True)
class Gap:
    """Steps `first`..`last` exist and are not shown. `searched` is the question (`Ask.key`) that none of them answers."""

    first: int
    last: int
    searched: str = ""

    @property
    def size(self) -> int:
        return self.last - self.first + 1

    @property
    def page(self) -> int:
        return min(self.size, SHOWN)


class Ask(NamedTuple):
    """Which cards of a gap to show: those near a number, or the first or last that answer a filter and a text."""

    at: int = 0
    from_start: bool = False
    show: str = ""
    text: str = ""

    @property
    def key(self) -> str:
        return f"{self.show}:{self.text}" if self.show or self.text else ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Ask":
        show = query.get("show", "")
        text = query.get("q", "").strip()[:200]
        return cls(number(query.get("at")), query.get("side") == "start", show if show in FILTERS else "", text)


def number(text: str | None) -> int:
    """0 for what is no step number."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004


@dataclass(frozen=True)
class Timeline:
    run: Run
    steps: "QuerySet[Step]"
    addresses: Addresses
    actors: Callable[[], Mapping[str, Actor]] | None = None

    @property
    def last(self) -> int:
        return max(self.run.last_number, 1) if self.run.last_seq else 0

    def window(self, at: int = 0) -> list[StepCard | Gap]:
        """The first paint: a running run's newest cards, an ended one's first, those around `at`; always with the last ones."""
        first = self._first_shown(at)
        # By name, since a database reads all steps for "these or those". Some may have come since the run was read.
        numbers = {*range(first, first + SHOWN), *range(max(self.last - ENDING + 1, 1), self.last + SHOWN)}
        found = self._cards(Q(number__in=numbers))
        by_need = sorted(found, key=lambda card: (card.number <= self.last - ENDING, abs(card.number - (at or first))))
        if not self.run.is_over and not at:
            by_need = found[::-1]
        return rows(_affordable(by_need), 1, max(self.last, found[-1].number if found else 0))

    def _first_shown(self, at: int) -> int:
        if 0 < at <= self.last:
            return max(at - SHOWN // 2, 1)
        return 1 if self.run.is_over else max(self.last - SHOWN + 1, 1)

    def after(self, seq: int) -> list[StepCard]:
        """Whole cards for the steps after a seq, at most so many steps and what else belongs to their cards."""
        newer = self.steps.filter(seq__gt=seq).order_by("seq").values_list("number", flat=True)[:PUSHED_STEPS]
        wanted = set(newer)
        return self._cards(Q(number__range=(min(wanted), max(wanted)))) if wanted else []

    def between(self, first: int, last: int, ask: Ask) -> list[StepCard | Gap]:
        """What takes the place of the gap `first`..`last` on a page. A page never has a gap at the end of the run."""
        last = min(last, self.last - 1)
        if ask.at:
            start = max(min(ask.at - SHOWN // 2, last - SHOWN + 1), first)
            return rows(_affordable(self._near(start, min(start + SHOWN - 1, last), ask.at)), first, last)
        if not ask.key:
            span = (first, min(first + SHOWN - 1, last)) if ask.from_start else (max(last - SHOWN + 1, first), last)
            return rows(_affordable(self._near(*span, span[0 if ask.from_start else 1])), first, last)
        return self._searched(first, last, ask)

    def _near(self, first: int, last: int, middle: int) -> list[StepCard]:
        return sorted(self._cards(Q(number__range=(first, last))), key=lambda card: abs(card.number - middle))

    def _searched(self, first: int, last: int, ask: Ask) -> list[StepCard | Gap]:
        matching = self.steps.filter(FILTERS.get(ask.show, Q()), number__range=(first, last))
        if ask.text:
            matching = _with_text(matching, ask.text)
        order = "number" if ask.from_start else "-number"
        most = CANDIDATES if ask.text else SHOWN
        numbers = list(matching.order_by(order).values_list("number", flat=True).distinct()[:most])
        found = self._cards(Q(number__in=numbers)) if numbers else []
        found = found if ask.from_start else found[::-1]
        fitting = [card for card in found if not ask.text or says(card, ask.text)]
        shown = _affordable(fitting[:SHOWN])
        seen_all = len(numbers) < most and len(shown) == len(fitting)
        reached = _reached(shown, fitting, numbers)
        span = (first, last) if seen_all else (first, reached) if ask.from_start else (reached, last)
        return rows(shown, first, last, searched=span, key=ask.key)

    def _cards(self, where: Q) -> list[StepCard]:
        return cards(self.steps.filter(where), self.addresses, self.actors() if self.actors else None)


def _reached(shown: list[StepCard], fitting: list[StepCard], numbers: list[int]) -> int:
    """The number up to which nothing that fits was left out."""
    if len(shown) < len(fitting):
        return shown[-1].number
    return numbers[-1] if numbers else 0


def rows(
    shown: Iterable[StepCard], first: int, last: int, *, searched: tuple[int, int] = (0, 0), key: str = ""
) -> list[StepCard | Gap]:
    """The cards in order, with what is missing of `first`..`last` as gaps between them."""
    found: list[StepCard | Gap] = []
    at = first
    for card in [*sorted(shown, key=lambda card: card.number), None]:
        until = card.number - 1 if card else last
        if at <= until:
            found += _gaps(at, until, searched, key)
        if card:
            found.append(card)
            at = card.number + 1
    return found


def _gaps(first: int, last: int, searched: tuple[int, int], key: str) -> list[Gap]:
    """A gap, cut where the search ended."""
    low, high = max(first, searched[0]), min(last, searched[1])
    if not key or low > high:
        return [Gap(first, last)]
    parts = [(first, low - 1, ""), (low, high, key), (high + 1, last, "")]
    return [Gap(*part) for part in parts if part[0] <= part[1]]


def _affordable(by_need: list[StepCard]) -> list[StepCard]:
    """At least one card, and no more than a page can hold."""
    total = 0
    found: list[StepCard] = []
    for card in by_need:
        total += card.weight
        if found and total > TEXT_BUDGET:
            break
        found.append(card)
    return found


def _with_text(steps: "QuerySet[Step]", text: str) -> "QuerySet[Step]":
    """Steps that may say it: an action is told in words of ours, so only the longest word is looked for in the JSON."""
    word = max(WORD.findall(text) or [text], key=len)
    # A database may keep letters beyond ASCII as escapes.
    plain, escaped = (json.dumps(word, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True))
    kept = steps.annotate(as_text=Cast("payload", TextField()))
    return kept.filter(Q(as_text__icontains=plain) | Q(as_text__icontains=escaped))


def says(card: StepCard, text: str) -> bool:
    """Whether the card shows it: what is hidden in the raw data does not count."""
    wanted = text.casefold()
    return any(wanted in each.casefold() for each in card.texts)


def last_seq(shown: Iterable[StepCard | Gap]) -> int:
    return max((item.seq for row in shown if isinstance(row, StepCard) for item in row.items), default=0)
