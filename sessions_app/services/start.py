"""Start a browser session: a row now, the request as soon as a worker takes it."""

import json
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.crypto import salted_hmac

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.notte_api.answers import SessionAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import Detail, Invalid, NotteError
from notte_dashboard.realtime.publish import announce_after_commit
from notte_dashboard.runs import commands, limits
from notte_dashboard.runs.enqueue import enqueue_after_commit
from notte_dashboard.runs.models import Run
from notte_dashboard.schema_forms import layouts, secrets
from notte_dashboard.schema_forms.errors import texts_in, without_values
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces import keys
from notte_dashboard.workspaces.models import Workspace
from sessions_app import tasks
from sessions_app.models import BrowserSession
from sessions_app.services import store


@transaction.atomic
def start_session(*, by: User, workspace: Workspace, request: dict[str, Any], nonce: str) -> BrowserSession:
    """The same form leads to the same session, however often it is sent. Raises LimitError."""
    nonce = once(nonce, by, request)
    limits.hold(workspace)
    started: BrowserSession | None = BrowserSession.objects.filter(workspace=workspace, nonce=nonce).first()
    if started:
        return started
    request = limits.allowed_session(workspace, by, request)
    public, secret = secrets.split(request, layouts.SESSION_START)
    session, created = BrowserSession.objects.get_or_create(
        workspace=workspace,
        nonce=nonce,
        defaults={
            "started_by": by,
            "api_key": keys.key_for(workspace, by),
            "request": public,
            "secrets": json.dumps(secret) if secret else "",
        },
    )
    if created:
        record(Deed.STARTED, by=by, workspace=workspace, target=session, after=public)
        enqueue_after_commit(tasks.start, session.pk)
        announce_after_commit(session)
    return session


def once(nonce: str, by: User, request: dict[str, Any]) -> str:
    """A form that was sent, gone back to and changed is another wish: only the same content under the same nonce is the same."""
    return salted_hmac("start", json.dumps([nonce, by.pk, request], sort_keys=True), algorithm="sha256").hexdigest()


def send_start(pk: int) -> None:
    """Claim the row and send it, once. Whatever happens is stored."""
    session = commands.claim_start(BrowserSession, pk)
    if session is None:
        return
    store.announce_state(session)
    secret: dict[str, Any] = {}
    try:
        secret = stored_secrets(session)
        body = secrets.join(session.request, secret)
        answer = wait_for(_post(keys.connection(session.api_key), body))
    except NotteError as error:
        commands.start_failed(session, silent_about(secret, error))
    except ValueError as error:
        commands.rejected(session, "key_lost", str(error))
    else:
        store.started(session, answer)
    store.announce_state(session)


def stored_secrets(run: Run) -> dict[str, Any]:
    """By JSON pointer. Raises DecryptError when their key is lost."""
    return dict(json.loads(run.secrets or "{}"))


async def _post(connection: Connection, body: dict[str, Any]) -> SessionAnswer:
    async with NotteClient(connection) as client:
        return await client.start_session(body)


def silent_about(secret: dict[str, Any], error: NotteError) -> NotteError:
    """The error without what must not be seen: an API may repeat in its words what it was sent."""
    hidden = list(texts_in(secret))
    error.message, error.raw = without_values(error.message, hidden), ""
    if isinstance(error, Invalid):
        error.detail = [Detail(each.loc, without_values(each.msg, hidden), each.type) for each in error.detail]
    return error
