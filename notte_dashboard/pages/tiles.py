"""Tiles of the wall: a session with the agent at work in it, how urgent it is, and why. Knows no database."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse

from notte_dashboard.runs.glance import stuck_now, version
from notte_dashboard.runs.states import State

NEEDS = ("failed", "stuck", "limit", "waiting", "fine")
"""The most urgent first."""
WAITING = frozenset({State.QUEUED, State.SENDING, State.UNKNOWN, State.STOPPING})
NEAR = timedelta(seconds=60)
FEW_STEPS = 2
CENT = Decimal("0.01")


class Need(NamedTuple):
    code: str
    text: str

    @property
    def rank(self) -> int:
        return NEEDS.index(self.code)


class Limit(NamedTuple):
    ends_at: datetime
    label: str


@dataclass(frozen=True)
class Tile:
    session: Any
    agent: Any
    others: int
    """Further agents in the same session."""
    now: datetime

    @property
    def id(self) -> str:
        return f"tile-{self.session.uuid}"

    @property
    def run(self) -> Any:
        return self.agent or self.session

    @property
    def is_over(self) -> bool:
        return bool(self.session.is_over or (self.agent and self.agent.is_over))

    @property
    def need(self) -> Need:
        return self._failed() or self._troubled() or self._limited() or self._waits() or Need("fine", "")

    def _failed(self) -> Need | None:
        for run in filter(None, (self.agent, self.session)):
            if run.is_over and run.tone == "bad":
                known = run.problem_text.title if run.problem_text else ""
                return Need("failed", known or getattr(run, "error", "") or getattr(run, "answer", "") or "Failed")
        return None

    def _troubled(self) -> Need | None:
        for run in filter(None, (self.agent, self.session)):
            stuck = stuck_now(run, self.now)
            if stuck:
                return Need("stuck", stuck.reason)
            if run.problem_text and not run.is_over:
                return Need("stuck", run.problem_text.title)
        return None

    def _limited(self) -> Need | None:
        if self.is_over:
            return None
        if self.limit and self.limit.ends_at - self.now < NEAR:
            return Need("limit", f"{self.limit.label} is near")
        left = self.agent.max_steps - self.agent.progress if self.agent and self.agent.state == State.ACTIVE else None
        if left is not None and left <= FEW_STEPS < self.agent.max_steps:
            return Need("limit", "No step left" if left == 0 else f"{left} step{'' if left == 1 else 's'} left")
        return None

    def _waits(self) -> Need | None:
        return Need("waiting", "") if self.run.state in WAITING else None

    @property
    def limit(self) -> Limit | None:
        ends = [(self.session.idle_ends_at, "Idle limit"), (self.session.max_ends_at, "Time limit")]
        return min((Limit(at, label) for at, label in ends if at), default=None)

    @property
    def picture_url(self) -> str:
        """Of the agent's last step that has one, else of the session's; empty when none has come yet."""
        for run in filter(None, (self.agent, self.session)):
            if run.picture_seq:
                return reverse(f"{run.kind}s:screenshot", args=[run.uuid, run.picture_seq])
        return ""

    @property
    def goal(self) -> str:
        return str((self.agent.last_goal if self.agent else self.session.last_goal) or "")

    @property
    def place(self) -> str:
        return str(self.session.last_url or (self.agent.last_url or self.agent.url if self.agent else ""))

    @property
    def last_step_at(self) -> datetime | None:
        return max(filter(None, (run.last_step_at for run in (self.agent, self.session) if run)), default=None)

    @property
    def minutes(self) -> int | None:
        """That the browser has been there; None before it is."""
        since = self.session.active_at
        return max(int(((self.session.ended_at or self.now) - since).total_seconds() // 60), 0) if since else None

    @property
    def cost(self) -> str:
        """Of the browser's minutes, at the price this installation was given; empty without one."""
        price = settings.MINUTE_PRICE
        if price is None or self.minutes is None:
            return ""
        amount = price.amount * self.minutes
        told = amount.quantize(CENT) if amount >= CENT or not amount else amount.normalize()
        return f"{price.before}{told:f}{' ' if price.after else ''}{price.after}"

    @property
    def traffic(self) -> int | None:
        sent, got = self.session.network_request_bytes, self.session.network_response_bytes
        return None if sent is None and got is None else (sent or 0) + (got or 0)

    @property
    def version(self) -> str:
        """Another one whenever the tile would look different."""
        runs = [version(run) for run in (self.session, self.agent) if run]
        shown = f"{runs} {self.need} {self.minutes} {self.others}"
        return hashlib.blake2s(shown.encode(errors="replace"), digest_size=8).hexdigest()


def in_order(tiles: list[Tile]) -> list[Tile]:
    """By need; those that need the same stay in the order in which they began."""
    return sorted(tiles, key=lambda tile: (tile.need.rank, tile.run.created_at, tile.run.pk))
