"""Calls of the API while nobody, one, or fifty people look at each run."""

import asyncio
import time
from collections import Counter
from typing import Any

import uvloop

from tests.benchmarks.installation import Installation, free_port
from tests.benchmarks.report import Figure, compared
from tests.benchmarks.sockets import Crowd

RUNS = 10
SOON, LATE = 0.5, 2.5
MANY = 50


def calls_by_viewers(
    installation: Installation, upstream: Any, runs: dict[str, list[Any]], keys: list[str], *, quick: bool
) -> list[Figure]:
    """`runs` by the last part of their path; those of agents have an event stream, those of sessions none."""
    pace = {"BENCH_SOON": str(SOON), "BENCH_LATE": str(LATE)}
    sides = [installation.python("-m", "tests.benchmarks.watchers", kind, **pace) for kind in runs]
    port = free_port()
    web = installation.uvicorn("notte_dashboard.asgi:application", port)
    time.sleep(12)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = [runner.run(counted(upstream, runs, port, keys, viewers, 5 if quick else 12)) for viewers in (0, 1, MANY)]
    for side in (*sides, web):
        installation.end(side)
    figures = []
    for kind in runs:
        nobody, one, many = ([minute[name] for name in names(kind, runs)] for minute in found)
        figures.append(_figure(f"{kind}: calls of each run and minute, {MANY} viewers through one", many, one, "<= 1.1"))
        figures.append(_figure(f"{kind}: one viewer through none", one, nobody, "<= 1.1" if kind == "agents" else ""))
    return figures


def names(kind: str, runs: dict[str, list[Any]]) -> list[str]:
    return [getattr(run, "agent_id", None) or run.session_id for run in runs[kind]]


def _figure(name: str, ours: list[float], peer: list[float], goal: str) -> Figure:
    note = (
        f"without an event stream a quiet session is asked every {LATE} s, and every {SOON} s while somebody looks"
        if not goal
        else ""
    )
    return compared(name, ours, peer, goal=goal, note=note)


async def counted(
    upstream: Any, runs: dict[str, list[Any]], port: int, keys: list[str], viewers: int, seconds: float
) -> Counter[str]:
    """Calls a minute for each run."""
    crowd = Crowd()
    for kind, found in runs.items():
        for number, run in enumerate(found):
            cookies = [keys[(number * viewers + each) % len(keys)] for each in range(viewers)]
            if viewers:
                await crowd.join(port, f"/ws/{kind}/{run.uuid}/", viewers, cookies)
    await asyncio.sleep(15 if viewers == 1 else 6)
    upstream.asked()
    await asyncio.sleep(seconds)
    times: dict[str, list[float]] = {}
    for at, run in upstream.asked():
        times.setdefault(run, []).append(at)
    assert not crowd.codes, crowd.codes
    crowd.leave()
    # From the first to the last one, so that it does not matter where the window begins.
    return Counter({run: round(60 * (len(each) - 1) / (each[-1] - each[0])) for run, each in times.items() if len(each) > 1})
