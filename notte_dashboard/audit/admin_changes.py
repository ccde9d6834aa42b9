"""What is changed in the admin panel is told of in the audit log, for every model that is registered there."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import PasswordInput
from django.http import HttpRequest

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.audit.tracking import is_tracked

FACTS = "_changed_facts"


class AuditedAdmin(admin.ModelAdmin[Any]):
    """Models that are tracked tell of themselves; of the others, the form says what was changed."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:  # noqa: FBT001
        changed = [name for name in form.changed_data if not isinstance(form.fields[name].widget, PasswordInput)]
        before = {name: form.initial.get(name) for name in changed} if change else {}
        setattr(request, FACTS, (before, {name: form.cleaned_data.get(name) for name in changed}))
        super().save_model(request, obj, form, change)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        if not is_tracked(type(obj)):
            self._tell(Deed.ADMIN_ADDED, request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        if not is_tracked(type(obj)):
            self._tell(Deed.ADMIN_CHANGED, request, obj)
        elif not hasattr(request, FACTS):  # not by the form: the page that sets a password
            record(Deed.ADMIN_CHANGED, by=request.user, target=obj, after={"change": str(message)})
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for obj in queryset:
            if not is_tracked(type(obj)):
                self._tell(Deed.ADMIN_DELETED, request, obj)
        return super().log_deletions(request, queryset)

    def _tell(self, deed: Deed, request: HttpRequest, obj: Model) -> None:
        before, after = getattr(request, FACTS, ({}, {}))
        workspace = getattr(obj, "workspace_id", None)
        record(deed, by=request.user, workspace=workspace, target=obj, before=before, after=after)
