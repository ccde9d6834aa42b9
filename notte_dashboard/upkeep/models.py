"""What keeps the place in order: sessions nobody here started, how the keys fare, how long things are kept."""

import math
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from notte_dashboard.workspaces.models import ApiKey, Workspace

ENVIRONMENT = "environment"


class Orphan(models.Model):
    """A session that lives at the API and that no row of ours knows. Without a key it was found with the environment's."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, null=True, related_name="+")
    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, null=True, related_name="+")
    session_id = models.CharField(max_length=255)
    remote_status = models.CharField(max_length=100, blank=True, default="")
    browser_type = models.CharField(max_length=100, blank=True, default="")
    remote_created_at = models.DateTimeField(null=True)
    last_accessed_at = models.DateTimeField(null=True)
    idle_timeout_minutes = models.PositiveIntegerField(null=True)
    max_duration_minutes = models.PositiveIntegerField(null=True)
    found_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    stop_requested_at = models.DateTimeField(null=True)
    stop_requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    problem = models.TextField(blank=True, default="")
    gone_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True, default="")
    """Once it is gone: adopted, known (a row of ours turned up), stopped, ended."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["api_key", "session_id"], name="orphan_of_a_key"),
            models.UniqueConstraint(fields=["session_id"], condition=Q(api_key=None), name="orphan_of_the_environment"),
        ]

    def __str__(self) -> str:
        return f"session {self.session_id}"

    @property
    def age(self) -> timedelta:
        return max((self.gone_at or timezone.now()) - (self.remote_created_at or self.found_at), timedelta(0))

    @property
    def browser_minutes(self) -> int:
        """What it has cost so far: browsers are billed by the begun minute."""
        return math.ceil(self.age.total_seconds() / 60)

    @property
    def state(self) -> str:
        return self.outcome or ("stopping" if self.stop_requested_at else "running")


class KeyHealth(models.Model):
    """What came of the last time a key was used to ask for the list of sessions."""

    name = models.CharField(max_length=40, unique=True)
    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, null=True, related_name="+")
    base_url = models.CharField(max_length=500)
    checked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    active_sessions = models.PositiveIntegerField(null=True)
    problem = models.CharField(max_length=40, blank=True, default="")
    problem_detail = models.TextField(blank=True, default="")

    class Meta:
        verbose_name_plural = "key health"
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


DAYS: dict[str, Any] = {"null": True, "blank": True, "validators": [MinValueValidator(1), MaxValueValidator(36500)]}


class Retention(models.Model):
    """For how many days a workspace keeps what; nothing said means for ever. Days count from the end of the run."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="retention")
    screenshot_days = models.PositiveIntegerField("screenshots", help_text="Steps stay, without their pictures.", **DAYS)
    step_days = models.PositiveIntegerField("steps", help_text="The runs stay, with their facts and answers.", **DAYS)
    run_days = models.PositiveIntegerField("runs", help_text="Sessions and agents, with all that belongs to them.", **DAYS)
    audit_days = models.PositiveIntegerField("audit log", help_text="Who did what in this workspace.", **DAYS)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    pictures_cleared_until = models.DateTimeField(null=True, editable=False)
    """Pictures of runs that ended before this are gone already."""
    claimed_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name_plural = "retention"

    def __str__(self) -> str:
        return f"retention of {self.workspace}"


class RetentionReport(models.Model):
    """What one pass removed, or would have."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    dry_run = models.BooleanField(default=False)
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(default=timezone.now)
    sessions = models.PositiveIntegerField(default=0)
    agents = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    screenshots = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    file_bytes = models.PositiveBigIntegerField(default=0)
    audit_entries = models.PositiveIntegerField(default=0)
    complete = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["workspace", "-id"], name="retention_report_newest")]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.sentence}"

    @property
    def sentence(self) -> str:
        counts = [
            (self.sessions, "session"), (self.agents, "agent"), (self.steps, "step"), (self.screenshots, "screenshot"),
            (self.files, "file"), (self.audit_entries, "audit entry"),
        ]  # fmt: skip
        parts = [f"{count} {name if count == 1 else _plural(name)}" for count, name in counts if count]
        verb = "would remove" if self.dry_run else "removed"
        return f"{verb} {', '.join(parts) or 'nothing'}"


def _plural(name: str) -> str:
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
