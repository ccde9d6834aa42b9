"""Starting: the form, what it would send, what it is kept as; and an old request once more."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from agents_app.forms import StartForm
from agents_app.models import AgentRun
from agents_app.services.repeat import repeated
from agents_app.services.start import start_agent
from agents_app.services.without import refused, start_without
from agents_app.views import agent_for
from notte_dashboard.http import DashboardRequest, nonce_of
from notte_dashboard.presets.chosen import UnusablePresetError, chosen_request
from notte_dashboard.presets.filling import Old, Opened, Place, opened, posted
from notte_dashboard.presets.kinds import AGENT
from notte_dashboard.presets.panel import Sending
from notte_dashboard.presets.saving import answer_save
from notte_dashboard.presets.start_page import check_answer, say_limit, start_form_alone, start_page, status_of
from notte_dashboard.runs.limits import LimitError
from notte_dashboard.workspaces.access import Action, workspace_for
from notte_dashboard.workspaces.encrypted import DecryptError
from sessions_app.queries import usable


def _place(request: DashboardRequest) -> Place:
    workspace = workspace_for(request, Action.RUN)
    return Place(request.user, workspace, AGENT, StartForm(request.user, workspace))


def _sending(place: Place, found: Opened) -> Sending:
    body = found.read.valid_part()
    try:
        new = chosen_request(place.user, place.workspace, body.get("session_id", ""))
    except UnusablePresetError:
        new = {}
    return Sending(AGENT, body, new)


@login_required
@require_http_methods(["GET", "POST"])
def agent_start(request: DashboardRequest) -> HttpResponse:
    place = _place(request)
    if request.method == "GET":
        found = opened(place, request.GET, _old(request, place))
        return start_page(request, place, found, _sending(place, found))
    found = posted(place, request.POST)
    agent = _started(request, place, found) if found.read.is_valid() else None
    return redirect(agent) if agent else start_page(request, place, found, _sending(place, found), status=status_of(found))


def _old(request: DashboardRequest, place: Place) -> Old | None:
    """From an older agent (`from`), in a given session (`session`), knowing its steps from one on (`offset`)."""
    old = repeated(request.user, request.GET.get("from"))
    try:
        session = usable(place.workspace).filter(uuid=UUID(request.GET.get("session", ""))).first()
    except ValueError:
        session = None
    if session is None:
        return old
    found = old or Old({})
    offset = request.GET.get("offset", "")
    known = {"session_offset": int(offset)} if offset.isdecimal() and len(offset) < 10 else {}  # noqa: PLR2004
    return found._replace(request=found.request | {"session_id": session.session_id} | known)


def _started(request: DashboardRequest, place: Place, found: Opened) -> AgentRun | None:
    """None when a limit is reached, or the chosen session or preset is no longer there; the form then says so."""
    body = found.read.to_request()
    choice = body.pop("session_id", "")
    try:
        new = chosen_request(place.user, place.workspace, choice)
    except UnusablePresetError as error:
        found.form.add_error("session_id", str(error))
        return None
    session = usable(place.workspace).filter(session_id=choice).first() if new is None else None
    if new is None and session is None:
        found.form.add_error("session_id", "This session has just ended. Choose another one.")
        return None
    try:
        return start_agent(
            by=request.user,
            workspace=place.workspace,
            session=session,
            request=body,
            nonce=nonce_of(request),
            session_request=new,
        )
    except LimitError as error:
        say_limit(found.form, error)
        return None


@login_required
@require_POST
def agent_check(request: DashboardRequest) -> HttpResponse:
    place = _place(request)
    found = posted(place, request.POST)
    return check_answer(request, place, found, _sending(place, found))


@login_required
@require_POST
def agent_save(request: DashboardRequest) -> HttpResponse:
    place = _place(request)
    found = posted(place, request.POST)
    return answer_save(request, place, found, _sending(place, found))


@login_required
@require_POST
def agent_draft(request: DashboardRequest) -> HttpResponse:
    place = _place(request)
    return start_form_alone(request, place, posted(place, request.POST))


@login_required
@require_http_methods(["GET", "POST"])
def agent_without(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    """The same request once more, less what the API does not know. A GET asks first."""
    agent = agent_for(request, uuid, Action.RUN)
    fields = [field for field in refused(agent) if field.name in request.GET.getlist("field")]
    if not fields:
        raise Http404
    if request.method == "GET":
        return render(request, "agents_app/without.html", {"run": agent, "fields": fields})
    try:
        return redirect(start_without(by=request.user, agent=agent, fields=fields))
    except DecryptError as error:
        messages.error(request, f"The secrets of this request can't be read: {error}")
    except LimitError as error:
        messages.error(request, str(error))
    return redirect(agent)
