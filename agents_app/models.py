from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from notte_dashboard.runs.models import Run, Step
from notte_dashboard.runs.states import State
from notte_dashboard.schema_forms.contract import contract
from sessions_app.models import BrowserSession


class AgentRun(Run):
    """A web agent at work in a session; the columns below are LegacyAgentStatusResponse of the contract."""

    kind = "agent"
    # An agent waits until its session has a browser.
    startable: ClassVar[Q] = Q(session__state=State.ACTIVE)

    session = models.ForeignKey(BrowserSession, on_delete=models.PROTECT, related_name="agents")
    agent_id = models.CharField(max_length=255, blank=True, default="", db_index=True)
    remote_created_at = models.DateTimeField(null=True)
    remote_closed_at = models.DateTimeField(null=True)
    saved = models.BooleanField(null=True)
    task = models.TextField(blank=True, default="")
    url = models.TextField(blank=True, default="")
    success = models.BooleanField(null=True)
    answer = models.TextField(blank=True, default="")

    class Meta(Run.Meta):
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="agent_newest"),
            models.Index(fields=["workspace", "state", "-created_at", "-id"], name="agent_state"),
            models.Index(fields=["workspace", "started_by", "-created_at", "-id"], name="agent_owner"),
            models.Index(fields=["workspace", "-ended_at", "-id"], name="agent_ended"),
            models.Index(fields=["state", "lease_until"], name="agent_lease"),
        ]
        constraints = [models.UniqueConstraint(fields=["workspace", "nonce"], name="agent_nonce")]

    @property
    def remote_id(self) -> str:
        return self.agent_id

    @property
    def outcome(self) -> str:
        """success, failure, stopped, or empty while it runs or when it never started."""
        if self.state not in {State.CLOSED, State.ERROR, State.TIMED_OUT}:
            return ""
        if self.success:
            return "success"
        return "stopped" if self.stop_requested_at else "failure"

    @property
    def tone(self) -> str:
        """A closed agent is only good when it succeeded."""
        return {"failure": "bad", "stopped": "idle"}.get(self.outcome) or super().tone

    @property
    def progress(self) -> int:
        return min(self.last_number, self.max_steps)

    @property
    def max_steps(self) -> int:
        asked = self.request.get("max_steps")
        schema = contract()["components"]["schemas"]["ApiAgentStartRequest"]["properties"].get("max_steps", {})
        return asked if isinstance(asked, int) else int(schema.get("default", 1))

    @property
    def model(self) -> str:
        return str(self.request.get("reasoning_model") or "")

    def get_absolute_url(self) -> str:
        return reverse("agents:detail", args=[self.uuid])


class AgentStep(Step):
    run = models.ForeignKey(AgentRun, on_delete=models.CASCADE, related_name="steps")
