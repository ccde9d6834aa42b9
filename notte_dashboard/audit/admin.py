from django.contrib import admin

from notte_dashboard.audit.admin_export import export_csv
from notte_dashboard.audit.deeds import ABOUT
from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.panel.filters import choice_filter
from notte_dashboard.panel.large import LargeAdmin
from notte_dashboard.panel.read_only import ReadOnlyAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin, LargeAdmin):
    list_display = ("created_at", "actor_name", "action", "target_kind", "target_name", "workspace", "address")
    list_filter = (choice_filter("action", "what", ABOUT, lookup="startswith"), "created_at")
    list_select_related = ("workspace",)
    search_fields = ("=actor_name", "=target_id", "=address", "workspace__name")
    search_help_text = "A whole user name, ID or address, or a part of a workspace's name"
    actions = (export_csv,)
