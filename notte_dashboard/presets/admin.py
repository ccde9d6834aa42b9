from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from notte_dashboard.panel.read_only import ReadOnlyAdmin
from notte_dashboard.presets.models import Preset, PresetVersion


@admin.register(Preset)
class PresetAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "workspace", "owner", "shared", "version", "saved_at", "deleted_at"]
    list_filter = ["kind", "shared", "saved_at"]
    list_select_related = ["workspace", "owner"]
    search_fields = ["name", "uuid"]


@admin.register(PresetVersion)
class PresetVersionAdmin(ReadOnlyAdmin):
    """Without its secrets."""

    list_display = ["preset", "number", "saved_by", "saved_at", "restored_from"]
    list_select_related = ["preset", "saved_by"]
    exclude = ["secrets"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PresetVersion]:
        found: QuerySet[PresetVersion] = super().get_queryset(request).defer("secrets")
        return found
