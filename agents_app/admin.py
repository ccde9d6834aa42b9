from django.contrib import admin

from agents_app.models import AgentRun, AgentStep
from notte_dashboard.runs.admin import RunAdmin, StepAdmin


@admin.register(AgentRun)
class AgentRunAdmin(RunAdmin):
    list_display = ["uuid", "state", "success", "workspace", "started_by", "created_at", "ended_at", "problem"]
    search_fields = ["uuid", "agent_id", "task", "last_url"]


@admin.register(AgentStep)
class AgentStepAdmin(StepAdmin):
    pass
