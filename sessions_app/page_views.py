"""What a session's page asks for later: steps it does not show, a step's raw data, the address for one's own CDP client."""

import logging
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from notte_dashboard.http import DashboardRequest, raw_answer, steps_answer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotteError
from notte_dashboard.notte_api.transport import Timeouts
from notte_dashboard.runs.viewer import plain
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces import keys
from notte_dashboard.workspaces.access import Action, can
from sessions_app import queries
from sessions_app.models import BrowserSession
from sessions_app.views import session_for

logger = logging.getLogger(__name__)


@login_required
@require_GET
@never_cache
def session_steps(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    session = session_for(request, uuid, Action.VIEW)
    can_operate = can(request.user, Action.RUN, session.workspace_id)
    return steps_answer(request, session, queries.timeline(session), can_operate=can_operate)


@login_required
@require_GET
@never_cache
def session_step(request: DashboardRequest, uuid: UUID, number: int) -> HttpResponse:
    session = session_for(request, uuid, Action.VIEW)
    return raw_answer(request, session.steps.filter(number=number).order_by("seq"), number)


@login_required
@require_POST
@never_cache
def session_cdp(request: DashboardRequest, uuid: UUID) -> HttpResponse:
    """Whoever has this address has the browser: asked for now, kept nowhere, and who saw it is in the log."""
    session = session_for(request, uuid, Action.WATCH)
    url, reason = _cdp_url(session)
    if url:
        logger.info("The CDP address of %s was shown to %s", session, request.user.get_username())
    return render(request, "sessions_app/partials/cdp.html", {"run": session, "cdp_url": url, "reason": reason})


def _cdp_url(session: BrowserSession) -> tuple[str, str]:
    """The address, or the reason why there is none."""
    if session.is_over or not session.session_id:
        return "", f"The session is {session.status_label.lower()}: there is no browser to connect to."
    try:
        connection = keys.connection(session.api_key)
        return wait_for(_asked(connection, session.session_id))
    except NotteError as error:
        return "", f"The API could not be asked: {error.message}"
    except ValueError as error:
        return "", f"The API could not be asked: {error}"


async def _asked(connection: Connection, session_id: str) -> tuple[str, str]:
    async with NotteClient(connection, retries=0, reads=Timeouts(read=10, deadline=15)) as client:
        status = await client.session_status(session_id)
    url = (status and status.cdp_url) or ""
    if connection.carries_key(plain(url)) or (status and "cdp_url" in status.dropped_urls):
        return "", "The address holds the API key, so it is not handed to a browser."
    return url, "" if url else "This API offers no CDP address for its sessions."
