"""History can be read in the admin panel, never edited: a reviewer must be able to trust it. Runs can be acted on."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from notte_dashboard.audit.admin_export import export_csv
from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.panel.confirmed import confirmed
from notte_dashboard.panel.filters import choice_filter
from notte_dashboard.panel.large import LargeAdmin
from notte_dashboard.panel.read_only import ReadOnlyAdmin
from notte_dashboard.runs.reading import KINDS
from notte_dashboard.runs.states import OVER, STARTING, WATCHED, State

MOST_AT_ONCE = 500
STEP_KINDS = [(kind, kind.replace("_", " ")) for kind in sorted(KINDS)]


class RunAdmin(ReadOnlyAdmin, LargeAdmin):
    list_filter = ("state", "created_at")
    list_select_related = ("workspace", "started_by")
    exclude = ("secrets", "nonce")
    search_help_text = "A whole UUID or ID, or a part of a workspace's name or a user name"
    actions = ("stop_selected", "look_again", export_csv)
    large_columns: ClassVar[tuple[str, ...]] = ("request", "secrets", "remote", "reasons")

    stop_run: ClassVar[Callable[[Any, Any], None]]
    """(by, run): the app's own stop."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer(*self.large_columns)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "in_the_dashboard", "stored_steps")

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Runs are never edited, so this right is what the right to change them is good for."""
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    @admin.display(description="in the dashboard")
    def in_the_dashboard(self, run: Any) -> SafeString:
        return format_html('<a href="{}">Open its page</a>', run.get_absolute_url())

    @admin.display(description="steps")
    def stored_steps(self, run: Any) -> SafeString:
        where = reverse(f"admin:{self.opts.app_label}_{run.steps.model._meta.model_name}_changelist")  # noqa: SLF001
        return format_html('<a href="{}?run__id__exact={}">{} steps</a>', where, run.pk, run.last_seq)

    @confirmed("Stop selected runs", question="Their browsers close and their agents end. What was recorded stays.")
    def stop_selected(self, request: HttpRequest, rows: QuerySet[Any]) -> str:
        going = list(self.model.objects.filter(pk__in=_chosen(rows)).exclude(state__in=OVER).order_by("pk"))
        for run in going:
            type(self).stop_run(request.user, run)
        return f"Runs being stopped: {len(going)}. The others were over."

    @confirmed("Look again at the API", question="Their states are asked for at once, and what waits is tried at once.")
    def look_again(self, request: HttpRequest, rows: QuerySet[Any]) -> str:
        """The sweep and the watch find what is due within seconds."""
        now = timezone.now()
        chosen = self.model.objects.filter(pk__in=_chosen(rows))
        due = chosen.filter(state__in=[*STARTING, State.UNKNOWN, State.STOPPING]).update(next_attempt_at=now)
        watched = chosen.filter(state__in=WATCHED).update(viewed_at=now)
        count = max(due, watched)
        record(Deed.ADMIN_DID, by=request.user, after={"what": "look again", "runs": count, "kind": str(self.opts.verbose_name)})
        return f"Runs looked at again: {count}. The others are over."


def _chosen(rows: QuerySet[Any]) -> list[int]:
    """Evaluated first: some databases can't limit within the condition of an update."""
    return list(rows.order_by().values_list("pk", flat=True)[:MOST_AT_ONCE])


class StepAdmin(ReadOnlyAdmin, LargeAdmin):
    list_display = ("run", "seq", "kind", "number", "started_at", "stored_at")
    list_filter = (choice_filter("kind", "kind", STEP_KINDS),)
    list_select_related = ("run",)
    search_fields = ("=run__uuid",)
    search_help_text = "The whole UUID of a run"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("payload", "run__request", "run__secrets", "run__remote", "run__reasons")
