"""Who may, is it valid, do it, answer."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from notte_dashboard.http import DashboardRequest, json_answer, screenshot_answer, wants_json
from notte_dashboard.runs.history import keyset_page
from notte_dashboard.runs.timeline import number
from notte_dashboard.workspaces.access import Action, can, follow, require, workspace_for
from sessions_app import facts, page, queries
from sessions_app.models import BrowserSession
from sessions_app.services.stop import stop_session


def session_for(request: DashboardRequest, uuid: UUID, action: Action) -> BrowserSession:
    session = queries.one_for(request.user, uuid)
    if session is None:
        raise Http404
    require(request.user, action, session.workspace_id)
    return session


@login_required
@require_GET
def session_list(request: DashboardRequest) -> HttpResponse:
    workspace = workspace_for(request, Action.VIEW)
    found = queries.SessionFilter(request.GET, queries.in_workspace(workspace), request=request)
    filters = found.form.cleaned_data if found.form.is_valid() else {}
    listed = keyset_page(found.qs, request.GET)
    template = "sessions_app/list.html" + ("#results" if request.htmx else "")
    context = {"filter_form": found.form, "filters_active": any(filters.values()), **listed.__dict__}
    context["total_label"] = queries.label(listed)
    context["socket_path"] = listed.socket_path(workspace, "sessions", request.GET)
    return render(request, template, context)


@login_required
@require_GET
@never_cache
def session_detail(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    session = session_for(request, uuid, Action.VIEW)
    if wants_json(request):
        return json_answer(facts.as_json(session))
    follow(request, session.workspace)
    can_operate = can(request.user, Action.RUN, session.workspace_id)
    at = number(request.GET.get("step"))
    return render(request, "sessions_app/detail.html", page.page_context(session, can_operate=can_operate, at=at))


@login_required
@require_http_methods(["GET", "POST"])
def session_stop(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    session = session_for(request, uuid, Action.RUN)
    if request.method == "POST":
        stop_session(by=request.user, session=session)
        return HttpResponse(status=204) if request.htmx else redirect(session)
    return render(request, "sessions_app/stop.html", {"run": session})


@login_required
@require_GET
def session_screenshot(request: DashboardRequest, uuid: UUID, seq: int) -> HttpResponseBase:
    session = session_for(request, uuid, Action.VIEW)
    name = session.steps.filter(seq=seq).exclude(screenshot="").values_list("screenshot", flat=True).first()
    if name is None:
        raise Http404
    return screenshot_answer(name, small="small" in request.GET)
