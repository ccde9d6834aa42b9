"""The three servers that are compared: our consumer and hub, a stock Channels consumer, and a bare `websockets.broadcast`."""

import asyncio
import json
import os
import sys
import time
from typing import Any
from uuid import UUID

PAYLOAD = "x" * 1000
GROUP = "fan.out"
CHANNEL = "bare"
SLOW = 1.0


def text(seq: int) -> str:
    return json.dumps({"kind": "steps", "from": seq, "to": seq, "html": PAYLOAD}, separators=(",", ":"))


def application() -> Any:
    """Both consumers behind the middleware of the real application."""
    from channels.auth import AuthMiddleware  # noqa: PLC0415
    from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: PLC0415
    from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: PLC0415
    from channels.sessions import CookieMiddleware, SessionMiddleware  # noqa: PLC0415
    from django.urls import path  # noqa: PLC0415

    from notte_dashboard.asgi import websocket as _  # noqa: F401, PLC0415 - sets Django up, with its tuning of the collector
    from notte_dashboard.realtime.consumer import RunConsumer, with_plain_send  # noqa: PLC0415
    from notte_dashboard.realtime.sources import Batch, Fragment, Snapshot  # noqa: PLC0415

    class Fixed:
        """A run whose steps cost nothing to read; catching up costs a slow query."""

        last = 0

        def __init__(self) -> None:
            self.group, self.workspace_id, self.can_operate = GROUP, int(os.environ["WORKSPACE"]), True

        def snapshot(self, *, viewed: bool) -> Snapshot:  # noqa: ARG002
            return Snapshot(Fixed.last, over=False, fragments=[Fragment("status", "active")])

        def batch(self, after: int) -> Batch | None:
            if after < Fixed.last:
                time.sleep(SLOW)
            Fixed.last = max(Fixed.last, after + 1)
            return Batch(after + 1, after + 1, PAYLOAD)

    class Ours(RunConsumer):
        def source(self, uuid: UUID) -> Any:  # noqa: ARG002
            return Fixed()

    class Stock(AsyncJsonWebsocketConsumer):
        groups = ["stock"]

        async def step(self, message: dict[str, Any]) -> None:
            await self.send_json(message["content"])

    routes: list[Any] = [path("ours/<uuid:uuid>/", Ours.as_asgi()), path("stock/", Stock.as_asgi())]
    with_login = CookieMiddleware(SessionMiddleware(AuthMiddleware(URLRouter(routes))))
    return ProtocolTypeRouter({"websocket": with_plain_send(with_login)})


async def bare(port: int, redis_url: str) -> None:
    from redis.asyncio import Redis  # noqa: PLC0415
    from websockets.asyncio.server import broadcast, serve  # noqa: PLC0415

    connections = set()

    async def hold(connection: Any) -> None:
        connections.add(connection)
        await connection.wait_closed()
        connections.discard(connection)

    client = Redis.from_url(redis_url, socket_timeout=None)
    async with serve(hold, "127.0.0.1", port, compression=None, ping_interval=None), client, client.pubsub() as heard:
        await heard.subscribe(CHANNEL)
        async for message in heard.listen():
            if message["type"] == "message":
                broadcast(connections, text(int(message["data"])))


if __name__ == "__main__":
    import resource

    import uvloop

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(bare(int(sys.argv[1]), sys.argv[2]))
