"""Reads: lists with their filters, one agent, its timeline."""

from typing import Any
from uuid import UUID

import django_filters
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet
from django.urls import reverse

from agents_app.models import AgentRun
from notte_dashboard.runs.cards import Addresses, ScreenshotView
from notte_dashboard.runs.glance import UNSEEN
from notte_dashboard.runs.history import Keyset, RunFilter, select
from notte_dashboard.runs.models import RunQuerySet
from notte_dashboard.runs.states import OVER, State
from notte_dashboard.runs.timeline import Timeline
from notte_dashboard.workspaces.models import Workspace

LIST_COLUMNS_LEFT_OUT = ("secrets", "remote", "reasons", *UNSEEN)
OUTCOMES = {
    "success": Q(success=True),
    "failure": Q(state__in=[State.CLOSED, State.ERROR, State.TIMED_OUT], stop_requested_at=None) & ~Q(success=True),
    "stopped": Q(state__in=[State.CLOSED, State.ERROR, State.TIMED_OUT], stop_requested_at__isnull=False) & ~Q(success=True),
}


class AgentFilter(RunFilter):
    searched = ("task", "answer", "url", "last_url", "last_title", "agent_id")

    outcome = django_filters.ChoiceFilter(
        label="Outcome",
        choices=[(name, name.capitalize()) for name in OUTCOMES],
        empty_label="Any",
        method="with_outcome",
        widget=select(),
    )

    class Meta:
        model = AgentRun
        fields: list[str] = []

    def with_outcome(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:  # noqa: ARG002
        return rows.filter(OUTCOMES[value])


def in_workspace(workspace: Workspace) -> RunQuerySet:
    """For lists: without the large columns."""
    rows = AgentRun.objects.in_workspace(workspace)
    return rows.select_related("started_by").defer(*LIST_COLUMNS_LEFT_OUT)


def label(page: Keyset) -> str:
    """How much is shown, without counting the rest."""
    if not page.runs:
        return ""
    shown = f"{len(page.runs)} agent{'' if len(page.runs) == 1 else 's'}"
    if page.newest_url:
        return f"{shown}, older ones"
    return f"The newest {shown}" if page.next_url else shown


def running(workspace: Workspace) -> RunQuerySet:
    return in_workspace(workspace).exclude(state__in=OVER).newest_first()


def ended(workspace: Workspace) -> RunQuerySet:
    return in_workspace(workspace).filter(state__in=OVER).order_by("-ended_at", "-pk")


def one_for(user: AbstractBaseUser | AnonymousUser, uuid: UUID) -> AgentRun | None:
    """The agent if the user is a member of its workspace; foreign and missing are the same."""
    rows = AgentRun.objects.for_user(user).select_related("workspace", "started_by", "stop_requested_by", "session")
    found: AgentRun | None = rows.filter(uuid=uuid).first()
    return found


def addresses(agent: AgentRun) -> Addresses:
    return Addresses(
        screenshot=lambda seq: reverse("agents:screenshot", args=[agent.uuid, seq]),
        raw=lambda number: reverse("agents:step", args=[agent.uuid, number]),
    )


def timeline(agent: AgentRun) -> Timeline:
    return Timeline(agent, agent.steps.all(), addresses(agent))


def last_screenshot(agent: AgentRun) -> ScreenshotView | None:
    step = agent.steps.filter(seq=agent.picture_seq).exclude(screenshot="").first()
    if step is None:
        return None
    return ScreenshotView(addresses(agent).screenshot(step.seq), step.screenshot_width, step.screenshot_height)
