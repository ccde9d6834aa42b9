"""One event to many sockets: ours, a stock Channels consumer, and a bare broadcast of the same bytes, in turns."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import UUID

import uvloop

from notte_dashboard.limits import raise_open_files
from tests.benchmarks.fanout_servers import CHANNEL, GROUP, PAYLOAD
from tests.benchmarks.installation import Installation, cpu_seconds, free_port, new_installation, own_memory
from tests.benchmarks.report import Figure, compared
from tests.benchmarks.sockets import Crowd

TITLE = "Fan-out (b)"
ABOUT = (
    "Messages of 1 kB to all sockets of one run. All three servers hold their sockets all the time and get events in turns; each "
    "event is sent when the one before has reached everybody. Ours is the real consumer and hub behind the session and login "
    "middleware, on uvicorn with the options of the Procfile; only the run itself is made up, so that no database is measured."
)
PATIENCE = 240
PATH = f"/ours/{UUID(int=7)}/"
OF_ONE_USER = 20
TRIED = (
    "what is left is the server's own path of a message, an ASGI call and a frame for each socket. Tried, and kept: each "
    "message encoded once for all, no task and no timer for a send that ends at once, sends that go past the session "
    "middleware, no channel in Redis for a socket (docs/adr/0014), start-up objects frozen and fewer full collections"
)
FACTORY = "tests.benchmarks.fanout_servers:application"


class Server(NamedTuple):
    pid: int
    port: int
    path: str
    crowd: Crowd
    publish: Callable[[int], Awaitable[Any]]


class Turn(NamedTuple):
    cpu: float
    """Microseconds for each delivery."""
    latencies: list[float]


async def turn(server: Server, first: int, events: int, sockets: int) -> Turn:
    began = cpu_seconds(server.pid)
    latencies = []
    for seq in range(first, first + events):
        sent = time.perf_counter()
        server.crowd.told = seq
        await server.publish(seq)
        await server.crowd.all_have(seq, sockets)
        latencies += [1000 * (at - sent) for at in server.crowd.arrived.pop(seq)]
    return Turn(1e6 * (cpu_seconds(server.pid) - began) / (events * sockets), latencies)


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def measure(installation: Installation, keys: list[str], workspace: int, *, quick: bool) -> list[Figure]:
    from channels.layers import get_channel_layer  # noqa: PLC0415 - needs Django
    from django.conf import settings  # noqa: PLC0415
    from redis.asyncio import Redis  # noqa: PLC0415

    from notte_dashboard.realtime.events import wake  # noqa: PLC0415

    layer: Any = get_channel_layer()
    redis = Redis.from_url(settings.REDIS_URL)
    sockets, many, events, repeats = (200, 400, 40, 3) if quick else (1000, 5000, 200, 5)

    async def to_ours(seq: int) -> None:
        await layer.group_send(GROUP, wake("run", seq, "active"))

    async def to_stock(seq: int) -> None:
        content = {"kind": "steps", "from": seq, "to": seq, "html": PAYLOAD}
        await layer.group_send("stock", {"type": "step", "content": content})

    async def to_bare(seq: int) -> None:
        await redis.publish(CHANNEL, seq)

    def web(path: str, publish: Callable[[int], Awaitable[Any]]) -> Server:
        port = free_port()
        return Server(installation.uvicorn(FACTORY, port, **options).pid, port, path, Crowd(), publish)

    options = {"UVICORN_FACTORY": "true", "WORKSPACE": str(workspace)}
    port = free_port()
    bare_pid = installation.python("-m", "tests.benchmarks.fanout_servers", str(port), settings.REDIS_URL).pid
    bare = Server(bare_pid, port, "/", Crowd(), to_bare)
    ours, stock = web(PATH, to_ours), web("/stock/", to_stock)
    figures = await fan_out([ours, stock, bare], keys, sockets, events, repeats)
    for server in (stock, bare):
        server.crowd.leave()
    figures += await beside_a_slow_query(ours, keys, 3 if quick else 5)
    ours.crowd.leave()
    crowded = web(PATH, to_ours)
    figures += await crowd_of(crowded, keys, many, 2 if quick else 5)
    crowded.crowd.leave()
    await redis.aclose()
    await layer.flush()
    return figures


async def fan_out(servers: list[Server], keys: list[str], sockets: int, events: int, repeats: int) -> list[Figure]:
    turns: dict[int, list[Turn]] = {server.port: [] for server in servers}
    for server in servers:
        await asyncio.sleep(1)
        await server.crowd.join(server.port, server.path, sockets, _cookies(keys, sockets))
    await asyncio.sleep(2)
    for server in servers:
        await turn(server, 1, 5, sockets)
    for number in range(repeats):
        for server in servers:
            # A stock event takes ten times as long: fewer of them say as much.
            count = max(5, events // 20) if server.path == "/stock/" else events
            turns[server.port].append(await turn(server, 6 + number * events, count, sockets))
    ours, stock, bare = (turns[server.port] for server in servers)
    quick_ones = [percentile(each.latencies, 0.5) for each in ours]
    return [
        compared(
            f"F1: bare broadcast through ours, processor time of a delivery, {sockets} sockets",
            [each.cpu for each in ours],
            [each.cpu for each in bare],
            inverse=True,
            goal=">= 0.60",
            unit="µs",
            note=TRIED,
        ),
        compared(
            f"F2: stock consumer through ours, processor time of a delivery, {sockets} sockets",
            [each.cpu for each in ours],
            [each.cpu for each in stock],
            inverse=True,
            goal=">= 10",
            unit="µs",
        ),
        compared(
            f"F3: p99 through p50 of the time to a socket, {events} events each",
            [percentile(each.latencies, 0.99) for each in ours],
            quick_ones,
            goal="<= 2.5",
            unit="ms",
            note="ours is the p99, the peer is our p50. Tried, and kept: others get their turn after each 256 sockets, full "
            "collections are rare",
        ),
        compared(
            "time to a socket, p50, ours through bare",
            quick_ones,
            [percentile(each.latencies, 0.5) for each in bare],
            unit="ms",
        ),
    ]


async def beside_a_slow_query(server: Server, keys: list[str], repeats: int) -> list[Figure]:
    """A socket that catches up, each batch a query of a second, on the very run that the others follow."""
    without: list[float] = []
    beside: list[float] = []
    total = len(server.crowd.readers)
    for _ in range(repeats):
        for found, slow in ((without, False), (beside, True)):
            straggler = Crowd()
            if slow:
                await straggler.join(server.port, f"{server.path}?after=1", 1, keys[-1:])
                await asyncio.sleep(0.3)
            done = await turn(server, server.crowd.told + 1, 15, total)
            found.append(statistics.median(done.latencies))
            straggler.leave()
            await asyncio.sleep(0.1 + 1.2 * slow)
    assert server.crowd.lost == 0
    return [
        compared(
            "F4: p50 with one socket inside a query of a second, through p50 without",
            beside,
            without,
            goal="<= 1.5",
            unit="ms",
        )
    ]


async def crowd_of(server: Server, keys: list[str], many: int, repeats: int) -> list[Figure]:
    await asyncio.sleep(1)
    await server.crowd.join(server.port, server.path, 20, _cookies(keys[:1], 20))
    await asyncio.sleep(1)
    before = own_memory(server.pid)
    await server.crowd.join(server.port, server.path, many - 20, _cookies(keys[1:], many - 20))
    await asyncio.sleep(2)
    each = (own_memory(server.pid) - before) / (many - 20) / 1024
    received = []
    for seq in range(1, repeats + 1):
        await server.publish(seq)
        await server.crowd.all_have(seq, many, 30)
        received.append(float(len(server.crowd.arrived[seq])))
    return [
        Figure("memory of an idle socket", [each], unit="kB", goal="<= 60", note=f"own memory of the process, {many} sockets"),
        Figure(f"of {many} sockets receive", received, goal=f">= {many}"),
    ]


def _cookies(keys: list[str], sockets: int) -> list[str]:
    """Twenty sockets of each user, as many as one may have."""
    return [keys[number // OF_ONE_USER] for number in range(sockets)]


def main(*, quick: bool) -> list[Figure]:
    from tests.benchmarks.rows import sign_in_operators  # noqa: PLC0415 - needs Django

    raise_open_files()
    with new_installation() as installation:
        workspace, keys = sign_in_operators(252)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(measure(installation, keys, workspace.pk, quick=quick))
