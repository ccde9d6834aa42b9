"""Starting: the form, what it would send, what it is kept as; and an old request once more."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from notte_dashboard.http import DashboardRequest, nonce_of
from notte_dashboard.presets.filling import Opened, Place, opened, posted
from notte_dashboard.presets.kinds import SESSION
from notte_dashboard.presets.panel import Sending
from notte_dashboard.presets.saving import answer_save
from notte_dashboard.presets.start_page import check_answer, say_limit, start_form_alone, start_page, status_of
from notte_dashboard.runs.limits import LimitError
from notte_dashboard.workspaces.access import Action, workspace_for
from notte_dashboard.workspaces.encrypted import DecryptError
from sessions_app.forms import start_form
from sessions_app.models import BrowserSession
from sessions_app.services.repeat import repeated
from sessions_app.services.start import start_session
from sessions_app.services.without import refused, start_without
from sessions_app.views import session_for


def _place(request: DashboardRequest) -> Place:
    return Place(request.user, workspace_for(request, Action.RUN), SESSION, start_form)


def _sending(found: Opened) -> Sending:
    return Sending(SESSION, found.read.valid_part())


@login_required
@require_http_methods(["GET", "POST"])
def session_start(request: DashboardRequest) -> HttpResponse:
    place = _place(request)
    if request.method == "GET":
        found = opened(place, request.GET, repeated(request.user, request.GET.get("from")))
        return start_page(request, place, found, _sending(found))
    found = posted(place, request.POST)
    session = _started(request, place, found) if found.read.is_valid() else None
    if session:
        return redirect(session)
    return start_page(request, place, found, _sending(found), status=status_of(found))


def _started(request: DashboardRequest, place: Place, found: Opened) -> BrowserSession | None:
    """None when a limit is reached; the form then says so."""
    body = found.read.to_request()
    try:
        return start_session(by=request.user, workspace=place.workspace, request=body, nonce=nonce_of(request))
    except LimitError as error:
        say_limit(found.form, error)
        return None


@login_required
@require_POST
def session_check(request: DashboardRequest) -> HttpResponse:
    place = _place(request)
    found = posted(place, request.POST)
    return check_answer(request, place, found, _sending(found))


@login_required
@require_POST
def session_save(request: DashboardRequest) -> HttpResponse:
    place = _place(request)
    found = posted(place, request.POST)
    return answer_save(request, place, found, _sending(found))


@login_required
@require_POST
def session_draft(request: DashboardRequest) -> HttpResponse:
    place = _place(request)
    return start_form_alone(request, place, posted(place, request.POST))


@login_required
@require_http_methods(["GET", "POST"])
def session_without(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    """The same request once more, less what the API does not know. A GET asks first."""
    session = session_for(request, uuid, Action.RUN)
    fields = [field for field in refused(session) if field.name in request.GET.getlist("field")]
    if not fields:
        raise Http404
    if request.method == "GET":
        return render(request, "sessions_app/without.html", {"run": session, "fields": fields})
    try:
        return redirect(start_without(by=request.user, session=session, fields=fields))
    except DecryptError as error:
        messages.error(request, f"The secrets of this request can't be read: {error}")
    except LimitError as error:
        messages.error(request, str(error))
    return redirect(session)
