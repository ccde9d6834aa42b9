from django.contrib import admin

from notte_dashboard.runs.admin import ReadOnlyAdmin, RunAdmin, StepAdmin
from sessions_app.models import BrowserSession, Drive, SessionStep


@admin.register(BrowserSession)
class BrowserSessionAdmin(RunAdmin):
    list_display = ["uuid", "state", "workspace", "started_by", "created_at", "ended_at", "browser_type", "problem"]
    search_fields = ["uuid", "session_id", "last_url"]


@admin.register(SessionStep)
class SessionStepAdmin(StepAdmin):
    pass


@admin.register(Drive)
class DriveAdmin(ReadOnlyAdmin):
    list_display = ["session", "driver", "taken_at", "given_back_at", "reason"]
    list_filter = ["reason"]
    list_select_related = ["session", "driver"]
    exclude = ["login"]
