"""The admin panel as a whole: its head, and that whatever is changed in it is told of."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models.base import ModelBase
from django.http import HttpRequest
from django.template.response import TemplateResponse


class DashboardAdminSite(admin.AdminSite):
    site_title = "Notte Dashboard"
    site_header = "Notte Dashboard"
    index_title = "Administration"
    empty_value_display = "\u2014"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Also what the account libraries register: nothing is changed here without an entry in the audit log."""
        from notte_dashboard.audit.admin_changes import AuditedAdmin  # noqa: PLC0415 - models must be loaded first

        plain = admin_class or admin.ModelAdmin
        audited = type(f"Audited{plain.__name__}", (AuditedAdmin, plain), {"__module__": plain.__module__})
        models: Iterable[Any] = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        super().register(models, audited, **options)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from notte_dashboard.pages import dashboard  # noqa: PLC0415

        return super().index(request, {**(extra_context or {}), **dashboard.facts()})
