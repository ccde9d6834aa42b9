"""Who is in the current workspace, as what."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notte_dashboard.http import DashboardRequest
from notte_dashboard.teams.forms import InviteForm, RoleForm
from notte_dashboard.workspaces.access import Action, may, workspace_for
from notte_dashboard.workspaces.members import LastAdminError, change_role, remove
from notte_dashboard.workspaces.models import Invitation, Membership, Role, Workspace


def member_for(workspace: Workspace, pk: int) -> Membership:
    found = Membership.objects.select_related("user", "workspace").filter(workspace=workspace, pk=pk).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
@never_cache
def members(request: DashboardRequest) -> HttpResponse:
    workspace = workspace_for(request, Action.VIEW)
    return render(request, "workspaces/members.html", members_context(request, workspace, InviteForm()))


def members_context(request: DashboardRequest, workspace: Workspace, form: InviteForm) -> dict[str, object]:
    manages = may(request, Action.MANAGE)
    rows = Membership.objects.filter(workspace=workspace).select_related("user").order_by("user__username")
    open_invitations = Invitation.objects.filter(workspace=workspace).open().select_related("created_by")
    return {
        "members": [(each, RoleForm(instance=each, prefix="", auto_id=f"role-{each.pk}-%s")) for each in rows],
        "manages": manages,
        "invitations": open_invitations if manages else (),
        "form": form,
    }


@login_required
@require_POST
def role(request: DashboardRequest, pk: int) -> HttpResponse:
    membership = member_for(workspace_for(request, Action.MANAGE), pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "There is no such role.")
        return redirect("teams:members")
    try:
        change_role(membership, Role(form.cleaned_data["role"]))
    except LastAdminError as error:
        messages.error(request, str(error))
    except Membership.DoesNotExist as error:
        raise Http404 from error
    else:
        messages.success(request, f"{membership.user} is now {Role(form.cleaned_data['role']).label.lower()}.")
    return redirect("teams:members")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def remove_member(request: DashboardRequest, pk: int) -> HttpResponse:
    """A GET asks first."""
    membership = member_for(workspace_for(request, Action.MANAGE), pk)
    if request.method == "GET":
        return render(request, "workspaces/remove.html", {"membership": membership})
    try:
        remove(membership)
    except LastAdminError as error:
        messages.error(request, str(error))
    except Membership.DoesNotExist as error:
        raise Http404 from error
    else:
        messages.success(request, f"{membership.user} was removed. Their runs stay in the history.")
    return redirect("teams:members")
