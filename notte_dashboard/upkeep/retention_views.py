"""For how long the workspace keeps what: said by its admins, after seeing what would go."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from notte_dashboard.http import DashboardRequest
from notte_dashboard.upkeep.forms import RetentionForm
from notte_dashboard.upkeep.models import RetentionReport
from notte_dashboard.upkeep.retention.change import change_retention, retention_of
from notte_dashboard.upkeep.retention.dry_run import counted
from notte_dashboard.workspaces.access import Action, workspace_for

REPORTS_SHOWN = 20


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def retention(request: DashboardRequest) -> HttpResponse:
    """A POST saves only when it says so; any other shows what its values would remove."""
    workspace = workspace_for(request, Action.MANAGE)
    form = RetentionForm(request.POST or None, instance=retention_of(workspace))
    valid = request.method == "POST" and form.is_valid()
    if valid and request.POST.get("do") == "save":
        change_retention(by=request.user, workspace=workspace, days=form.cleaned_data)
        messages.success(request, "Saved. What is too old goes within the hour.")
        return redirect("upkeep:retention")
    reports = RetentionReport.objects.filter(workspace=workspace, dry_run=False).select_related("by")[:REPORTS_SHOWN]
    context = {"form": form, "preview": counted(form.save(commit=False)) if valid else None, "reports": reports}
    return render(request, "upkeep/retention.html", context, status=422 if form.errors else 200)
