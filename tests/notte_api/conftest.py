import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
import stamina

from notte_dashboard.notte_api.transport import tls_context
from tests.notte_api.wire import Script, Wire


@pytest.fixture
async def wire() -> AsyncIterator[Callable[[Script], Awaitable[Wire]]]:
    servers: list[asyncio.Server] = []
    tasks: set[asyncio.Task[None]] = set()

    async def start(script: Script) -> Wire:
        started = Wire(script)

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            tasks.add(asyncio.create_task(started.serve(reader, writer)))

        server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=2**20)
        started.port = server.sockets[0].getsockname()[1]
        servers.append(server)
        return started

    yield start
    for server in servers:
        server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture(params=["aiohttp", "httpx"])
def plain_transport(request: pytest.FixtureRequest) -> httpx.AsyncBaseTransport | None:
    """Both transports must tell "nothing was sent" from "it may have happened" alike; None is our own."""
    return None if request.param == "aiohttp" else httpx.AsyncHTTPTransport(verify=tls_context(), trust_env=False)


@pytest.fixture
def no_waiting():
    """The loop of retries as it is, but without its pauses."""
    stamina.set_testing(True, attempts=10, cap=True)
    yield
    stamina.set_testing(False)
