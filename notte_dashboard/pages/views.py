"""Pages that look at both kinds of runs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents_app import queries as agents
from notte_dashboard.http import DashboardRequest
from notte_dashboard.pages import health
from notte_dashboard.workspaces.access import Action, workspace_for
from notte_dashboard.workspaces.pickers import pickers
from sessions_app import queries as sessions

RUNNING, ENDED = 20, 10


@login_required
@require_GET
@never_cache
def overview(request: DashboardRequest) -> HttpResponse:
    workspace = workspace_for(request, Action.VIEW)
    running = [*sessions.running(workspace)[:RUNNING], *agents.running(workspace)[:RUNNING]]
    ended = [*sessions.ended(workspace)[:ENDED], *agents.ended(workspace)[:ENDED]]
    context = {
        "running": sorted(running, key=lambda run: run.created_at, reverse=True),
        "ended": sorted(ended, key=lambda run: run.ended_at or run.created_at, reverse=True)[:ENDED],
        "attention": sum(bool(run.problem) for run in running),
    }
    return render(request, "pages/overview.html", context)


@login_required
@require_GET
@never_cache
def notices(request: DashboardRequest) -> HttpResponse:
    """What is wrong with the system right now; loaded after the page, so that a slow API slows no page."""
    wrong = [
        {"code": check.name, "title": check.title, "next_step": check.next_step} for check in health.checks() if not check.ok
    ]
    return render(request, "partials/notices.html", {"notices": wrong})


@login_required
@require_GET
@never_cache
def picker_lists(request: DashboardRequest) -> HttpResponse:
    """What the API keeps for this account; asked for by a start form that is already shown."""
    workspace = workspace_for(request, Action.RUN)
    return render(request, "partials/pickers.html", {"pickers": pickers(workspace, request.user, request.GET.getlist("list"))})
