from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from notte_dashboard.runs.models import Run, Step


class BrowserSession(Run):
    """A cloud browser; the columns below are SessionResponse of the contract."""

    kind = "session"
    startable: ClassVar[Q] = Q()

    session_id = models.CharField(max_length=255, blank=True, default="", db_index=True)
    idle_timeout_minutes = models.PositiveIntegerField(null=True)
    max_duration_minutes = models.PositiveIntegerField(null=True)
    remote_created_at = models.DateTimeField(null=True)
    remote_closed_at = models.DateTimeField(null=True)
    last_accessed_at = models.DateTimeField(null=True)
    remote_duration = models.DurationField(null=True)
    error = models.TextField(blank=True, default="")
    proxies = models.BooleanField(null=True)
    browser_type = models.CharField(max_length=100, blank=True, default="")
    use_file_storage = models.BooleanField(null=True)
    network_request_bytes = models.BigIntegerField(null=True)
    network_response_bytes = models.BigIntegerField(null=True)
    user_agent = models.TextField(blank=True, default="")
    viewport_width = models.IntegerField(null=True)
    viewport_height = models.IntegerField(null=True)
    headless = models.BooleanField(null=True)
    solve_captchas = models.BooleanField(null=True)
    web_bot_auth = models.BooleanField(null=True)

    class Meta(Run.Meta):
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="session_newest"),
            models.Index(fields=["workspace", "state", "-created_at", "-id"], name="session_state"),
            models.Index(fields=["workspace", "started_by", "-created_at", "-id"], name="session_owner"),
            models.Index(fields=["workspace", "-ended_at", "-id"], name="session_ended"),
            models.Index(fields=["state", "lease_until"], name="session_lease"),
        ]
        constraints = [models.UniqueConstraint(fields=["workspace", "nonce"], name="session_nonce")]

    @property
    def remote_id(self) -> str:
        return self.session_id

    @property
    def idle_ends_at(self) -> datetime | None:
        return None if self.is_over else _later(self.last_accessed_at, self.idle_timeout_minutes)

    @property
    def max_ends_at(self) -> datetime | None:
        return None if self.is_over else _later(self.remote_created_at, self.max_duration_minutes)

    def get_absolute_url(self) -> str:
        return reverse("sessions:detail", args=[self.uuid])


def _later(moment: datetime | None, minutes: int | None) -> datetime | None:
    """None when there is no limit, or one beyond the calendar."""
    try:
        return moment + timedelta(minutes=minutes) if moment and minutes else None
    except OverflowError:
        return None


class SessionStep(Step):
    run = models.ForeignKey(BrowserSession, on_delete=models.CASCADE, related_name="steps")
