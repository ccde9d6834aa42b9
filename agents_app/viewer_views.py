"""The live picture of an agent is that of its session's browser."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents_app.views import agent_for
from notte_dashboard.http import DashboardRequest
from notte_dashboard.workspaces.access import Action
from sessions_app import viewer_views


@login_required
@require_GET
@never_cache
def agent_viewer(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    return viewer_views.answer(request, agent_for(request, uuid, Action.VIEW).session)
