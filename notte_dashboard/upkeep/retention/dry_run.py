"""What a pass would remove, counted and not touched."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from notte_dashboard.runs.models import Run, Step
from notte_dashboard.upkeep.models import Retention, RetentionReport
from notte_dashboard.upkeep.retention import pictures
from notte_dashboard.upkeep.retention.scope import KINDS, Scope


def counted(policy: Retention) -> RetentionReport:
    """Not stored. The policy need not be stored either: a form asks what its values would do."""
    scope = Scope.of(policy)
    report = RetentionReport(workspace_id=policy.workspace_id, dry_run=True, audit_entries=scope.audit_entries().count())
    lost: set[str] = set()
    for model, step_model in KINDS:
        setattr(report, f"{model.kind}s", scope.runs(model).count())
        report.steps += step_model.objects.filter(run__in=_with_steps(scope, model).values("pk")).count()
        shown = _cleared(scope, model, step_model).exclude(screenshot="")
        report.screenshots += shown.count()
        lost.update(pictures.distinct_pictures(shown))
    for name in _unnamed(scope, sorted(lost)):
        size = pictures.size_of(name)
        report.files, report.file_bytes = report.files + (size > 0), report.file_bytes + size
    return report


def dry_run(policy: Retention, *, by: User | None) -> RetentionReport:
    report = counted(policy)
    report.by = by
    report.save()
    return report


def _with_steps(scope: Scope, model: type[Run]) -> QuerySet[Any]:
    return scope.runs_with_steps(model) | scope.runs(model)


def _cleared(scope: Scope, model: type[Run], step_model: type[Step]) -> QuerySet[Any]:
    runs = _with_steps(scope, model) | scope.runs_with_pictures(model)
    return step_model.objects.filter(run__in=runs.values("pk"))


def _unnamed(scope: Scope, names: list[str]) -> set[str]:
    """Those that no step which stays names as well."""
    left = set(names)
    for start in range(0, len(names), pictures.CHUNK):
        part = names[start : start + pictures.CHUNK]
        for model, step_model in KINDS:
            going = _cleared(scope, model, step_model)
            staying = step_model.objects.filter(screenshot__in=part).exclude(pk__in=going.values("pk"))
            left.difference_update(staying.order_by().values_list("screenshot", flat=True))
    return left
