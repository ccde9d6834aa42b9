"""The current workspace: its name, another one, leaving it."""

from copy import copy
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from notte_dashboard.http import DashboardRequest
from notte_dashboard.teams.forms import WorkspaceNameForm, save
from notte_dashboard.workspaces import members
from notte_dashboard.workspaces.access import Action, current_membership, may, memberships, switch, workspace_for


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def settings_page(request: DashboardRequest) -> HttpResponse:
    """Every member sees it; a POST, which renames, is for admins."""
    workspace = workspace_for(request, Action.MANAGE if request.method == "POST" else Action.VIEW)
    form = WorkspaceNameForm(request.POST or None, instance=copy(workspace))
    if request.method == "POST" and form.is_valid():
        save(form)
        messages.success(request, "Saved")
        return redirect("teams:settings")
    context = {"form": form, "membership": current_membership(request), "manages": may(request, Action.MANAGE)}
    return render(request, "workspaces/settings.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def create(request: DashboardRequest) -> HttpResponse:
    form = WorkspaceNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workspace = members.create_workspace(by=request.user, name=form.cleaned_data["name"])
        switch(request, workspace)
        messages.success(request, f"You are now in the workspace {workspace.name}, as its admin.")
        return redirect("teams:members")
    return render(request, "workspaces/create.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def switch_to(request: DashboardRequest) -> HttpResponse:
    try:
        wanted = UUID(str(request.POST.get("workspace", "")))
    except ValueError as error:
        raise Http404 from error
    found = next((each.workspace for each in memberships(request) if each.workspace.uuid == wanted), None)
    if found is None:
        raise Http404
    switch(request, found)
    back = str(request.POST.get("next", ""))
    inside = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if inside else "overview")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def leave(request: DashboardRequest) -> HttpResponse:
    """A GET asks first."""
    workspace = workspace_for(request, Action.VIEW)
    membership = current_membership(request)
    if request.method == "GET" or membership is None:
        return render(request, "workspaces/leave.html", {"left": workspace})
    try:
        members.remove(membership)
    except members.LastAdminError as error:
        messages.error(request, str(error))
        return redirect("teams:members")
    messages.success(request, f"You have left {workspace.name}.")
    return redirect("overview")
