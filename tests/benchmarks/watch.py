"""A thousand active runs: what a look costs, whether the pace is kept, how quick a push is, and who goes on after kill -9."""

import json
import signal
import statistics
import time
import urllib.request
from datetime import timedelta
from typing import Any

import msgpack
import redis

from tests.benchmarks.installation import Installation, answers, cpu_seconds, free_port, new_installation, wait_for
from tests.benchmarks.report import Figure, compared
from tests.benchmarks.viewers import RUNS, calls_by_viewers

TITLE = "Watching (c)"
ABOUT = (
    "A stub API answers each status with 30 kB after 20 ms. Ours is the slice that a worker runs. For the processor time of a "
    "look it and the bare loop stand still in turns."
)
PATIENCE = 420
SOON = 2.0
LEASE = 5.0
KEY = "a-key-of-the-benchmark"
TRIED = (
    "the bare loop asks, parses the answer and counts its steps; ours compares the answer's digest first. Tried: httpx over "
    "aiohttp (956 µs a look on a busy machine), aiohttp directly (396 µs), Python's own hash in place of SHA-256 (100 µs less), "
    "rare full collections (100 µs less)"
)


class Upstream:
    def __init__(self, installation: Installation) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = installation.python("-m", "tests.benchmarks.upstream", str(self.port))
        wait_for(lambda: answers(self.port))

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=30) as answer:  # noqa: S310 - our own stub
            return json.loads(answer.read())

    def asked(self) -> list[list[Any]]:
        found: list[list[Any]] = self.get("/_tell")["asked"]
        return found

    def step(self, ids: list[str]) -> dict[str, float]:
        told: dict[str, float] = self.get(f"/_step?ids={','.join(ids)}")
        return told


def runs(workspace: Any, kind: str, count: int, *, viewed: bool = True) -> list[Any]:
    """Active; sessions are looked at by somebody from now on."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django

    from agents_app.models import AgentRun  # noqa: PLC0415
    from notte_dashboard.runs.states import State  # noqa: PLC0415
    from sessions_app.models import BrowserSession  # noqa: PLC0415

    known = {"workspace": workspace, "state": State.ACTIVE, "active_at": timezone.now()}
    seen = timezone.now() + timedelta(days=1) if viewed else None
    if kind == "sessions":
        rows: list[Any] = [
            BrowserSession(nonce=f"s-{number}", session_id=f"remote-{number}", viewed_at=seen, **known) for number in range(count)
        ]
        return BrowserSession.objects.bulk_create(rows)
    held = BrowserSession.objects.create(nonce="held", session_id="held", **known | {"state": State.CLOSED})
    rows = [
        AgentRun(nonce=f"a-{number}", agent_id=f"agent-{number}", session=held, remote={"session_id": f"of-{number}"}, **known)
        for number in range(count)
    ]
    return AgentRun.objects.bulk_create(rows)


def looks_and_pace(installation: Installation, upstream: Upstream, workspace: Any, *, quick: bool) -> list[Figure]:
    count, repeats, window = (200, 2, 4.0) if quick else (1000, 5, 6.0)
    runs(workspace, "sessions", count)
    commands = [("sessions",), ("bare", upstream.url, str(SOON), str(count))]
    sides = []
    for command in commands:
        sides.append(installation.python("-m", "tests.benchmarks.watchers", *command))
        seen: set[str] = set()
        wait_for(lambda seen=seen: len(seen.update(run for _, run in upstream.asked()) or seen) == count)
        time.sleep(2 * SOON)
        sides[-1].send_signal(signal.SIGSTOP)
    costs: list[list[float]] = [[], []]
    paces: list[list[float]] = [[], []]
    for _ in range(repeats):
        for side, cost, pace in zip(sides, costs, paces, strict=True):
            side.send_signal(signal.SIGCONT)
            time.sleep(2 * SOON)
            upstream.asked()
            began, work = time.monotonic(), cpu_seconds(side.pid)
            time.sleep(window)
            looks, work, took = len(upstream.asked()), cpu_seconds(side.pid) - work, time.monotonic() - began
            side.send_signal(signal.SIGSTOP)
            assert looks, f"nobody looked ({side.args}, ended: {side.poll()})\n{installation.log}"
            cost.append(1e6 * work / looks)
            pace.append(looks / took / (count / SOON))
    for side in sides:
        side.send_signal(signal.SIGCONT)
        installation.end(side)
    return [
        compared(
            f"W1: processor time of a look, {count} runs every {SOON:.0f} s",
            costs[0],
            costs[1],
            goal="<= 1.15",
            unit="µs",
            note=TRIED,
        ),
        Figure(
            f"W3: achieved pace through the wanted one, {count} runs", paces[0], paces[1], goal=">= 0.98", note="peer: bare loop"
        ),
    ]


class Announcements:
    """When which agent was announced first."""

    def __init__(self, url: str, names: dict[str, str]) -> None:
        self.names = names
        self.found: dict[str, float] = {}
        self.pubsub = redis.Redis.from_url(url).pubsub(ignore_subscribe_messages=True)
        self.pubsub.psubscribe(**{"asgi__group__agent.*": self._take})
        self.thread = self.pubsub.run_in_thread(sleep_time=1, daemon=True)

    def _take(self, message: dict[str, Any]) -> None:
        self.found.setdefault(self.names[msgpack.unpackb(message["data"])["run"]], time.time())

    def stop(self) -> None:
        self.thread.stop()
        self.thread.join()


def pushes(installation: Installation, upstream: Upstream, workspace: Any, *, quick: bool) -> list[Figure]:
    from django.conf import settings  # noqa: PLC0415

    count, repeats = (100, 2) if quick else (1000, 5)
    found = runs(workspace, "agents", count)
    upstream.get("/_tell?latency=0")
    side = installation.python("-m", "tests.benchmarks.watchers", "agents")
    wait_for(lambda: upstream.get("/_tell")["listening"] == count)
    time.sleep(3)
    heard = Announcements(settings.REDIS_URL, {str(run.uuid): run.agent_id for run in found})
    time.sleep(0.5)
    turns = []
    for number in range(repeats):
        told: dict[str, float] = {}
        heard.found = {}
        for first in range(20):
            told = upstream.step([f"agent-{(number * 200 + first * 10 + each) % count}" for each in range(5)]) | told
            time.sleep(0.05)
        wait_for(lambda told=told: heard.found.keys() >= told.keys(), 20)
        arrived = heard.found
        turns.append([1000 * (arrived[name] - told[name]) for name in told])
    heard.stop()
    installation.end(side)
    upstream.get("/_tell?latency=0.02")
    p99 = [sorted(turn)[int(0.99 * (len(turn) - 1))] for turn in turns]
    p50 = [statistics.median(turn) for turn in turns]
    return [
        Figure(
            f"W4: from a step at the API to its announcement, p99, {count} agents listened to, 100 steps/s",
            p99,
            unit="ms",
            goal="<= 10",
            note="an event of the API's socket, a look (the stub answers at once), a transaction, a message to Redis. Tried, "
            "and kept: looks without the models of httpx, leases renewed in portions, rare full "
            "collections. One process does all of it for a thousand agents, and SQLite lets one "
            "write after the other",
        ),
        Figure("the same, median", p50, unit="ms"),
    ]


def takeovers(installation: Installation, upstream: Upstream, workspace: Any, *, quick: bool) -> list[Figure]:
    from sessions_app.models import BrowserSession, SessionStep  # noqa: PLC0415

    kills, count = (1, 20) if quick else (6, 100)
    runs(workspace, "sessions", count)
    ids = [f"remote-{number}" for number in range(count)]
    installation.python("-m", "celery", "--app", "notte_dashboard", "--quiet", "beat", "--pidfile=", BENCH_LEASE=str(LEASE))
    at_work = worker(installation)
    wait_for(lambda: BrowserSession.objects.exclude(lease_owner="").count() == count)
    over = []
    for _ in range(kills):
        idle = worker(installation)
        upstream.step(ids)
        time.sleep(1)
        upstream.asked()
        at_work.kill()
        killed = time.time()
        at_work.wait()
        upstream.step(ids)
        missing = set(ids)
        while missing:
            missing -= {run for at, run in upstream.asked() if at > killed + 0.1}
            assert time.time() < killed + 60, f"{len(missing)} runs were not taken over"
            time.sleep(0.02)
        over.append(time.time() - killed - LEASE)
        at_work = idle
    upstream.step(ids)
    steps = 2 * kills + 1
    wait_for(lambda: BrowserSession.objects.filter(last_seq=steps).count() == count)
    stored = list(SessionStep.objects.values_list("run", "position"))
    return [
        Figure(f"W5: takeover of {count} runs after kill -9, less the lease of {LEASE:.0f} s", over, unit="s", goal="<= 2"),
        Figure("W5: steps lost", [float(count * steps - len(set(stored)))], goal="<= 0"),
        Figure("W5: steps stored twice", [float(len(stored) - len(set(stored)))], goal="<= 0"),
    ]


def worker(installation: Installation) -> Any:
    command = ("-m", "celery", "--app", "notte_dashboard", "--quiet", "worker", "--without-gossip", "--without-mingle")
    process = installation.python(*command, "--loglevel", "ERROR", BENCH_LEASE=str(LEASE))
    from notte_dashboard.watching.heartbeat import workers_alive  # noqa: PLC0415

    before = workers_alive()
    wait_for(lambda: workers_alive() > before or process.poll() is not None)
    return process


def main(*, quick: bool) -> list[Figure]:
    from tests.benchmarks.rows import sign_in_operators  # noqa: PLC0415 - needs Django

    figures = []
    with new_installation(DJANGO_SETTINGS_MODULE="tests.benchmarks.watch_settings", NOTTE_API_KEY=KEY) as installation:
        upstream = Upstream(installation)
        installation.environ["NOTTE_API_URL"] = upstream.url
        workspace, keys = sign_in_operators(120)
        figures += looks_and_pace(installation, upstream, workspace, quick=quick)
        forget_all()
        figures += pushes(installation, upstream, workspace, quick=quick)
        forget_all()
        seen = {"agents": runs(workspace, "agents", RUNS), "sessions": runs(workspace, "sessions", RUNS, viewed=False)}
        figures += calls_by_viewers(installation, upstream, seen, keys, quick=quick)
        forget_all()
        figures += takeovers(installation, upstream, workspace, quick=quick)
    return figures


def forget_all() -> None:
    from agents_app.models import AgentRun, AgentStep  # noqa: PLC0415
    from sessions_app.models import BrowserSession, SessionStep  # noqa: PLC0415

    for model in (AgentStep, AgentRun, SessionStep, BrowserSession):
        model.objects.all().delete()
