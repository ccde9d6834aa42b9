"""Rows to measure with: operators, and many runs and steps. Imports wait until Django is set up."""

from datetime import timedelta
from typing import Any

BATCH = 1000


def sign_in_operators(count: int) -> tuple[Any, list[str]]:
    """A workspace, and the session keys of so many operators of it who are signed in."""
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    from notte_dashboard.workspaces.models import Role  # noqa: PLC0415
    from tests.factories import make_member, make_user, make_workspace  # noqa: PLC0415

    workspace = make_workspace(name="Benchmark")
    keys = []
    for _ in range(count):
        user = make_user(password=None)
        user.workspaces.clear()  # the one that each new user gets
        make_member(workspace, user, Role.OPERATOR)
        login = SessionStore()
        login[SESSION_KEY], login[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
        login[HASH_SESSION_KEY] = user.get_session_auth_hash()
        login.save()
        keys.append(login.session_key)
    return workspace, keys


def ended_sessions(workspace: Any, count: int) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from notte_dashboard.runs.states import State  # noqa: PLC0415
    from sessions_app.models import BrowserSession  # noqa: PLC0415

    now = timezone.now()
    known = {"workspace": workspace, "state": State.CLOSED, "active_at": now, "ended_at": now}
    rows: list[Any] = [BrowserSession(nonce=f"row-{number}", session_id=f"row-{number}", **known) for number in range(count)]
    BrowserSession.objects.bulk_create(rows)


def agent_of(workspace: Any, steps: int) -> Any:
    """An ended agent with so many steps, in the shape that the API gives them: three items a step."""
    from django.utils import timezone  # noqa: PLC0415

    from tests.factories import make_agent, make_session, record_run_steps  # noqa: PLC0415

    active_at = timezone.now() - timedelta(hours=1)
    session = make_session(workspace, state="closed", active_at=active_at)
    agent = make_agent(session, state="closed", active_at=active_at, task="Look")
    items: list[dict[str, Any]] = []
    for number in range(steps):
        items.append(_item(number))
        if len(items) % BATCH == 0:
            record_run_steps(agent, items)
    return record_run_steps(agent, items)


def _item(number: int) -> dict[str, Any]:
    url = f"http://shop.example/{number}"
    if number % 3 == 0:
        return {"type": "observation", "value": {"metadata": {"url": url, "title": f"Page {number}"}}}
    if number % 3 == 1:
        state = {"next_goal": f"Look at item {number}", "memory": "Nothing yet", "evaluation": "Success"}
        return {"type": "agent_completion", "value": {"state": state, "action": {"type": "click", "id": f"B{number}"}}}
    return {
        "type": "execution_result",
        "value": {"action": {"type": "goto", "url": url}, "success": True, "message": f"done {number}"},
    }
