"""Sessions that nobody here started, and our own that nobody uses: for the workspace's admins."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notte_dashboard.http import DashboardRequest
from notte_dashboard.runs.enqueue import enqueue
from notte_dashboard.upkeep import tasks
from notte_dashboard.upkeep.models import KeyHealth, Orphan
from notte_dashboard.upkeep.orphans.adopt import GoneError, adopt
from notte_dashboard.upkeep.orphans.listing import MOST, left_idle, orphans_for
from notte_dashboard.upkeep.orphans.stop import stop_orphan
from notte_dashboard.workspaces.access import Action, workspace_for
from notte_dashboard.workspaces.models import Workspace


@login_required
@require_GET
@never_cache
def orphans(request: DashboardRequest) -> HttpResponse:
    workspace = workspace_for(request, Action.MANAGE)
    health = KeyHealth.objects.order_by("-checked_at").first()
    context = {
        "orphans": orphans_for(request.user, workspace)[:MOST],
        "idle": left_idle(workspace)[:MOST],
        "looked_at": health.checked_at if health else None,
        "failing": KeyHealth.objects.filter(api_key__workspace=workspace).exclude(problem=""),
    }
    return render(request, "upkeep/orphans.html", context)


@login_required
@require_POST
def search(request: DashboardRequest) -> HttpResponse:
    workspace_for(request, Action.MANAGE)
    enqueue(tasks.find_orphans, expires=60)
    messages.success(request, "Looking at the API now; load this page again in a moment.")
    return redirect("upkeep:orphans")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def adopt_one(request: DashboardRequest, pk: int) -> HttpResponse:
    workspace, orphan = _orphan_for(request, pk)
    if request.method == "GET":
        return _question(
            request, orphan, "Adopt this session?", "It becomes a session of this workspace and is watched.", "Adopt"
        )
    try:
        return redirect(adopt(orphan, by=request.user, workspace=workspace))
    except GoneError as error:
        messages.error(request, str(error))
        return redirect("upkeep:orphans")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def stop_one(request: DashboardRequest, pk: int) -> HttpResponse:
    _, orphan = _orphan_for(request, pk)
    if request.method == "GET":
        return _question(request, orphan, "Stop this session?", "Its browser closes, whoever started it.", "Stop session")
    stop_orphan(orphan, by=request.user)
    messages.success(request, "The stop is on its way.")
    return redirect("upkeep:orphans")


def _orphan_for(request: DashboardRequest, pk: int) -> tuple[Workspace, Orphan]:
    workspace = workspace_for(request, Action.MANAGE)
    orphan = orphans_for(request.user, workspace).filter(pk=pk).first() if pk < 2**63 else None
    if orphan is None:
        raise Http404
    return workspace, orphan


def _question(request: DashboardRequest, orphan: Orphan, question: str, consequence: str, label: str) -> HttpResponse:
    context = {"orphan": orphan, "question": question, "consequence": consequence, "label": label}
    return render(request, "upkeep/orphan_question.html", context)
