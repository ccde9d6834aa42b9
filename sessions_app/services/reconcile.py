"""A start without an answer: look for it at the API, adopt the only match, never send it again."""

from datetime import timedelta

from django.db import transaction

from notte_dashboard.notte_api.answers import SessionAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotteError, Unauthorized
from notte_dashboard.runs import commands
from notte_dashboard.runs.states import State
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces import keys
from sessions_app.models import BrowserSession
from sessions_app.services import store

SKEW = timedelta(seconds=10)
# Not the browser type: an API may answer the engine it chose.
ECHOED = ("idle_timeout_minutes", "max_duration_minutes", "viewport_width", "viewport_height", "user_agent")


def reconcile(pk: int) -> None:
    session = BrowserSession.objects.select_related("api_key").filter(pk=pk, state=State.UNKNOWN).first()
    if session is None:
        return
    try:
        listed = wait_for(_listed(keys.connection(session.api_key)))
    except NotteError as error:
        commands.ask_again(session, error)
        return
    except ValueError as error:
        commands.ask_again(session, Unauthorized(str(error)))
        return
    _settle(session, listed)
    store.announce_state(session)


@transaction.atomic
def _settle(session: BrowserSession, listed: list[SessionAnswer]) -> None:
    # One after the other: two starts without an answer must not adopt the same session.
    list(BrowserSession.objects.select_for_update().filter(state=State.UNKNOWN).order_by("pk").values_list("pk"))
    known = set(
        BrowserSession.objects.filter(session_id__in=[each.session_id for each in listed]).values_list("session_id", flat=True)
    )
    matches = [each for each in listed if each.session_id not in known and _is_this(session, each)]
    if len(matches) == 1:
        store.started(session, matches[0])
    else:
        commands.not_found_at_api(session, len(matches))


async def _listed(connection: Connection) -> list[SessionAnswer]:
    async with NotteClient(connection) as client:
        page = await client.list_sessions(only_active=False, page_size=100)
    return list(page.items)


def _is_this(session: BrowserSession, found: SessionAnswer) -> bool:
    """Created after we sent, and echoing what we asked for."""
    if session.sent_at is None or found.created_at is None:
        return False
    in_time = session.sent_at - SKEW <= found.created_at <= session.sent_at + commands.SEND_LEASE
    pairs = [(session.request.get(name), getattr(found, name)) for name in ECHOED]
    return in_time and all(asked == echoed for asked, echoed in pairs if asked is not None and echoed is not None)
