"""Stop a browser session: a lasting wish, sent again until the session is over."""

from django.contrib.auth.models import User
from django.db import transaction

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.notte_api.answers import SessionAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotFound, NotteError, Unauthorized
from notte_dashboard.runs import commands
from notte_dashboard.runs.enqueue import enqueue_after_commit
from notte_dashboard.runs.states import State
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces import keys
from sessions_app import tasks
from sessions_app.models import BrowserSession
from sessions_app.services import store


@transaction.atomic
def stop_session(*, by: User, session: BrowserSession) -> None:
    """Safe to repeat. A start that is under way is stopped as soon as its id is known."""
    if not session.is_over:
        record(Deed.STOPPED, by=by, workspace=session.workspace_id, target=session, before={"status": session.state})
    if commands.wish_stop(session, by):
        enqueue_after_commit(tasks.stop, session.pk)
    store.announce_state(session)


def send_stop(pk: int) -> None:
    session = BrowserSession.objects.select_related("api_key").filter(pk=pk, state=State.STOPPING).first()
    if session is None:
        return
    try:
        answer = wait_for(_delete(keys.connection(session.api_key), session.session_id))
    except NotFound:
        commands.gone(session)
    except NotteError as error:
        commands.stop_failed(session, error)
    except ValueError as error:
        commands.stop_failed(session, Unauthorized(str(error)))
    else:
        store.stopped(session, answer)
    store.announce_state(session)


async def _delete(connection: Connection, session_id: str) -> SessionAnswer:
    async with NotteClient(connection) as client:
        return await client.stop_session(session_id)
