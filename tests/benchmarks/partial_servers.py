"""What our application is compared with when it answers one partial."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

OURS = ("whitenoise", "csp.", "notte_dashboard.middleware")


def stock() -> Any:
    """The same project and view through Django's own ASGI handler, less the middleware that a new project would not have."""
    from django.conf import settings  # noqa: PLC0415
    from django.core.asgi import get_asgi_application  # noqa: PLC0415

    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith(OURS)]
    return get_asgi_application()


def bare() -> Any:
    """No login, no template, no ORM."""
    database = sqlite3.connect(Path(os.environ["DATA_DIR"]) / "dashboard.sqlite3", check_same_thread=False)
    columns = "uuid, state, created_at, ended_at"

    async def rows(_: Request) -> HTMLResponse:
        found = database.execute(f"SELECT {columns} FROM sessions_app_browsersession ORDER BY created_at DESC LIMIT 25")  # noqa: S608
        lines = [f'<tr data-run-id="{uuid}"><td>{state}<td>{created}<td>{ended}</tr>' for uuid, state, created, ended in found]
        return HTMLResponse("<table>" + "".join(lines) + "</table>")

    return Starlette(routes=[Route("/", rows)])
