from typing import Any

from django.contrib import admin

from agents_app.models import AgentRun, AgentStep
from agents_app.services.stop import stop_agent
from notte_dashboard.runs.admin import RunAdmin, StepAdmin


def _stop(by: Any, agent: AgentRun) -> None:
    stop_agent(by=by, agent=agent)


@admin.register(AgentRun)
class AgentRunAdmin(RunAdmin):
    list_display = ("uuid", "state", "success", "workspace", "started_by", "created_at", "ended_at", "problem")
    search_fields = ("=uuid", "=agent_id", "workspace__name", "started_by__username")
    stop_run = _stop


@admin.register(AgentStep)
class AgentStepAdmin(StepAdmin):
    pass
