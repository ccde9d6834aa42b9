"""Inviting, and following an invitation."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from notte_dashboard.http import DashboardRequest
from notte_dashboard.teams.forms import InviteForm
from notte_dashboard.teams.member_views import members_context
from notte_dashboard.workspaces import invitations
from notte_dashboard.workspaces.access import Action, memberships, workspace_for
from notte_dashboard.workspaces.invitations import Made
from notte_dashboard.workspaces.models import Invitation, Role


def invitation_for(request: DashboardRequest, uuid: UUID) -> Invitation:
    workspace = workspace_for(request, Action.MANAGE)
    found = Invitation.objects.select_related("workspace").filter(workspace=workspace, uuid=uuid).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_POST
@never_cache
def invite_somebody(request: DashboardRequest) -> HttpResponse:
    workspace = workspace_for(request, Action.MANAGE)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return render(request, "workspaces/members.html", members_context(request, workspace, form), status=422)
    role, email = Role(form.cleaned_data["role"]), form.cleaned_data["email"]
    made = invitations.invite(by=request.user, workspace=workspace, role=role, email=email)
    return _tell(request, made)


@login_required
@require_POST
@never_cache
def renew_invitation(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    """The link is known to nobody here any more: a new one, and the old one is dead."""
    made = invitations.renew(invitation_for(request, uuid))
    if made is None:
        messages.error(request, "This invitation was followed or taken back meanwhile.")
        return redirect("teams:members")
    return _tell(request, made)


@login_required
@require_POST
def revoke_invitation(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    taken_back = invitations.revoke(invitation_for(request, uuid))
    told = "The invitation is taken back: its link is dead." if taken_back else "This invitation was followed already."
    messages.add_message(request, messages.SUCCESS if taken_back else messages.ERROR, told)
    return redirect("teams:members")


def _tell(request: DashboardRequest, made: Made) -> HttpResponse:
    """The link, this once. Not behind a redirect: it would have to be kept for that."""
    link = request.build_absolute_uri(reverse("teams:invitation", args=[made.token]))
    mailed = ""
    if made.invitation.email and settings.EMAIL_URL_GIVEN:
        try:
            invitations.mail(made, link)
            mailed = "sent"
        except OSError:  # smtplib's errors too
            mailed = "failed"
    return render(request, "workspaces/invited.html", {"invitation": made.invitation, "link": link, "mailed": mailed})


@require_http_methods(["GET", "POST"])
@never_cache
def invitation(request: DashboardRequest, token: str) -> HttpResponse:
    """What it is for; a POST accepts it, or, without an account, goes and makes one. A dead link answers like a made-up one."""
    found = invitations.find(token)
    if found is None:
        return render(request, "workspaces/invitation_over.html", status=404)
    if request.method == "POST":
        return _followed(request, found, token)
    is_member = any(each.workspace_id == found.workspace_id for each in memberships(request))
    return render(request, "workspaces/invitation.html", {"invitation": found, "is_member": is_member})


def _followed(request: DashboardRequest, found: Invitation, token: str) -> HttpResponse:
    if not request.user.is_authenticated:
        invitations.carry(request, token)
        return redirect("account_signup")
    if not invitations.accept(request, found, by=request.user):
        return render(request, "workspaces/invitation_over.html", status=404)
    messages.success(request, f"Welcome to {found.workspace.name}.")
    return redirect("overview")
