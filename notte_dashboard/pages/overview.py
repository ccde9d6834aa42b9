"""The first page: what runs, what has ended, what needs attention."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse

from agents_app import queries as agents
from notte_dashboard.pages.live import news_button, pulse_item
from notte_dashboard.pages.pulse import Pulse
from notte_dashboard.pages.shown import CARDS, MIXED_ROWS, Rows
from notte_dashboard.realtime.workspace_sources import NOTHING, Item, Part
from notte_dashboard.workspaces.models import Workspace
from sessions_app import queries as sessions

RUNNING, ENDED = 20, 10


class Runs(NamedTuple):
    running: list[Any]
    ended: list[Any]

    @property
    def attention(self) -> int:
        return sum(bool(run.problem or run.stuck) for run in self.running)


def runs(workspace: Workspace) -> Runs:
    running = [*sessions.running(workspace)[:RUNNING], *agents.running(workspace)[:RUNNING]]
    ended = [*sessions.ended(workspace)[:ENDED], *agents.ended(workspace)[:ENDED]]
    return Runs(
        sorted(running, key=lambda run: run.created_at, reverse=True),
        sorted(ended, key=lambda run: run.ended_at or run.created_at, reverse=True)[:ENDED],
    )


def socket_path(workspace: Workspace, shown: Runs) -> str:
    cards, rows = (".".join(run.uuid.hex for run in some) for some in shown)
    return f"/ws/workspaces/{workspace.uuid}/?{urlencode({'page': 'overview', 'cards': cards, 'rows': rows})}"


@dataclass(frozen=True)
class Overview:
    BY_STEPS: ClassVar[bool] = True

    workspace: Workspace

    def read(self, asked: frozenset[str]) -> tuple[Runs, frozenset[str]]:
        """The page as it would be now, and which of the runs on its cards are still under way."""
        under_way = set()
        for queries in (sessions, agents):
            rows = queries.running(self.workspace).filter(uuid__in=asked)
            under_way |= {uuid.hex for uuid in rows.values_list("uuid", flat=True)}
        return runs(self.workspace), frozenset(under_way)


@dataclass(frozen=True)
class OverviewPage:
    workspace: Workspace
    rows: frozenset[str]
    cards: frozenset[str]
    asker: int

    @property
    def workspace_id(self) -> int:
        return self.workspace.pk

    def parts(self) -> dict[Part, frozenset[str]]:
        rows, cards = self._drawn()
        return {rows: self.rows, cards: self.cards, Overview(self.workspace): self.cards, Pulse(self.workspace): NOTHING}

    def _drawn(self) -> tuple[Rows, Rows]:
        return Rows(self.workspace, MIXED_ROWS), Rows(self.workspace, CARDS)

    def items(self, found: Mapping[Part, Any]) -> list[Item]:
        items = []
        for part, shown in zip(self._drawn(), (self.rows, self.cards), strict=True):
            ids = [part.id_of(uuid) for uuid in sorted(shown)]
            items += [Item("state", id_, found[part][id_]) for id_ in ids if id_ in found[part]]
        now, under_way = found[Overview(self.workspace)]
        attention = render_to_string("partials/attention.html", {"attention": now.attention})
        return [
            *items,
            Item("state", "attention", attention),
            self._news(now, under_way),
            pulse_item(found[Pulse(self.workspace)], self.asker),
        ]

    def _news(self, now: Runs, under_way: frozenset[str]) -> Item:
        """A card whose run has ended says so; that it belongs further down is told, and done when asked for."""
        newest = max((run.created_at for run in now.running if run.uuid.hex in self.cards), default=None)
        started = sum(run.uuid.hex not in self.cards and (newest is None or run.created_at > newest) for run in now.running)
        ended = len(self.cards - under_way)
        text = ", ".join(f"{count} {what}" for count, what in ((started, "started"), (ended, "ended")) if count)
        return news_button(text, reverse("overview"), at_once=not self.cards)
