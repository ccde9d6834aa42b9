"""An API that costs little: status answers of a fixed size after a fixed delay, and steps that appear when they are told to."""

import asyncio
import json
import sys
import time
from typing import Any

import uvloop
from aiohttp import WSMsgType, web

LATENCY = 0.02
BODY = 30_000


class Api:
    def __init__(self) -> None:
        self.steps: dict[str, list[dict[str, Any]]] = {}
        self.bodies: dict[str, bytes] = {}
        self.asked: list[tuple[float, str]] = []
        self.sockets: dict[str, web.WebSocketResponse] = {}
        self.latency = LATENCY

    def body(self, kind: str, run_id: str) -> bytes:
        """Built once for each change."""
        if run_id not in self.bodies:
            facts = {
                "status": "active",
                "created_at": "2026-01-01T00:00:00Z",
                "session_id": f"of-{run_id}" if kind == "agents" else run_id,
                "steps": self.steps.get(run_id, []),
                "padding": "x" * BODY,
            }
            more = {"agent_id": run_id, "task": "t"} if kind == "agents" else SESSION
            self.bodies[run_id] = json.dumps(facts | more).encode()
        return self.bodies[run_id]

    async def status(self, request: web.Request) -> web.Response:
        run_id = request.match_info["id"]
        self.asked.append((time.time(), run_id))
        await asyncio.sleep(self.latency)
        return web.Response(body=self.body(request.match_info["kind"], run_id), content_type="application/json")

    async def debug(self, request: web.Request) -> web.Response:
        address = f"ws://127.0.0.1/logs?token=token-{request.match_info['id']}"
        return web.json_response({"debug_url": "", "ws": {"cdp": "", "recording": "", "logs": address}, "tabs": []})

    async def logs(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        self.sockets[request.match_info["id"]] = socket
        try:
            async for message in socket:
                if message.type in {WSMsgType.CLOSE, WSMsgType.ERROR}:
                    break
        finally:
            del self.sockets[request.match_info["id"]]
        return socket

    async def step(self, request: web.Request) -> web.Response:
        """`ids=a,b`: each gets one step more; those who listen hear of it."""
        told = {}
        for run_id in request.query["ids"].split(","):
            steps = self.steps.setdefault(run_id, [])
            steps.append({"type": "execution_result", "value": {"success": True, "message": f"step {len(steps)}"}})
            self.bodies.pop(run_id, None)
            told[run_id] = time.time()
            if run_id in self.sockets:
                await self.sockets[run_id].send_str('{"type": "execution_result"}')
        return web.json_response(told)

    async def tell(self, request: web.Request) -> web.Response:
        """When was who asked for, since the last time."""
        asked, self.asked = self.asked, []
        self.latency = float(request.query.get("latency", self.latency))
        return web.json_response({"asked": asked, "listening": len(self.sockets)})


SESSION: dict[str, Any] = {
    "idle_timeout_minutes": 3,
    "max_duration_minutes": 15,
    "last_accessed_at": "2026-01-01T00:00:00Z",
    "timeout_minutes": 3,
}


def application() -> web.Application:
    api = Api()
    app = web.Application()
    app.router.add_get("/_step", api.step)
    app.router.add_get("/_tell", api.tell)
    app.router.add_get("/sessions/{id}/debug", api.debug)
    app.router.add_get("/agents/{id}/debug/logs", api.logs)
    app.router.add_get("/{kind:sessions|agents}/{id}", api.status)
    return app


if __name__ == "__main__":
    uvloop.install()
    web.run_app(application(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
