"""Is a run stuck? Told from its last actions and from how long it has been silent. Pure.

A run keeps its last actions in its own row, so that a list of runs needs no step to tell.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict

from notte_dashboard.runs.reading import Reading

KEPT = 20
"""Actions. The highest number of repeats that can be asked for is half of it."""
WORDS = 80
NO_ACTIONS = frozenset({"completion", "help"})
MINUTE = 60


class Act(TypedDict):
    """One action: in words, on which page, and whether it worked; `ok` is None while it is only planned."""

    do: str
    at: str
    ok: bool | None


@dataclass(frozen=True)
class Limits:
    repeats: int
    retries: int
    silence: timedelta


@dataclass(frozen=True)
class Stuck:
    """`code` is retries, repeats or silent."""

    code: str
    reason: str


def grown(trail: Sequence[Act], seen: Reading, url: str) -> list[Act]:
    """The trail after one more item of the API; what an agent plans counts until its result comes, which replaces it."""
    if seen.kind not in {"agent_completion", "execution_result"} or not seen.action or seen.action_type in NO_ACTIONS:
        return list(trail)
    planned = seen.kind == "agent_completion"
    act = Act(do=_short(seen.action), at=_page(url), ok=None if planned else seen.success is not False and not seen.error)
    replaced = bool(trail) and not planned and trail[-1]["ok"] is None
    return [*(trail[:-1] if replaced else trail), act][-KEPT:]


def stuck(trail: Sequence[Act], silent: timedelta | None, limits: Limits) -> Stuck | None:
    """`silent` is how long nothing has come from a run that ought to go on by itself; None for one that waits for people."""
    return _retries(trail, limits.retries) or _repeats(trail, limits.repeats) or _silent(silent, limits.silence)


def _retries(trail: Sequence[Act], most: int) -> Stuck | None:
    """The newest action failed, and so did those before it, or it itself as often, whatever was tried in between."""
    last = _last(trail)
    if last is None or last["ok"] is not False:
        return None
    in_row = _failed_at_the_end(trail)
    same = _failed_at_the_end([act for act in trail if _same(act, last)])
    if same >= most:
        return Stuck("retries", f"{last['do']} failed {same} times")
    return Stuck("retries", f"The last {in_row} actions failed") if in_row >= most else None


def _repeats(trail: Sequence[Act], most: int) -> Stuck | None:
    """The newest action, with the same end, is most of what was done lately; a circle of two actions is a repeat, too.

    What a higher limit finds among more actions, a lower one finds as well.
    """
    last = _last(trail)
    if last is None:
        return None
    alike = [_same(act, last) and (act["ok"] is False) == (last["ok"] is False) for act in reversed(trail)]
    counts = ((number, sum(alike[: 2 * number])) for number in range(most, KEPT // 2 + 1))
    times = next((count for number, count in counts if count >= number), None)
    return Stuck("repeats", f"{last['do']}, {times} times on the same page") if times else None


def _silent(silent: timedelta | None, longest: timedelta) -> Stuck | None:
    if silent is None or silent < longest:
        return None
    seconds = int(silent.total_seconds())
    # Whole minutes: the sentence must not change with every look.
    told = f"{seconds // MINUTE} min" if seconds >= MINUTE else f"{seconds // 5 * 5} s"
    return Stuck("silent", f"No step for {told}")


def _last(trail: Sequence[Act]) -> Act | None:
    return trail[-1] if trail else None


def _same(one: Act, other: Act) -> bool:
    return one["do"] == other["do"] and one["at"] == other["at"]


def _failed_at_the_end(trail: Sequence[Act]) -> int:
    return next((number for number, act in enumerate(reversed(trail)) if act["ok"] is not False), len(trail))


def _short(text: str) -> str:
    return text if len(text) <= WORDS else f"{text[: WORDS - 1]}…"


def _page(url: str) -> str:
    """Addresses can be long: a short hash tells them apart."""
    return hashlib.blake2s(url.encode(errors="replace"), digest_size=4).hexdigest() if url else ""
