"""The head of the admin panel: what lives, what failed, whether everybody is at work. Asks no API: it must not wait."""

import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone

from agents_app.models import AgentRun
from notte_dashboard.notte_api.contract import published, version_of
from notte_dashboard.runs.models import Run
from notte_dashboard.runs.states import UNDER_WAY, State
from notte_dashboard.upkeep.models import KeyHealth, Orphan, RetentionReport
from notte_dashboard.watching.heartbeat import ALIVE
from notte_dashboard.watching.models import WorkerHeartbeat
from notte_dashboard.workspaces.models import Workspace
from sessions_app.models import BrowserSession

KINDS: tuple[type[Run], ...] = (BrowserSession, AgentRun)
FAILED = [State.ERROR, State.TIMED_OUT, State.REJECTED, State.NOT_STARTED]
DAY = timedelta(days=1)
MOST_COUNTED, SHOWN = 1000, 8
FULL_FROM = 0.9


class Tile(NamedTuple):
    title: str
    value: str
    note: str = ""
    tone: str = ""
    where: str = ""


def facts() -> dict[str, Any]:
    failures, count = _failures()
    return {
        "tiles": [*_live(), _failed(count), _queue(), _workers(), _redis(), *_disk(), _orphans()],
        "failures": [(run, _why(run)) for run in failures],
        "keys": _keys(),
        "reports": list(RetentionReport.objects.select_related("workspace")[:5]),
        "contract_version": version_of(published()),
    }


def _live() -> list[Tile]:
    found = []
    for model, title in zip(KINDS, ("Sessions", "Agents"), strict=True):
        states = dict(model.objects.filter(state__in=UNDER_WAY).order_by().values_list("state").annotate(count=Count("pk")))
        note = ", ".join(f"{count} {State(state).label.lower()}" for state, count in sorted(states.items()))
        where = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"  # noqa: SLF001
        tone = "bad" if states.get(State.UNKNOWN) else ""
        found.append(Tile(f"{title} under way", str(sum(states.values())), note or "none", tone, where))
    return found


def _failures() -> tuple[list[Any], int]:
    """The newest, and how many there are, up to a bound; by workspace, whose index knows the ends."""
    since = timezone.now() - DAY
    found: list[Any] = []
    count = 0
    for model in KINDS:
        rows = model.objects.filter(workspace__in=Workspace.objects.values("pk"), ended_at__gte=since, state__in=FAILED)
        light = rows.select_related("workspace").defer("request", "secrets", "remote", "reasons")
        found += list(light.order_by("-ended_at")[:SHOWN])
        count += rows.order_by()[:MOST_COUNTED].count()
    return sorted(found, key=lambda run: run.ended_at, reverse=True)[:SHOWN], count


def _why(run: Any) -> str:
    known = run.problem_text
    return (known.title if known else "") or getattr(run, "error", "") or "no reason was given"


def _failed(count: int) -> Tile:
    more = "+" if count >= MOST_COUNTED else ""
    return Tile("Failed in 24 hours", f"{count}{more}", "sessions and agents", "bad" if count else "")


def _queue() -> Tile:
    """What waits for a worker: in Redis, and, which is what counts, in the database."""
    waiting, oldest = 0, None
    for model in KINDS:
        row = model.objects.filter(state=State.QUEUED).aggregate(count=Count("pk"), oldest=Min("created_at"))
        waiting += row["count"]
        oldest = min(filter(None, (oldest, row["oldest"])), default=None)
    age = f", the oldest for {int((timezone.now() - oldest).total_seconds())} s" if oldest else ""
    in_redis = _length_of_the_queue()
    note = f"{waiting} starts wait{age}"
    return Tile("Queue", "?" if in_redis is None else str(in_redis), note, "bad" if oldest and age and waiting > SHOWN else "")


def _length_of_the_queue() -> int | None:
    with _client() as client:
        try:
            return int(client.llen("celery"))
        except (redis.RedisError, OSError):
            return None


def _workers() -> Tile:
    now = timezone.now()
    beats = list(WorkerHeartbeat.objects.order_by("-beat_at").values_list("beat_at", flat=True)[:100])
    alive = sum(beat >= now - ALIVE for beat in beats)
    last = f"last sign {int((now - beats[0]).total_seconds())} s ago" if beats else "none was ever seen"
    return Tile("Workers", str(alive), last, "" if alive else "bad", "admin:watching_workerheartbeat_changelist")


def _redis() -> Tile:
    began = time.perf_counter()
    with _client() as client:
        try:
            told: Any = client.info()
        except (redis.RedisError, OSError):
            return Tile("Redis", "gone", "Starts and live updates are delayed, nothing is lost.", "bad")
    took = (time.perf_counter() - began) * 1000
    return Tile("Redis", "answers", f"{told['used_memory_human']} in use, {told['connected_clients']} clients, {took:.0f} ms")


def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def _disk() -> list[Tile]:
    used = shutil.disk_usage(settings.DATA_DIR)
    part = used.used / used.total
    note = f"{_size(used.free)} of {_size(used.total)} free"
    return [
        Tile("Disk", f"{part:.0%}", note, "bad" if part >= FULL_FROM else ""),
        Tile("Database", _size(_database_size()), connection.vendor),
    ]


def _database_size() -> int:
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:  # noqa: PLR2004
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _orphans() -> Tile:
    living = list(Orphan.objects.filter(gone_at=None).values_list("session_id", flat=True).distinct()[:MOST_COUNTED])
    where = "admin:upkeep_orphan_changelist"
    return Tile("Orphans", str(len(living)), "sessions nobody here started", "bad" if living else "", where)


def _keys() -> list[KeyHealth]:
    return list(KeyHealth.objects.select_related("api_key__workspace").defer("api_key__key").order_by("name")[:50])
