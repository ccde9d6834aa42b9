"""Stop an orphan: a lasting wish, sent again with each search until the API no longer lists it."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.notte_api.answers import SessionAnswer
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotFound, NotteError
from notte_dashboard.runs.enqueue import enqueue_after_commit
from notte_dashboard.upkeep.models import Orphan
from notte_dashboard.waiting import wait_for
from notte_dashboard.workspaces import keys
from sessions_app.services.store import end_state


@transaction.atomic
def stop_orphan(orphan: Orphan, *, by: User) -> None:
    """Safe to repeat."""
    from notte_dashboard.upkeep import tasks  # noqa: PLC0415 - the tasks call this module

    wish = {"stop_requested_at": timezone.now(), "stop_requested_by": by}
    if Orphan.objects.filter(pk=orphan.pk, gone_at=None, stop_requested_at=None).update(**wish):
        record(Deed.STOPPED, by=by, workspace=orphan.workspace_id, target=orphan)
    enqueue_after_commit(tasks.stop_orphan, orphan.pk)


def send_stop(pk: int) -> None:
    rows = Orphan.objects.filter(pk=pk, gone_at=None, stop_requested_at__isnull=False)
    orphan = rows.select_related("api_key").first()
    if orphan is None:
        return
    over = True
    try:
        over = end_state(wait_for(_delete(keys.connection(orphan.api_key), orphan.session_id))) is not None
    except NotFound:
        over = True
    except NotteError as error:
        rows.update(problem=error.message)
        return
    except ValueError as error:
        rows.update(problem=str(error))
        return
    if over:
        rows.update(gone_at=timezone.now(), outcome="stopped", problem="")


def unsent() -> list[int]:
    """Those whose stop has not come true yet."""
    return list(Orphan.objects.filter(gone_at=None, stop_requested_at__isnull=False).values_list("pk", flat=True)[:100])


async def _delete(connection: Connection, session_id: str) -> SessionAnswer:
    async with NotteClient(connection) as client:
        return await client.stop_session(session_id)
