"""One pass over one workspace: bounded batches, each a short transaction, until nothing is left or the time is over."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.prune import prune as prune_audit
from notte_dashboard.audit.record import record
from notte_dashboard.runs.models import Run, Step
from notte_dashboard.upkeep.models import Retention, RetentionReport
from notte_dashboard.upkeep.retention import pictures
from notte_dashboard.upkeep.retention.scope import KINDS, Scope

RUNS_AT_ONCE, STEPS_AT_ONCE, ENTRIES_AT_ONCE = 50, 1000, 1000
CLAIM = timedelta(minutes=10)


@dataclass
class Pass:
    scope: Scope
    ends: float
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, name: str, number: int) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.ends


def prune(policy: Retention, *, by: User | None = None, seconds: float = 30.0) -> RetentionReport | None:
    """The stored report; None when there was nothing to do, or another pass is at it."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    if not Retention.objects.filter(free, pk=policy.pk).update(claimed_until=now + CLAIM):
        return None
    current = Pass(Scope.of(policy), time.monotonic() + seconds)
    try:
        complete = all(part(current) for part in PARTS)
        if complete:
            Retention.objects.filter(pk=policy.pk).update(pictures_cleared_until=current.scope.pictures_before)
    finally:
        Retention.objects.filter(pk=policy.pk).update(claimed_until=None)
    if not any(current.counts.values()) and by is None:
        return None
    return _reported(policy, current, by, complete=complete, began=now)


@transaction.atomic
def _reported(policy: Retention, current: Pass, by: User | None, *, complete: bool, began: Any) -> RetentionReport:
    report = RetentionReport.objects.create(
        workspace_id=policy.workspace_id, by=by, began_at=began, ended_at=timezone.now(), complete=complete, **current.counts
    )
    record(Deed.RETENTION_RAN, by=by, workspace=policy.workspace_id, target=report, after=current.counts)
    return report


def _runs(current: Pass) -> bool:
    for model, step_model in KINDS:
        while pks := _some(current.scope.runs(model)):
            if current.is_late or not _delete_steps(current, model, step_model, pks):
                return False
            with transaction.atomic():
                model.objects.filter(pk__in=pks).delete()
            current.count(f"{model.kind}s", len(pks))
    return True


def _steps(current: Pass) -> bool:
    for model, step_model in KINDS:
        while pks := _some(current.scope.runs_with_steps(model)):
            if current.is_late or not _delete_steps(current, model, step_model, pks):
                return False
    return True


def _delete_steps(current: Pass, model: type[Run], step_model: type[Step], pks: list[int]) -> bool:
    """False when the time is over before the last of them."""
    while chunk := list(step_model.objects.filter(run__in=pks).order_by().values_list("pk", "screenshot")[:STEPS_AT_ONCE]):
        if current.is_late:
            return False
        step_model.objects.filter(pk__in=[pk for pk, _ in chunk]).delete()
        names = [name for _, name in chunk if name]
        current.count("steps", len(chunk))
        current.count("screenshots", len(names))
        _forget(current, names)
    # From now on pages don't wait for steps that never come.
    model.objects.filter(pk__in=pks).update(last_seq=0)
    return True


def _pictures(current: Pass) -> bool:
    for model, step_model in KINDS:
        rows = current.scope.runs_with_pictures(model).order_by("ended_at", "pk")
        last: tuple[Any, int] | None = None
        while batch := list(_after(rows, last).values_list("ended_at", "pk")[:RUNS_AT_ONCE]):
            if current.is_late:
                return False
            last = batch[-1]
            _clear_pictures(current, step_model, [pk for _, pk in batch])
    return True


def _after(rows: Any, last: tuple[Any, int] | None) -> Any:
    return rows.filter(ended_at__gte=last[0]).exclude(ended_at=last[0], pk__lte=last[1]) if last else rows


def _clear_pictures(current: Pass, step_model: type[Step], pks: list[int]) -> None:
    shown = step_model.objects.filter(run__in=pks).exclude(screenshot="")
    names = list(shown.order_by().values_list("screenshot", flat=True))
    if names:
        current.count("screenshots", shown.update(screenshot="", screenshot_width=0, screenshot_height=0))
        _forget(current, names)


def _audit(current: Pass) -> bool:
    while current.scope.audit_before and not current.is_late:
        gone = prune_audit(current.scope.workspace_id, current.scope.audit_before, ENTRIES_AT_ONCE)
        current.count("audit_entries", gone)
        if gone < ENTRIES_AT_ONCE:
            return True
    return current.scope.audit_before is None


def _forget(current: Pass, names: list[str]) -> None:
    files, size = pictures.remove_unnamed(names)
    current.count("files", files)
    current.count("file_bytes", size)


def _some(rows: Any) -> list[int]:
    return list(rows.order_by("ended_at", "pk").values_list("pk", flat=True)[:RUNS_AT_ONCE])


PARTS: tuple[Callable[[Pass], bool], ...] = (_runs, _steps, _pictures, _audit)
