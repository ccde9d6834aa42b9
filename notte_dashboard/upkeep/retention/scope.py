"""What a workspace's retention has run out for, as querysets: the pass that removes and the dry run that counts share them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from agents_app.models import AgentRun, AgentStep
from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.runs.models import Run, Step
from notte_dashboard.runs.states import OVER
from notte_dashboard.upkeep.models import Retention
from sessions_app.models import BrowserSession, SessionStep

# Agents before sessions: a session cannot go while one of its agents stays.
KINDS: tuple[tuple[type[Run], type[Step]], ...] = ((AgentRun, AgentStep), (BrowserSession, SessionStep))
STEP_MODELS = tuple(step_model for _, step_model in KINDS)
AGAIN = timedelta(days=2)
"""An end can be learnt of late, and lie before what was cleared already."""


@dataclass(frozen=True)
class Scope:
    """What goes with a run goes at the latest when the run does. A moment of None: for ever."""

    workspace_id: int
    runs_before: datetime | None
    steps_before: datetime | None
    pictures_before: datetime | None
    audit_before: datetime | None
    pictures_cleared_until: datetime | None

    @classmethod
    def of(cls, policy: Retention) -> "Scope":
        now = timezone.now()
        runs, steps, pictures, audit = (
            now - timedelta(days=days) if days else None
            for days in (policy.run_days, policy.step_days, policy.screenshot_days, policy.audit_days)
        )
        steps = _latest(runs, steps)
        return cls(policy.workspace_id, runs, steps, _latest(steps, pictures), audit, policy.pictures_cleared_until)

    def runs(self, model: type[Run]) -> QuerySet[Any]:
        """To be deleted. A session stays as long as one of its agents."""
        rows = self._ended(model, self.runs_before)
        if model is BrowserSession:
            staying = AgentRun.objects.filter(session=OuterRef("pk")).exclude(pk__in=self.runs(AgentRun).values("pk"))
            rows = rows.exclude(Exists(staying))
        return rows

    def runs_with_steps(self, model: type[Run]) -> QuerySet[Any]:
        return self._ended(model, self.steps_before).filter(last_seq__gt=0)

    def runs_with_pictures(self, model: type[Run]) -> QuerySet[Any]:
        """Those that no earlier pass has been through."""
        rows = self._ended(model, self.pictures_before).filter(last_seq__gt=0)
        return rows.filter(ended_at__gte=self.pictures_cleared_until - AGAIN) if self.pictures_cleared_until else rows

    def audit_entries(self) -> QuerySet[AuditEntry]:
        if self.audit_before is None:
            return AuditEntry.objects.none()
        return AuditEntry.objects.filter(workspace_id=self.workspace_id, created_at__lt=self.audit_before)

    def _ended(self, model: type[Run], before: datetime | None) -> QuerySet[Any]:
        """Over, and nobody writes to it any more."""
        rows: QuerySet[Any] = model.objects.filter(workspace_id=self.workspace_id, state__in=OVER, lease_until=None)
        return rows.filter(ended_at__lt=before) if before else rows.none()


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)
