"""Reads: lists with their filters, one session, its timeline."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q, QuerySet
from django.urls import reverse

from notte_dashboard.runs.cards import Actor, Addresses, ScreenshotView
from notte_dashboard.runs.glance import UNSEEN
from notte_dashboard.runs.history import Keyset, RunFilter
from notte_dashboard.runs.models import RunQuerySet
from notte_dashboard.runs.states import OVER, State
from notte_dashboard.runs.timeline import Timeline
from notte_dashboard.workspaces.models import Workspace
from sessions_app.models import BrowserSession

LIST_COLUMNS_LEFT_OUT = ("request", "secrets", "remote", "reasons", "user_agent", "remote_duration", *UNSEEN)
ACTORS = 200
ACTOR_LABEL = 120


class SessionFilter(RunFilter):
    searched = ("last_url", "last_title", "session_id", "error", "agents__task", "agents__answer")

    class Meta:
        model = BrowserSession
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Its agents are searched too: by pk, or a session would be listed once for each."""
        return rows.filter(pk__in=super().search(rows.order_by(), name, value).values("pk"))


def in_workspace(workspace: Workspace) -> RunQuerySet:
    """For lists: without the large columns."""
    rows = BrowserSession.objects.in_workspace(workspace)
    return rows.select_related("started_by").defer(*LIST_COLUMNS_LEFT_OUT)


def label(page: Keyset) -> str:
    """How much is shown, without counting the rest."""
    if not page.runs:
        return ""
    shown = f"{len(page.runs)} session{'' if len(page.runs) == 1 else 's'}"
    if page.newest_url:
        return f"{shown}, older ones"
    return f"The newest {shown}" if page.next_url else shown


def running(workspace: Workspace) -> RunQuerySet:
    return in_workspace(workspace).exclude(state__in=OVER).newest_first()


def ended(workspace: Workspace) -> RunQuerySet:
    return in_workspace(workspace).filter(state__in=OVER).order_by("-ended_at", "-pk")


def usable(workspace: Workspace) -> RunQuerySet:
    """Sessions an agent can be started in."""
    return in_workspace(workspace).filter(~Q(session_id=""), state=State.ACTIVE).newest_first()


def one_for(user: AbstractBaseUser | AnonymousUser, uuid: UUID) -> BrowserSession | None:
    """The session if the user is a member of its workspace; foreign and missing are the same."""
    rows = BrowserSession.objects.for_user(user).select_related("workspace", "started_by", "stop_requested_by")
    found: BrowserSession | None = rows.filter(uuid=uuid).first()
    return found


def actors(session: BrowserSession) -> dict[str, Actor]:
    """Who did the steps: the agents that worked in it, by the API's id."""
    rows = session.agents.exclude(agent_id="").order_by("-pk").only("agent_id", "uuid", "task")
    return {agent.agent_id: Actor(agent.task[:ACTOR_LABEL], agent.get_absolute_url()) for agent in rows[:ACTORS]}


def addresses(session: BrowserSession) -> Addresses:
    return Addresses(
        screenshot=lambda seq: reverse("sessions:screenshot", args=[session.uuid, seq]),
        raw=lambda number: reverse("sessions:step", args=[session.uuid, number]),
    )


def timeline(session: BrowserSession) -> Timeline:
    return Timeline(session, session.steps.all(), addresses(session), lambda: actors(session))


def last_screenshot(session: BrowserSession) -> ScreenshotView | None:
    step = session.steps.filter(seq=session.picture_seq).exclude(screenshot="").first()
    if step is None:
        return None
    return ScreenshotView(addresses(session).screenshot(step.seq), step.screenshot_width, step.screenshot_height)
