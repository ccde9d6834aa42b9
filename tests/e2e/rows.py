"""What the scribe can write. Nobody watches these runs: the API knows nothing of them."""

import base64
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from PIL import Image

from agents_app.models import AgentRun, AgentStep
from notte_dashboard.realtime.publish import announce_after_commit
from notte_dashboard.runs.models import Run
from notte_dashboard.runs.recording import record_steps
from sessions_app.models import BrowserSession
from tests.factories import make_agent, make_session
from tests.step_items import agent_step_items

UNWATCHED = {"lease_owner": "a test", "lease_until": timezone.now() + timedelta(hours=5)}


def person() -> dict[str, str]:
    """Somebody with a workspace of their own, already signed in."""
    user = User.objects.create_user(f"watcher-{uuid4().hex[:8]}")
    login = SessionStore()
    login[SESSION_KEY] = str(user.pk)
    login[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    login[HASH_SESSION_KEY] = user.get_session_auth_hash()
    login.create()
    return {"name": user.username, "cookie": str(login.session_key)}


def session(by: str, **columns: Any) -> str:
    user = User.objects.get(username=by)
    made = make_session(user.workspaces.get(), user, **UNWATCHED, **columns)
    announce_after_commit(made)
    return str(made.uuid)


def agent(by: str, session: str, **columns: Any) -> str:
    user = User.objects.get(username=by)
    made = make_agent(BrowserSession.objects.get(uuid=session), user, **UNWATCHED, **columns)
    announce_after_commit(made)
    return str(made.uuid)


def change(uuid: str, *, ended: bool = False, **columns: Any) -> None:
    """The time is taken after it was stored and announced."""
    run = _run(uuid)
    if ended:
        columns |= {"ended_at": timezone.now(), "lease_until": None, "lease_owner": ""}
    type(run).objects.filter(pk=run.pk).update(**columns)
    run.refresh_from_db()
    announce_after_commit(run)


def steps(uuid: str, count: int, colour: str) -> None:
    run = AgentRun.objects.get(uuid=uuid)
    items = agent_step_items(count, f"goal {count}", picture=_picture(colour))
    for item in items:
        item["value"].pop("exception", None)  # or so many failures in a row would be called stuck
    record_steps(run, AgentStep, items)
    announce_after_commit(run)


def end_all(by: str) -> None:
    for model in (AgentRun, BrowserSession):
        model.objects.filter(started_by__username=by).update(state="closed", ended_at=timezone.now(), lease_until=None)


def _run(uuid: str) -> Run:
    found: Any = BrowserSession.objects.filter(uuid=uuid).first() or AgentRun.objects.get(uuid=uuid)
    return found  # type: ignore[no-any-return]


def _picture(colour: str) -> str:
    file = io.BytesIO()
    Image.new("RGB", (640, 400), colour).save(file, "JPEG")
    return base64.b64encode(file.getvalue()).decode()


COMMANDS = {"person": person, "session": session, "agent": agent, "change": change, "steps": steps, "end_all": end_all}
