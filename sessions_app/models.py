import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property

from notte_dashboard.runs.models import Run, Step

DRIVES_SHOWN = 20


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

    @cached_property
    def recent_drives(self) -> list["Drive"]:
        """Newest first."""
        return list(self.drives.select_related("driver")[:DRIVES_SHOWN])

    @property
    def drive(self) -> "Drive | None":
        """The one that goes on; never two, and always the newest."""
        newest = self.recent_drives[0] if self.recent_drives else None
        return newest if newest and newest.given_back_at is None else None

    def get_absolute_url(self) -> str:
        return reverse("sessions:detail", args=[self.uuid])


def _later(moment: datetime | None, minutes: int | None) -> datetime | None:
    """None when there is no limit, or one beyond the calendar."""
    try:
        return moment + timedelta(minutes=minutes) if moment and minutes else None
    except OverflowError:
        return None


class Drive(models.Model):
    """Somebody drives the browser by hand: one at a time, which the constraint holds. Kept as history when it is over."""

    class End(models.TextChoices):
        GAVE_BACK = "gave_back", "gave it back"
        ELSEWHERE = "elsewhere", "moved to another window"
        TAKEN_OVER = "taken_over", "another driver took over"
        LEFT = "left", "left the page"
        SIGNED_OUT = "signed_out", "signed out"
        NOT_ALLOWED = "not_allowed", "lost the role"
        SESSION_ENDED = "session_ended", "the session ended"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(BrowserSession, on_delete=models.CASCADE, related_name="drives")
    driver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    login = models.CharField(max_length=64, editable=False)
    """Stands for the login session it was taken in, without being it."""
    taken_at = models.DateTimeField()
    lease_until = models.DateTimeField()
    given_back_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=16, choices=End, blank=True, default="")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["session"], condition=Q(given_back_at=None), name="one_driver_of_a_session"),
        ]

    def __str__(self) -> str:
        return f"{self.driver} drives {self.session_id}"


class SessionStep(Step):
    run = models.ForeignKey(BrowserSession, on_delete=models.CASCADE, related_name="steps")
