"""Who sees which orphans, and which of our own sessions were left idle."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from agents_app.models import AgentRun
from notte_dashboard.runs.states import UNDER_WAY, State
from notte_dashboard.upkeep.models import Orphan
from notte_dashboard.workspaces.models import Workspace
from sessions_app.models import BrowserSession

IDLE_FOR = timedelta(minutes=10)
LOOKED_AT = timedelta(minutes=2)
MOST = 200


def orphans_for(user: User, workspace: Workspace) -> QuerySet[Orphan]:
    """Those of the keys that the user may use here. What the environment's key shows may be anybody's: superusers decide."""
    whose = Q(workspace=workspace) & (Q(api_key__owner=None) | Q(api_key__owner=user))
    if user.is_superuser:
        whose |= Q(workspace=workspace) | Q(api_key=None)
    return Orphan.objects.filter(whose, gone_at=None).select_related("api_key", "stop_requested_by").order_by("found_at", "pk")


def left_idle(workspace: Workspace) -> QuerySet[BrowserSession]:
    """Running sessions that nobody looks at, no agent works in, and nothing has happened in for a while."""
    now = timezone.now()
    working = AgentRun.objects.filter(session=OuterRef("pk"), state__in=UNDER_WAY)
    untouched = Q(last_accessed_at__lt=now - IDLE_FOR) | Q(last_accessed_at=None, active_at__lt=now - IDLE_FOR)
    unseen = Q(viewed_at=None) | Q(viewed_at__lt=now - LOOKED_AT)
    rows = BrowserSession.objects.in_workspace(workspace).filter(untouched, unseen, ~Exists(working), state=State.ACTIVE)
    return rows.select_related("started_by").order_by("active_at", "pk")
