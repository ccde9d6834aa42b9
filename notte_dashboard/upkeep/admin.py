from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from notte_dashboard.audit.admin_export import export_csv
from notte_dashboard.panel.confirmed import confirmed
from notte_dashboard.panel.filters import choice_filter
from notte_dashboard.panel.large import LargeAdmin
from notte_dashboard.panel.read_only import ReadOnlyAdmin
from notte_dashboard.upkeep.models import KeyHealth, Orphan, Retention, RetentionReport
from notte_dashboard.upkeep.orphans.adopt import GoneError, adopt
from notte_dashboard.upkeep.orphans.stop import stop_orphan
from notte_dashboard.upkeep.retention.change import FIELDS
from notte_dashboard.upkeep.retention.dry_run import dry_run
from notte_dashboard.upkeep.retention.prune import prune
from notte_dashboard.workspaces.access import current_workspace
from notte_dashboard.workspaces.models import Workspace

MOST_AT_ONCE = 100
OUTCOMES = [(name, name) for name in ("adopted", "known", "stopped", "ended")]


@admin.register(Orphan)
class OrphanAdmin(ReadOnlyAdmin, LargeAdmin):
    list_display = ("session_id", "key", "workspace", "age", "browser_minutes", "state", "remote_created_at", "seen_at")
    list_filter = (("gone_at", admin.EmptyFieldListFilter), choice_filter("outcome", "outcome", OUTCOMES), "found_at")
    list_select_related = ("workspace", "api_key")
    search_fields = ("=session_id", "workspace__name")
    actions = ("adopt_selected", "stop_selected", export_csv)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("upkeep.change_orphan")

    @admin.display(empty_value="the server's")
    def key(self, orphan: Orphan) -> str | None:
        return str(orphan.api_key) if orphan.api_key else None

    @confirmed(
        "Adopt selected orphans", question="Each becomes a session of its key's workspace; without one, of your current one."
    )
    def adopt_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> str:
        adopted = 0
        for orphan in rows.select_related("workspace").order_by("pk")[:MOST_AT_ONCE]:
            adopted += self._adopted(request, orphan, orphan.workspace or current_workspace(request))
        return f"Sessions adopted: {adopted}."

    def _adopted(self, request: HttpRequest, orphan: Orphan, workspace: Workspace | None) -> bool:
        if workspace is None:
            messages.error(request, f"{orphan} has no workspace, and you are in none.")
            return False
        try:
            adopt(orphan, by=request.user, workspace=workspace)  # type: ignore[arg-type]  # whoever is here is signed in
        except GoneError as error:
            messages.error(request, str(error))
            return False
        return True

    @confirmed("Stop selected orphans", question="Their browsers close, whoever started them.")
    def stop_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> str:
        going = list(rows.filter(gone_at=None).order_by("pk")[:MOST_AT_ONCE])
        for orphan in going:
            stop_orphan(orphan, by=request.user)  # type: ignore[arg-type]
        return f"Sessions being stopped: {len(going)}. The others were gone."


@admin.register(KeyHealth)
class KeyHealthAdmin(ReadOnlyAdmin):
    list_display = ("name", "base_url", "problem", "active_sessions", "answered_at", "checked_at")


@admin.register(Retention)
class RetentionAdmin(admin.ModelAdmin[Retention]):
    list_display = ("workspace", *FIELDS, "changed_at")
    list_select_related = ("workspace",)
    search_fields = ("workspace__name",)
    autocomplete_fields = ("workspace",)
    actions = ("count_selected", "run_selected")

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("upkeep.change_retention")

    @admin.action(description="Dry run: count what would be removed", permissions=["act"])
    def count_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        for policy in rows.select_related("workspace").order_by("pk")[:MOST_AT_ONCE]:
            report = dry_run(policy, by=request.user)  # type: ignore[arg-type]
            messages.info(request, f"{policy.workspace}: {report.sentence}")

    @confirmed("Remove now what is too old", question="What these workspaces no longer keep is removed for good.")
    def run_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> str:
        reports = [prune(policy, by=request.user, seconds=5) for policy in rows.order_by("pk")[:MOST_AT_ONCE]]  # type: ignore[arg-type]
        told = [report.sentence for report in reports if report]
        later = " The rest goes within the hour." if any(report and not report.complete for report in reports) else ""
        return f"Done: {'; '.join(told) or 'another pass is at work'}.{later}"


@admin.register(RetentionReport)
class RetentionReportAdmin(ReadOnlyAdmin, LargeAdmin):
    list_display = ("began_at", "workspace", "dry_run", "sentence", "complete", "by")
    list_filter = ("dry_run", "began_at")
    list_select_related = ("workspace", "by")
    search_fields = ("workspace__name",)
