from django.contrib import admin

from notte_dashboard.panel.read_only import ReadOnlyAdmin
from notte_dashboard.watching.models import WorkerHeartbeat


@admin.register(WorkerHeartbeat)
class WorkerHeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("worker", "beat_at")
    ordering = ("-beat_at",)
