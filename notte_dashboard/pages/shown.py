"""Runs as pages that show many of them draw them: rows and cards, each drawn once for everybody who looks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from agents_app import queries as agents
from notte_dashboard.realtime.sources import CLOCK
from notte_dashboard.runs.glance import version
from notte_dashboard.workspaces.models import Workspace
from sessions_app import queries as sessions

AT_ONCE = 500
"""Ids in one query: databases have a limit."""
IN_WORKSPACE: dict[str, Callable[[Workspace], QuerySet[Any]]] = {
    "session": sessions.in_workspace,
    "agent": agents.in_workspace,
}
DRAWN = 2000


class Look(NamedTuple):
    """`prefix` of the element's id, which ends with the run's uuid."""

    kinds: tuple[str, ...]
    template: str
    prefix: str


SESSION_ROWS = Look(("session",), "sessions_app/partials/row.html", "row")
AGENT_ROWS = Look(("agent",), "agents_app/partials/row.html", "row")
MIXED_ROWS = Look(("session", "agent"), "partials/run_row.html", "row")
CARDS = Look(("session", "agent"), "partials/run_card.html", "card")


@dataclass(frozen=True)
class Drawing:
    """What is drawn depends on nothing but these: the context is left out of the comparison."""

    template: str
    version: str
    context: Any = field(compare=False)


@lru_cache(maxsize=DRAWN)
def _drawn(drawing: Drawing) -> str:
    return render_to_string(drawing.template, drawing.context)


def drawn(drawing: Drawing) -> str:
    """Countdowns need the server's time of now, not of the first drawing."""
    html = _drawn(drawing)
    return CLOCK.sub(f'data-now="{int(timezone.now().timestamp() * 1000)}"', html) if "data-now" in html else html


@dataclass(frozen=True)
class Rows:
    """The runs that pages show, as fragments by the id of their element."""

    BY_STEPS: ClassVar[bool] = True

    workspace: Workspace
    look: Look

    def read(self, asked: frozenset[str]) -> dict[str, str]:
        found = {}
        for kind in self.look.kinds:
            rows = IN_WORKSPACE[kind](self.workspace)
            for uuids in _portions(sorted(asked)):
                for run in rows.filter(uuid__in=uuids):
                    found[self.id_of(run.uuid.hex)] = drawn(Drawing(self.look.template, version(run), {"run": run}))
        return found

    def id_of(self, uuid: str) -> str:
        return f"{self.look.prefix}-{UUID(uuid)}"


def _portions(uuids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(uuids), AT_ONCE):
        yield uuids[start : start + AT_ONCE]
