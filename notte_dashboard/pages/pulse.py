"""How it goes in a workspace, in numbers, and what has just ended: for titles, icons and notifications."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.utils import timezone

from agents_app import queries as agents
from notte_dashboard.workspaces.models import Workspace
from sessions_app import queries as sessions

LATELY = timedelta(minutes=10)
MOST = 20
COUNTED = 1000
NAME = 120


class Ended(NamedTuple):
    uuid: str
    kind: str
    name: str
    said: str
    url: str
    bad: bool
    by: int | None


class Numbers(NamedTuple):
    """In browsers: an agent and its session are one."""

    running: int
    failed: int
    ended: list[Ended]


@dataclass(frozen=True)
class Pulse:
    BY_STEPS: ClassVar[bool] = False

    workspace: Workspace

    def read(self, asked: frozenset[str]) -> Numbers:  # noqa: ARG002 - the same for everybody
        now = timezone.now()
        lately = now - max(LATELY, settings.WALL_KEEPS_FAILED)
        running = sessions.running(self.workspace).order_by()[:COUNTED].count()
        ended = [
            run for queries in (sessions, agents) for run in queries.ended(self.workspace).filter(ended_at__gte=lately)[:MOST]
        ]
        since = now - settings.WALL_KEEPS_FAILED
        failed = {
            run.session_id if run.kind == "agent" else run.pk for run in ended if run.tone == "bad" and run.ended_at >= since
        }
        return Numbers(running, len(failed), [_told(run) for run in ended])


def _told(run: Any) -> Ended:
    outcome = getattr(run, "outcome", "")
    said = run.problem_text.title if run.problem_text else outcome.capitalize() or run.status_label
    name = run.task if run.kind == "agent" else run.last_title or f"Session {str(run.uuid)[:8]}"
    return Ended(str(run.uuid), run.kind, name[:NAME], said, run.get_absolute_url(), run.tone == "bad", run.started_by_id)
