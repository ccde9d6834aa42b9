"""What lists and the wall show of a run's steps, kept in the run's own row, so that a hundred runs cost one query."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from notte_dashboard.runs import stuck
from notte_dashboard.runs.reading import Reading
from notte_dashboard.runs.states import State

GOAL_LIMIT = 500
UNSEEN = (
    "lease_owner",
    "lease_until",
    "fence",
    "seen_at",
    "viewed_at",
    "misses",
    "attempt",
    "next_attempt_at",
    "last_position",
)
"""Columns that change while a run is watched and that no list shows."""


class Glance(models.Model):
    last_step_at = models.DateTimeField(null=True)
    last_goal = models.CharField(max_length=GOAL_LIMIT, blank=True, default="")
    picture_seq = models.PositiveIntegerField(default=0)
    trail = models.JSONField(default=list)

    class Meta:
        abstract = True

    @property
    def stuck(self) -> stuck.Stuck | None:
        return stuck_now(self, timezone.now())


def stuck_now(run: Any, now: datetime) -> stuck.Stuck | None:
    """Only an agent goes on by itself: a quiet session waits for whoever drives it, and an unreachable API says nothing."""
    if run.state != State.ACTIVE:
        return None
    limits = stuck.Limits(settings.STUCK_REPEATS, settings.STUCK_RETRIES, settings.STUCK_SILENCE)
    since = max(filter(None, (run.last_step_at, run.active_at)), default=None)
    quiet = now - since if since and not run.stale_since else None
    if run.kind == "agent":
        return stuck.stuck(run.trail, quiet, limits)
    return stuck.stuck(run.trail, None, limits) if quiet is not None and quiet < limits.silence else None


def version(run: Any) -> str:
    """Another one whenever something that a list shows of the run has changed."""
    told = run.stuck
    shown = [(name, value) for name, value in sorted(run.__dict__.items()) if not name.startswith("_")]
    return hashlib.blake2s(f"{run.kind} {shown} {told}".encode(errors="replace"), digest_size=8).hexdigest()


class Growing:
    """The columns of a run while new items come."""

    def __init__(self, run: Any) -> None:
        self.changed = False
        self.goal, self.picture_seq, self.trail = run.last_goal, run.picture_seq, run.trail

    def take(self, seen: Reading, seq: int, url: str, *, picture: bool) -> None:
        """`url` is the page on which it happened."""
        self.changed = True
        self.goal = seen.goal[:GOAL_LIMIT] or self.goal
        self.picture_seq = seq if picture else self.picture_seq
        self.trail = stuck.grown(self.trail, seen, url)

    def columns(self) -> dict[str, Any]:
        if not self.changed:
            return {}
        return {
            "last_step_at": timezone.now(),
            "last_goal": self.goal,
            "picture_seq": self.picture_seq,
            "trail": self.trail,
        }
