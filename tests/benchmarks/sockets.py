"""Many websockets in one loop, read as cheaply as Python allows, so that what is measured is the server."""

import asyncio
import base64
import os
import re
import time

SEQ = re.compile(rb'"to": ?(\d+)')
MEDIUM, LARGE = 126, 127
CLOSE, PING = 8, 9


class Reader(asyncio.Protocol):
    """Shakes hands, answers pings, and else only splits frames and notes when which seq came."""

    def __init__(self, request: bytes, crowd: "Crowd") -> None:
        self.request, self.crowd = request, crowd
        self.buffer = b""
        self.open = self.reading = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(self.request)  # type: ignore[attr-defined]
        self.reading = True

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data if self.buffer else data
        if not self.open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self.buffer = head
                return
            assert b" 101 " in head, head
            self.open = True
            self.crowd.opened += 1
        start, length = 0, len(data)
        while length - start >= 2:
            size, offset = data[start + 1] & 0x7F, 2
            if size == MEDIUM:
                size, offset = int.from_bytes(data[start + 2 : start + 4], "big"), 4
            elif size == LARGE:
                size, offset = int.from_bytes(data[start + 2 : start + 10], "big"), 10
            end = start + offset + size
            if end > length:
                break
            opcode, payload = data[start] & 0x0F, data[start + offset : end]
            if opcode == PING:
                # Masked with zeros, which changes nothing.
                self.transport.write(bytes((0x8A, 0x80 | len(payload), 0, 0, 0, 0)) + payload)  # type: ignore[attr-defined]
            else:
                self.crowd.frame(opcode, payload)
            start = end
        self.buffer = data[start:]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.crowd.lost += 1


class Crowd:
    """Sockets of one server."""

    def __init__(self) -> None:
        self.readers: list[Reader] = []
        self.opened = self.lost = 0
        self.arrived: dict[int, list[float]] = {}
        self.frames = self.told = 0
        self.codes: list[int] = []

    def frame(self, opcode: int, payload: bytes) -> None:
        now = time.perf_counter()
        self.frames += 1
        if opcode == CLOSE:
            self.codes.append(int.from_bytes(payload[:2], "big"))
        elif match := SEQ.search(payload[:120]):
            self.arrived.setdefault(int(match[1]), []).append(now)

    async def join(self, port: int, path: str, count: int, cookies: list[str], at_once: int = 50) -> None:
        loop = asyncio.get_running_loop()
        before = self.opened
        for first in range(0, count, at_once):
            numbers = range(first, min(first + at_once, count))
            await asyncio.gather(*[self._open(loop, port, path, cookies[number % len(cookies)]) for number in numbers])
            async with asyncio.timeout(60):
                while self.opened < before + numbers[-1] + 1:  # noqa: ASYNC110 - what is waited for has no event
                    await asyncio.sleep(0.005)

    async def _open(self, loop: asyncio.AbstractEventLoop, port: int, path: str, cookie: str) -> None:
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: localhost:{port}",
            f"Origin: http://localhost:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
            f"Cookie: sessionid={cookie}",
        ]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        _, reader = await loop.create_connection(lambda: Reader(request, self), "127.0.0.1", port)
        self.readers.append(reader)

    async def all_have(self, seq: int, count: int, seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while len(self.arrived.get(seq, ())) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.001)

    def leave(self) -> None:
        for reader in self.readers:
            reader.transport.abort()  # type: ignore[attr-defined]
