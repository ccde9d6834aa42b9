"""Is everything there? Each part with its own sentence; the page's notices and /readyz say the same."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.errors import NotteError, Unauthorized
from notte_dashboard.waiting import wait_for
from notte_dashboard.watching.heartbeat import workers_alive
from notte_dashboard.workspaces import keys

REMEMBER_API = 5


class Check(NamedTuple):
    name: str
    ok: bool
    title: str = ""
    next_step: str = ""


def database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Check(
            "database", False, "The database can't be reached.", f"Check DATABASE_URL and the server ({type(error).__name__})."
        )
    return Check("database", True)


def redis_answers() -> Check:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        client.ping()
    except (redis.RedisError, OSError):
        step = "Restart with make run." if settings.BUNDLED_REDIS else "Check REDIS_URL and the server."
        return Check("redis", False, "Redis is gone: starts and live updates are delayed, nothing is lost.", step)
    finally:
        client.close()
    return Check("redis", True)


def workers() -> Check:
    try:
        alive = workers_alive()
    except DatabaseError:
        return Check("workers", False, "Nobody knows whether a worker lives: the database can't be read.", "See the database.")
    if alive:
        return Check("workers", True)
    return Check(
        "workers",
        False,
        "No worker is running: starts and stops are kept and carried out when one is back.",
        "Restart with make run, or start one: celery -A notte_dashboard worker.",
    )


def notte_api() -> list[Check]:
    """Reachable, key accepted, browser there; asked at most every few seconds."""
    known = cache.get("health-of-the-api")
    if known is None:
        known = [list(check) for check in wait_for(_ask_api())]
        cache.set("health-of-the-api", known, REMEMBER_API)
    return [Check(*check) for check in known]


async def _ask_api() -> list[Check]:
    try:
        where = keys.connection(None)
    except ValueError as error:
        return [Check("api", False, "The Notte API can't be asked.", f"Check NOTTE_API_URL and NOTTE_API_KEY: {error}.")]
    whose = "embedded local API" if settings.EMBEDDED else f"Notte API at {where.base_url}"
    try:
        async with asyncio.timeout(5), NotteClient(where, retries=0) as client:
            health = await client.health()
            await client.list_sessions(page_size=1)
    except Unauthorized:
        step = "Check NOTTE_API_KEY (or LOCAL_API_KEY), then restart."
        return [Check("api", True), Check("api_key", False, f"The {whose} refuses the API key.", step)]
    except (NotteError, TimeoutError) as error:
        step = "Restart with make run." if settings.EMBEDDED else "Check NOTTE_API_URL and the network."
        why = getattr(error, "message", "no answer in time")
        return [
            Check(
                "api", False, f"The {whose} can't be reached: history works, starts are kept for ten minutes.", f"{step} ({why})"
            )
        ]
    return [Check("api", True), Check("api_key", True), *_chromium(health.raw.get("chromium"))]


def _chromium(said: Any) -> list[Check]:
    if not isinstance(said, dict):
        return []
    if said.get("ok"):
        return [Check("chromium", True)]
    step = "Install one (on Debian: apt install chromium-headless-shell) or set CHROMIUM to its path, then restart."
    return [Check("chromium", False, "No Chromium was found, so no session can start.", step)]


PARTS: tuple[Callable[[], Check], ...] = (database, redis_answers, workers)
REQUIRED = {"database", "redis", "workers"}


def checks() -> list[Check]:
    return [part() for part in PARTS] + notte_api()


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Only says that the process answers; nothing else is looked at."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """503 when the dashboard itself can't work. An API that is away only degrades it: history and the queue still work."""
    found = checks()
    failed = [check for check in found if not check.ok]
    hard = any(check.name in REQUIRED for check in failed)
    told = {
        check.name: {"ok": check.ok, **({"problem": check.title, "next_step": check.next_step} if not check.ok else {})}
        for check in found
    }
    status = "failing" if hard else "degraded" if failed else "ok"
    return JsonResponse({"status": status, "checks": told}, status=503 if hard else 200)
