"""What a browser session and an agent run have in common. Both apps extend these two tables; nothing else does."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.utils import timezone

from notte_dashboard.runs import problems
from notte_dashboard.runs.glance import Glance
from notte_dashboard.runs.states import DISPLAY, OVER, TONES, State
from notte_dashboard.workspaces.encrypted import EncryptedTextField, KeepsSecrets
from notte_dashboard.workspaces.models import ApiKey, Workspace


class RunQuerySet(models.QuerySet[Any]):
    def in_workspace(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def for_user(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()  # comparing with no user would find the runs of workspaces without members
        return self.filter(workspace__memberships__user=user.pk)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class Run(Glance, KeepsSecrets):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    api_key = models.ForeignKey(ApiKey, on_delete=models.SET_NULL, null=True, related_name="+")
    nonce = models.CharField(max_length=64)
    request = models.JSONField(default=dict)
    secrets = EncryptedTextField(blank=True, default="")

    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    remote_status = models.CharField(max_length=100, blank=True, default="")
    problem = models.CharField(max_length=40, blank=True, default="")
    problem_detail = models.TextField(blank=True, default="")
    reasons = models.JSONField(default=list)
    remote = models.JSONField(default=dict)

    created_at = models.DateTimeField(default=timezone.now)
    attempt = models.PositiveIntegerField(default=0)
    misses = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stop_requested_at = models.DateTimeField(null=True)
    stop_requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)
    stale_since = models.DateTimeField(null=True)
    viewed_at = models.DateTimeField(null=True)

    lease_owner = models.CharField(max_length=64, blank=True, default="")
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveBigIntegerField(default=0)

    last_seq = models.PositiveIntegerField(default=0)
    last_position = models.IntegerField(default=-1)
    last_number = models.PositiveIntegerField(default=0)
    open_step = models.BooleanField(default=False)
    last_url = models.TextField(blank=True, default="")
    last_title = models.TextField(blank=True, default="")
    last_tabs = models.JSONField(default=list)
    number_seq = models.PositiveIntegerField(default=0)
    first_error = models.PositiveIntegerField(default=0)

    kind: ClassVar[str]
    startable: ClassVar[models.Q]
    """What must be true beside `queued` before a start is sent."""

    objects = RunQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def display_status(self) -> str:
        return DISPLAY.get(State(self.state), self.state)

    @property
    def status_label(self) -> str:
        if self.state == State.ACTIVE and self.remote_status not in {"", "active"}:
            return self.remote_status[:40]
        return self.display_status.replace("_", " ").capitalize()

    @property
    def tone(self) -> str:
        return TONES[State(self.state)]

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_settled(self) -> bool:
        """Over, and its last steps are fetched: a lease that lapsed is one whose watch was killed, and another takes it."""
        return self.is_over and self.lease_until is None

    @property
    def can_stop(self) -> bool:
        return self.state in {State.QUEUED, State.SENDING, State.UNKNOWN, State.ACTIVE}

    @property
    def problem_text(self) -> problems.Problem | None:
        return problems.problem(self.problem)

    @property
    def duration(self) -> timedelta | None:
        """From active (or created) to the end; None while it runs. The end may be told by the API, whose clock may be slow."""
        return max(self.ended_at - (self.active_at or self.created_at), timedelta(0)) if self.ended_at else None


class Step(models.Model):
    """One item of the API's `steps` list. Append-only; `seq` has no gaps, `position` is the index in the API's list."""

    seq = models.PositiveIntegerField()
    position = models.IntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    payload = models.JSONField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failed = models.BooleanField(default=False)
    screenshot = models.CharField(max_length=80, blank=True, default="")
    screenshot_width = models.PositiveIntegerField(default=0)
    screenshot_height = models.PositiveIntegerField(default=0)
    content_hash = models.CharField(max_length=64)
    stored_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["run", "seq"], name="%(class)s_seq"),
            models.UniqueConstraint(fields=["run", "position"], name="%(class)s_position"),
        ]
        indexes = [
            models.Index(fields=["run", "number"], name="%(class)s_number"),
            models.Index(fields=["run", "number"], name="%(class)s_failed", condition=models.Q(failed=True)),
            # Who else shows a picture is asked before its file goes.
            models.Index(fields=["screenshot"], name="%(class)s_picture"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"
