from django.contrib import admin

from notte_dashboard.runs.admin import RunAdmin, StepAdmin
from sessions_app.models import BrowserSession, SessionStep


@admin.register(BrowserSession)
class BrowserSessionAdmin(RunAdmin):
    list_display = ["uuid", "state", "workspace", "started_by", "created_at", "ended_at", "browser_type", "problem"]
    search_fields = ["uuid", "session_id", "last_url"]


@admin.register(SessionStep)
class SessionStepAdmin(StepAdmin):
    pass
