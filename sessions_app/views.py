"""Who may, is it valid, do it, answer."""

import asyncio
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.http import DashboardRequest, json_answer, screenshot_answer, wants_json
from notte_dashboard.notte_api.answers import SessionAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.notte_api.transport import Timeouts
from notte_dashboard.runs.history import keyset_page
from notte_dashboard.runs.viewer import Viewer, framed
from notte_dashboard.workspaces import keys
from notte_dashboard.workspaces.access import Action, can, follow, require, workspace_for
from sessions_app import facts, page, queries
from sessions_app.models import BrowserSession
from sessions_app.services.stop import stop_session

FOR_REVIEWERS = "Whoever has the live picture can drive the browser, so a reviewer sees the screenshots of the steps instead."


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
    return render(request, "sessions_app/detail.html", page.page_context(session, can_operate=can_operate))


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
@never_cache
def session_viewer(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    """The live picture's frame. The address is asked for now and lives only in this answer."""
    session = session_for(request, uuid, Action.VIEW)
    allowed = can(request.user, Action.WATCH, session.workspace_id)
    theme = "dark" if request.GET.get("theme") == "dark" else "light"
    viewer = _viewer(session, theme) if allowed else Viewer("", FOR_REVIEWERS, "")
    if viewer.url:
        record(Deed.WATCHED, by=request.user, workspace=session.workspace_id, target=session)
    context = {"run": session, "viewer_url": viewer.url, "reason": viewer.reason, "viewer_sandbox": viewer.sandbox}
    return render(request, "partials/viewer.html", context, status=200 if allowed else 403)


def _viewer(session: BrowserSession, theme: str) -> Viewer:
    if session.is_over or not session.session_id:
        return Viewer("", f"The session is {session.status_label.lower()}: there is no browser to show.", "")
    try:
        connection = keys.connection(session.api_key)
        answer: Any = asyncio.run(_ask(connection, session.session_id))
    except NotteError as error:
        return Viewer("", f"The API could not be asked for the viewer: {error.message}", "")
    except ValueError as error:
        return Viewer("", f"The API could not be asked for the viewer: {error}", "")
    if "viewer_url" in answer.dropped_urls:
        return Viewer("", "The viewer address holds the API key, so it is not handed to a browser.", "")
    return framed(answer.viewer_url, connection, theme=theme)


async def _ask(connection: Connection, session_id: str) -> SessionAnswer | None:
    async with NotteClient(connection, retries=0, reads=Timeouts(read=10, deadline=15)) as client:
        return await client.session_status(session_id)


@login_required
@require_GET
def session_screenshot(request: DashboardRequest, uuid: UUID, seq: int) -> HttpResponseBase:
    session = session_for(request, uuid, Action.VIEW)
    name = session.steps.filter(seq=seq).exclude(screenshot="").values_list("screenshot", flat=True).first()
    if name is None:
        raise Http404
    return screenshot_answer(name, small="small" in request.GET)
