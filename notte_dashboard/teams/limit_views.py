"""How much the workspace, and each member, may use."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from notte_dashboard.http import DashboardRequest
from notte_dashboard.runs import limits
from notte_dashboard.teams.forms import MemberLimitsForm, WorkspaceLimitsForm, save
from notte_dashboard.teams.member_views import member_for
from notte_dashboard.workspaces.access import Action, may, workspace_for


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def workspace_limits(request: DashboardRequest) -> HttpResponse:
    """Every member sees what holds for them; a POST is for admins."""
    workspace = workspace_for(request, Action.MANAGE if request.method == "POST" else Action.VIEW)
    form = WorkspaceLimitsForm(request.POST or None, instance=workspace)
    if request.method == "POST" and form.is_valid():
        save(form)
        messages.success(request, "Saved")
        return redirect("teams:limits")
    context = {
        "form": form,
        "manages": may(request, Action.MANAGE),
        "limits": limits.in_force(workspace, request.user),
    }
    return render(request, "workspaces/limits.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def member_limits(request: DashboardRequest, pk: int) -> HttpResponse:
    membership = member_for(workspace_for(request, Action.MANAGE), pk)
    form = MemberLimitsForm(request.POST or None, instance=membership)
    if request.method == "POST" and form.is_valid():
        save(form)
        messages.success(request, f"Saved for {membership.user}")
        return redirect("teams:members")
    context = {"form": form, "membership": membership, "limits": limits.in_force(membership.workspace, membership.user)}
    return render(request, "workspaces/member_limits.html", context, status=422 if form.errors else 200)
