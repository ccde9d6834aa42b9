"""A network that misbehaves, in front of the web port: it knows the websockets, and does to them what it is told.

Every new websocket is given a fate by `fate`, a function; without one it lives.
"""

import asyncio
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65536
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass
class Fate:
    """What becomes of a websocket: after so many bytes of the server's or seconds, whichever comes first, it is cut."""

    after_bytes: int | None = None
    after_seconds: float | None = None
    reset: bool = False
    """With an RST, or with a FIN, as a server does that ends."""
    silent: bool = False
    """Not cut: it stays open, and nothing passes any more. Nobody is told."""
    held: bool = False


FateOf = Callable[[int], Fate]


def cut_at_random(dice: random.Random) -> Fate:
    """In the handshake, in a frame, between frames; early and late."""
    reset = dice.random() < 0.5
    match dice.randrange(4):
        case 0:
            return Fate(after_bytes=dice.randrange(1, 400), reset=reset)
        case 1:
            return Fate(after_bytes=dice.randrange(400, 80_000), after_seconds=dice.uniform(0.2, 1.0), reset=reset)
        case _:
            return Fate(after_seconds=dice.uniform(0.0, 0.8), reset=reset)


@dataclass(eq=False)
class Connection:
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    fate: Fate = field(default_factory=Fate)
    is_websocket: bool = False

    def sever(self) -> None:
        for writer in (self.client, self.server):
            raw: socket.socket = writer.get_extra_info("socket")
            if self.fate.reset and raw.fileno() >= 0:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            writer.transport.abort()


class FaultProxy:
    """Runs in a thread of its own. `idle_timeout` ends connections in which nothing passes for so long, as real proxies do."""

    def __init__(self, target: int, idle_timeout: float | None = None) -> None:
        self.target, self.idle_timeout = target, idle_timeout
        self.fate: FateOf | None = None
        self.cuts = self.held = self.websockets = self.idled = 0
        self.open: set[Connection] = set()
        self._serving: set[asyncio.Task[None] | None] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    def cut_all(self) -> None:
        self._loop.call_soon_threadsafe(lambda: [self._cut(each) for each in list(self.open) if each.is_websocket])

    async def _serve(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port: int = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopped.wait()
        server.close()
        for each in list(self.open):
            each.sever()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream, server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        connection = Connection(writer, server)
        self.open.add(connection)
        self._serving.add(asyncio.current_task())
        pumps = [self._pump(reader, server, connection), self._pump(upstream, writer, connection, is_answer=True)]
        await asyncio.gather(*pumps, return_exceptions=True)
        self.open.discard(connection)
        for end in (writer, server):
            end.close()
            with suppress(OSError):
                await end.wait_closed()
        self._serving.discard(asyncio.current_task())

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: Connection, *, is_answer: bool = False
    ) -> None:
        try:
            while data := await asyncio.wait_for(reader.read(CHUNK), self.idle_timeout if is_answer else None):
                if not is_answer and not connection.is_websocket and b"upgrade: websocket" in data.lower():
                    self._meet(connection)
                if connection.fate.held:
                    continue
                allowed = connection.fate.after_bytes
                if is_answer and connection.is_websocket and allowed is not None:
                    connection.fate.after_bytes = allowed - len(data)
                    data = data[: max(0, allowed)]
                writer.write(data)
                await writer.drain()
                if connection.fate.after_bytes is not None and connection.fate.after_bytes <= 0:
                    self._befall(connection)
        except TimeoutError:
            self.idled += connection.is_websocket
        except OSError:
            pass  # One of the two ends is gone: so is the other.
        finally:
            if not connection.fate.held:
                for end in (connection.client, connection.server):
                    end.close()

    def _meet(self, connection: Connection) -> None:
        connection.is_websocket = True
        self.websockets += 1
        if self.fate is None:
            return
        connection.fate = self.fate(self.websockets)
        if connection.fate.after_seconds is not None:
            self._loop.call_later(connection.fate.after_seconds, self._befall, connection)

    def _befall(self, connection: Connection) -> None:
        if connection.fate.silent and not connection.fate.held:
            connection.fate.held = True
            self.held += 1
        elif not connection.fate.silent:
            self._cut(connection)

    def _cut(self, connection: Connection) -> None:
        if connection in self.open:
            self.open.discard(connection)
            self.cuts += 1
            connection.sever()


@contextmanager
def fault_proxy(target: int, idle_timeout: float | None = None) -> Iterator[FaultProxy]:
    proxy = FaultProxy(target, idle_timeout)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
