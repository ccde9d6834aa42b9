"""The audit log of a workspace, for its admins."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.http import DashboardRequest
from notte_dashboard.runs.history import keyset_page
from notte_dashboard.upkeep.entries import FORMATS, MOST_EXPORTED, AuditFilter, of_workspace
from notte_dashboard.workspaces.access import Action, workspace_for

MOST_MEMBERS = 200


@login_required
@require_GET
@never_cache
def audit_log(request: DashboardRequest) -> HttpResponse:
    workspace = workspace_for(request, Action.MANAGE)
    form = AuditFilter(request.GET or None)
    listed = keyset_page(form.narrowed(of_workspace(workspace)), request.GET)
    context = {
        "filter_form": form,
        "filters_active": form.is_active,
        "entries": listed.runs,
        "next_url": listed.next_url,
        "newest_url": listed.newest_url,
        "query": request.GET.urlencode(),
        "most_exported": MOST_EXPORTED,
    }
    if request.htmx:
        return render(request, "upkeep/audit.html#results", context)
    members = User.objects.filter(memberships__workspace=workspace).order_by("username")
    context["members"] = members.values_list("username", flat=True)[:MOST_MEMBERS]
    return render(request, "upkeep/audit.html", context)


@login_required
@require_POST
@never_cache
def audit_export(request: DashboardRequest) -> HttpResponse:
    """A POST, since it is itself told of in the log. The newest entries that match, up to a bound."""
    workspace = workspace_for(request, Action.MANAGE)
    name = request.POST.get("format", "")
    if name not in FORMATS:
        raise Http404
    written, content_type = FORMATS[name]
    form = AuditFilter(request.GET or None)
    entries = list(form.narrowed(of_workspace(workspace))[:MOST_EXPORTED])
    record(Deed.EXPORTED, by=request.user, workspace=workspace, after={"what": "audit log", "as": name, "entries": len(entries)})
    answer = HttpResponse(written(entries), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="audit-{timezone.now():%Y-%m-%d}.{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
