from typing import Any

from django.contrib import admin

from notte_dashboard.runs.admin import RunAdmin, StepAdmin
from sessions_app.models import BrowserSession, SessionStep
from sessions_app.services.stop import stop_session


def _stop(by: Any, session: BrowserSession) -> None:
    stop_session(by=by, session=session)


@admin.register(BrowserSession)
class BrowserSessionAdmin(RunAdmin):
    list_display = ("uuid", "state", "workspace", "started_by", "created_at", "ended_at", "browser_type", "problem")
    search_fields = ("=uuid", "=session_id", "workspace__name", "started_by__username")
    stop_run = _stop


@admin.register(SessionStep)
class SessionStepAdmin(StepAdmin):
    pass
