"""The pages that show many runs and keep themselves current: what they show, and which messages keep them so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse

from agents_app.queries import AgentFilter
from notte_dashboard.pages.pulse import Numbers, Pulse
from notte_dashboard.pages.shown import AGENT_ROWS, IN_WORKSPACE, SESSION_ROWS, Look, Rows
from notte_dashboard.realtime.workspace_sources import NOTHING, Item, Part
from notte_dashboard.runs.history import read_cursor
from notte_dashboard.workspaces.models import Workspace
from sessions_app.queries import SessionFilter

FILTERS: dict[str, Any] = {"session": SessionFilter, "agent": AgentFilter}
NEWS_COUNTED = 100


@dataclass(frozen=True)
class Newest:
    """The newest runs that a filter lets through. Asked with the cursors of the first rows that pages show."""

    BY_STEPS: ClassVar[bool] = False

    workspace: Workspace
    kind: str
    filters: str
    asker: int
    """Decides what "mine" means; 0 where the filters do not ask."""

    def read(self, asked: frozenset[str]) -> list[tuple[datetime, int]]:
        rows = IN_WORKSPACE[self.kind](self.workspace)
        request = SimpleNamespace(user=User(pk=self.asker or None))
        found = FILTERS[self.kind](QueryDict(self.filters), rows, request=request).qs.order_by("-created_at", "-pk")
        tops = [read_cursor(top) for top in asked]
        known = [top[0] for top in tops if top]
        if known and len(known) == len(tops):
            found = found.filter(created_at__gte=min(known))
        return list(found.values_list("created_at", "pk")[:NEWS_COUNTED])


@dataclass(frozen=True)
class ListPage:
    """`top` is the cursor of the first row: None on a page of older rows, which nothing new belongs to."""

    workspace: Workspace
    look: Look
    rows: frozenset[str]
    filters: str
    asker: int
    top: str | None

    @property
    def workspace_id(self) -> int:
        return self.workspace.pk

    @property
    def _rows(self) -> Rows:
        return Rows(self.workspace, self.look)

    @property
    def _newest(self) -> Newest:
        return Newest(self.workspace, self.look.kinds[0], self.filters, self.asker if "owner=" in self.filters else 0)

    def parts(self) -> dict[Part, frozenset[str]]:
        shown: dict[Part, frozenset[str]] = {self._rows: self.rows, Pulse(self.workspace): NOTHING}
        return shown if self.top is None else shown | {self._newest: frozenset({self.top})}

    def items(self, found: Mapping[Part, Any]) -> list[Item]:
        rows = found[self._rows]
        wanted = [self._rows.id_of(uuid) for uuid in sorted(self.rows)]
        items = [Item("state", id_, rows[id_]) for id_ in wanted if id_ in rows]
        if self.top is not None:
            items.append(self._news(found[self._newest]))
        return [*items, pulse_item(found[Pulse(self.workspace)], self.asker)]

    def _news(self, newest: list[tuple[datetime, int]]) -> Item:
        top = read_cursor(self.top or "")
        count = sum(top is None or key > top for key in newest)
        kind = self.look.kinds[0]
        return news_item(count, f"new {kind}", f"{reverse(f'{kind}s:list')}?{self.filters}", at_once=not self.rows)


def news_item(count: int, what: str, url: str, *, at_once: bool) -> Item:
    """A button, since what is being read must not move."""
    told = f"{NEWS_COUNTED - 1}+" if count == NEWS_COUNTED else str(count)
    return news_button(f"{told} {what}{'' if count == 1 else 's'}" if count else "", url, at_once=at_once)


def news_button(text: str, url: str, *, at_once: bool) -> Item:
    """Where nothing is shown yet nothing can move: the button presses itself, once, however the number grows meanwhile."""
    context = {"text": "Show what is new" if text and at_once else text, "url": url, "at_once": at_once}
    return Item("state", "list-news", render_to_string("partials/list_news.html", context))


def pulse_item(numbers: Numbers, asker: int) -> Item:
    ended = [{**run._asdict(), "by": None, "mine": run.by == asker} for run in numbers.ended]
    return Item("pulse", "pulse", data={"running": numbers.running, "failed": numbers.failed, "ended": ended})


def list_page(workspace: Workspace, kind: str, query: Mapping[str, str], rows: frozenset[str], asker: int) -> ListPage:
    known = FILTERS[kind].base_filters
    filters = urlencode(sorted((name, query[name]) for name in known if query.get(name)))
    look = SESSION_ROWS if kind == "session" else AGENT_ROWS
    return ListPage(workspace, look, rows, filters, asker, query.get("top"))
