"""Pages that look at both kinds of runs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from notte_dashboard.http import DashboardRequest
from notte_dashboard.pages import health
from notte_dashboard.pages import overview as overviews
from notte_dashboard.pages import wall as walls
from notte_dashboard.workspaces.access import Action, workspace_for
from notte_dashboard.workspaces.pickers import pickers


@login_required
@require_GET
@never_cache
def overview(request: DashboardRequest) -> HttpResponse:
    workspace = workspace_for(request, Action.VIEW)
    runs = overviews.runs(workspace)
    context = {**runs._asdict(), "attention": runs.attention, "socket_path": overviews.socket_path(workspace, runs)}
    return render(request, "pages/overview.html" + ("#results" if request.htmx else ""), context)


@login_required
@require_GET
@never_cache
def wall(request: DashboardRequest) -> HttpResponse:
    workspace = workspace_for(request, Action.VIEW)
    seen = walls.shown(workspace)
    tiles = [mark_safe(html) for html in walls.tiles_html(seen)]  # noqa: S308 - our own fragments
    context = {"wall": seen, "tiles": tiles, "socket_path": f"/ws/workspaces/{workspace.uuid}/?page=wall"}
    return render(request, "pages/wall.html", context)


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
