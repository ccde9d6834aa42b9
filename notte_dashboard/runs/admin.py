"""History can be read in the admin panel, never edited: a reviewer must be able to trust it."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False


class RunAdmin(ReadOnlyAdmin):
    list_filter = ["state", "created_at"]
    list_select_related = ["workspace", "started_by"]
    exclude = ["secrets", "nonce"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("secrets")


class StepAdmin(ReadOnlyAdmin):
    list_display = ["run", "seq", "kind", "number", "started_at", "stored_at"]
    list_filter = ["kind"]
    list_select_related = ["run"]
    search_fields = ["run__uuid"]
