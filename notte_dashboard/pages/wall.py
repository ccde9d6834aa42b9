"""The wall: every session and agent under way, and those that have just failed."""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import timezone

from agents_app import queries as agents
from agents_app.models import AgentRun
from notte_dashboard.pages.live import pulse_item
from notte_dashboard.pages.pulse import Pulse
from notte_dashboard.pages.shown import Drawing, drawn
from notte_dashboard.pages.tiles import NEEDS, Tile, in_order
from notte_dashboard.realtime.workspace_sources import NOTHING, Item, Part
from notte_dashboard.runs.states import WATCHED
from notte_dashboard.workspaces.models import Workspace
from sessions_app import queries as sessions
from sessions_app.models import BrowserSession

READ = 300
"""Of each kind. Who has more at once finds the rest in the lists."""
SHOWN = 100
FEW, MANY = 3, 12
"""Up to so few tiles are large, with large pictures; more than so many are small."""
NOTE_VIEW_EVERY = 25.0
_noted: dict[int, float] = {}


class Shown(NamedTuple):
    tiles: list[Tile]
    hidden: int

    @property
    def counts(self) -> list[tuple[str, int]]:
        found = [(code, sum(tile.need.code == code for tile in self.tiles)) for code in NEEDS[:-1]]
        return [(code, count) for code, count in found if count]

    @property
    def total(self) -> int:
        return len(self.tiles) + self.hidden

    @property
    def size(self) -> str:
        return "large" if len(self.tiles) <= FEW else "medium" if len(self.tiles) <= MANY else "small"


def shown(workspace: Workspace) -> Shown:
    now = timezone.now()
    failed_since = now - settings.WALL_KEEPS_FAILED
    held = {session.pk: session for session in sessions.running(workspace)[:READ]}
    held |= {run.pk: run for run in sessions.ended(workspace).filter(ended_at__gte=failed_since)[:READ] if run.tone == "bad"}
    working = defaultdict(list)
    for agent in agents.running(workspace)[:READ]:
        working[agent.session_id].append(agent)
    for agent in agents.ended(workspace).filter(ended_at__gte=failed_since)[:READ]:
        if agent.tone == "bad" and agent.session_id not in working:
            working[agent.session_id].append(agent)
    missing = working.keys() - held.keys()
    if missing:
        held |= {session.pk: session for session in sessions.in_workspace(workspace).filter(pk__in=missing)}
    tiles = [_tile(session, working.get(pk, []), now) for pk, session in held.items()]
    return Shown(in_order(tiles)[:SHOWN], max(len(tiles) - SHOWN, 0))


def _tile(session: Any, its_agents: list[Any], now: Any) -> Tile:
    """The newest agent stands for the session: the API lets them work one after another."""
    newest = max(its_agents, key=lambda agent: (not agent.is_over, agent.created_at), default=None)
    return Tile(session, newest, max(len(its_agents) - 1, 0), now)


def note_view(workspace: Workspace, seen: Shown) -> None:
    """Whoever looks at the wall looks at the runs on it: they are watched closely."""
    now = time.monotonic()
    if now - _noted.get(workspace.pk, -NOTE_VIEW_EVERY) < NOTE_VIEW_EVERY:
        return
    _noted[workspace.pk] = now
    pks = {"session": [tile.session.pk for tile in seen.tiles], "agent": [tile.agent.pk for tile in seen.tiles if tile.agent]}
    BrowserSession.objects.filter(pk__in=pks["session"], state__in=WATCHED).update(viewed_at=Now())
    AgentRun.objects.filter(pk__in=pks["agent"], state__in=WATCHED).update(viewed_at=Now())


def tiles_html(seen: Shown) -> list[str]:
    large = seen.size == "large"
    return [
        drawn(Drawing("partials/tile.html", f"{tile.version}-{large}", {"tile": tile, "run": tile.run, "large": large}))
        for tile in seen.tiles
    ]


@dataclass(frozen=True)
class Wall:
    BY_STEPS: ClassVar[bool] = True

    workspace: Workspace

    def read(self, asked: frozenset[str]) -> list[Item]:  # noqa: ARG002 - the same for everybody
        seen = shown(self.workspace)
        note_view(self.workspace, seen)
        tiles = [Item("wall", tile.id, html) for tile, html in zip(seen.tiles, tiles_html(seen), strict=True)]
        order = Item("wall", "order", data={"order": [tile.id for tile in seen.tiles], "size": seen.size})
        summary = render_to_string("partials/wall_summary.html", {"wall": seen})
        return [*tiles, order, Item("state", "wall-summary", summary)]


@dataclass(frozen=True)
class WallPage:
    workspace: Workspace
    asker: int

    @property
    def workspace_id(self) -> int:
        return self.workspace.pk

    def parts(self) -> dict[Part, frozenset[str]]:
        return {Wall(self.workspace): NOTHING, Pulse(self.workspace): NOTHING}

    def items(self, found: Mapping[Part, Any]) -> list[Item]:
        return [*found[Wall(self.workspace)], pulse_item(found[Pulse(self.workspace)], self.asker)]
