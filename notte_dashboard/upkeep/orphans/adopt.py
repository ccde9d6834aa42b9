"""Take an orphan over: it becomes a session of the workspace, and is watched from then on."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from notte_dashboard.audit.deeds import Deed
from notte_dashboard.audit.record import record
from notte_dashboard.runs.enqueue import enqueue_after_commit
from notte_dashboard.runs.states import State
from notte_dashboard.upkeep.models import Orphan
from notte_dashboard.workspaces.models import Workspace
from sessions_app import events, tasks
from sessions_app.models import BrowserSession


class GoneError(Exception):
    """It is over, or a row of ours has it."""


@transaction.atomic
def adopt(orphan: Orphan, *, by: User, workspace: Workspace) -> BrowserSession:
    """Raises GoneError. Two who adopt the same session at once: the first has it."""
    # All rows of this session are held: with a key that two workspaces share, each has one.
    same = list(Orphan.objects.select_for_update().filter(session_id=orphan.session_id).order_by("pk"))
    held = next((each for each in same if each.pk == orphan.pk), None)
    if held is None or held.gone_at or BrowserSession.objects.filter(session_id=orphan.session_id).exists():
        raise GoneError(f"Session {orphan.session_id} is over, or was adopted already.")
    now = timezone.now()
    session = BrowserSession.objects.create(
        workspace=workspace,
        started_by=by,
        api_key=held.api_key,
        nonce=f"adopted {held.pk}",
        state=State.ACTIVE,
        session_id=held.session_id,
        remote_status=held.remote_status,
        browser_type=held.browser_type,
        remote_created_at=held.remote_created_at,
        last_accessed_at=held.last_accessed_at,
        idle_timeout_minutes=held.idle_timeout_minutes,
        max_duration_minutes=held.max_duration_minutes,
        active_at=held.remote_created_at or now,
        seen_at=held.seen_at,
    )
    Orphan.objects.filter(session_id=held.session_id).update(gone_at=now, outcome="adopted")
    record(Deed.ADOPTED, by=by, workspace=workspace, target=session, after={"session_id": held.session_id})
    enqueue_after_commit(tasks.watch_slice)
    events.session_changed.send(BrowserSession, session=session)
    return session
