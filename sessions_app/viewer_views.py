"""The live picture: its frame, its own window, and who drives."""

import json
from time import monotonic
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.http import DashboardRequest
from notte_dashboard.notte_api.answers import SessionAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.notte_api.transport import Timeouts
from notte_dashboard.runs import viewer
from notte_dashboard.runs.states import STARTING
from notte_dashboard.runs.viewer import Viewer, framed
from notte_dashboard.waiting import rest, wait_for
from notte_dashboard.workspaces import keys
from notte_dashboard.workspaces.access import Action, can, require
from sessions_app import page, queries
from sessions_app.models import BrowserSession
from sessions_app.services import drive
from sessions_app.views import session_for

FOR_REVIEWERS = "Whoever has the live picture can drive the browser, so a reviewer sees the screenshots of the steps instead."
OVER = 410
START_WITHIN = 2.0
LOOK_EVERY = 0.01
NO_STEPS = 999_999_999
"""A window that says it has them all is told the state only."""


@login_required
@require_GET
@never_cache
def session_viewer(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    return answer(request, session_for(request, uuid, Action.VIEW))


def answer(request: DashboardRequest, session: BrowserSession) -> HttpResponse:
    """The frame for a page, or the window that holds nothing but the picture."""
    if "window" in request.GET:
        return _window(request, session)
    allowed = can(request.user, Action.WATCH, session.workspace_id)
    drives = allowed and _drives(request, session)
    shown = _viewer(request, session, interactive=drives) if allowed else viewer.missing(viewer.REVIEWER, FOR_REVIEWERS)
    if shown.url:
        record(Deed.WATCHED, by=request.user, workspace=session.workspace_id, target=session)
    context = {"run": session, "viewer": shown, "drives": drives, "newest": queries.last_screenshot(session)}
    return render(request, "partials/viewer.html", context, status=200 if allowed else 403)


def _window(request: DashboardRequest, session: BrowserSession) -> HttpResponse:
    require(request.user, Action.WATCH, session.workspace_id)
    context = page.live_context(session, can_operate=True)
    context |= {"socket_path": f"/ws/sessions/{session.uuid}/", "no_steps": NO_STEPS}
    return render(request, "sessions_app/viewer.html", context)


def _drives(request: DashboardRequest, session: BrowserSession) -> bool:
    uuid = _uuid(request.GET.get("drive"))
    return uuid is not None and drive.is_driving(request.user, session, uuid)


def _viewer(request: DashboardRequest, session: BrowserSession, *, interactive: bool) -> Viewer:
    """The address is asked for now and lives only in this answer."""
    _until_started(session)
    if session.is_over:
        return viewer.missing(viewer.ENDED, f"The session is {session.status_label.lower()}: there is no browser to show.")
    if not session.session_id:
        return viewer.missing(viewer.STARTING, "The browser has not started yet.")
    theme = "dark" if request.GET.get("theme") == "dark" else "light"
    try:
        connection = keys.connection(session.api_key)
        told: Any = wait_for(_ask(connection, session.session_id))
    except NotteError as error:
        return viewer.missing(viewer.UNREACHABLE, f"The API could not be asked for the viewer: {error.message}")
    except ValueError as error:
        return viewer.missing(viewer.UNREADABLE, f"The API could not be asked for the viewer: {error}")
    if "viewer_url" in told.dropped_urls:
        return viewer.holding_key()
    return framed(told.viewer_url, connection, theme=theme, interactive=interactive)


def _until_started(session: BrowserSession) -> None:
    """A page asks as soon as it is drawn, when the browser is nearly there: waiting here is quicker than asking again."""
    ends = monotonic() + START_WITHIN
    while session.state in STARTING and monotonic() < ends:
        rest(LOOK_EVERY)
        session.refresh_from_db(fields=["state", "session_id"])


async def _ask(connection: Connection, session_id: str) -> SessionAnswer | None:
    async with NotteClient(connection, retries=0, reads=Timeouts(read=10, deadline=15)) as client:
        return await client.session_status(session_id)


@login_required
@require_POST
def session_drive(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    """Take the wheel; with `instead_of`, from the one whom the page showed."""
    session = session_for(request, uuid, Action.DRIVE)
    instead_of = _uuid(request.GET.get("instead_of"))
    try:
        taken = drive.take(by=request.user, login=drive.login_of(request.session), session=session, instead_of=instead_of)
    except drive.HeldError as error:
        who = error.drive.driver if error.drive else "Somebody else"
        return _event("toast", {"text": f"{who} was faster and drives now.", "tone": "error"})
    except drive.NotRunningError:
        return _event("toast", {"text": "The browser has ended: there is nothing to drive.", "tone": "error"})
    record(Deed.DROVE, by=request.user, workspace=session.workspace_id, target=session)
    return _event("drive-taken", {"drive": str(taken.uuid)})


@login_required
@require_POST
def session_drive_keep(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    session = session_for(request, uuid, Action.DRIVE)
    mine = _uuid(request.POST.get("drive"))
    kept = mine is not None and drive.keep(by=request.user, session=session, uuid=mine)
    return HttpResponse(status=204 if kept else OVER)


@login_required
@require_POST
def session_drive_back(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    session = session_for(request, uuid, Action.VIEW)
    mine = _uuid(request.POST.get("drive"))
    if mine is not None:
        drive.give_back(by=request.user, session=session, uuid=mine, left="left" in request.POST)
    return HttpResponse(status=204)


def _event(name: str, detail: dict[str, str]) -> HttpResponse:
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({name: detail})})


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
