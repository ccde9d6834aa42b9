"""The smallest live viewer there can be: a CDP screencast, sent on as it comes, drawn on a canvas.

`python -m tests.benchmarks.bare_viewer CHROMIUM URL` prints its address as a line of JSON and serves until it is ended.
"""

import asyncio
import base64
import json
import sys
import tempfile
from http import HTTPStatus
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

WIDTH, HEIGHT, QUALITY, CREDITS = 1280, 720, 60, 2
SWITCHES = ("--headless", "--no-sandbox", "--no-first-run", "--hide-scrollbars", "--disable-background-networking")
PAGE = """<!doctype html><html data-state="waiting"><style>body{margin:0}
canvas{width:100%;height:100vh;object-fit:contain}</style>
<canvas></canvas><script>
const canvas = document.querySelector("canvas");
const picture = canvas.getContext("2d", { alpha: false, desynchronized: true });
const socket = new WebSocket(`ws://${location.host}/live`);
let drawing = Promise.resolve();
const draw = async (frame) => {
  const bitmap = await createImageBitmap(frame);
  if (canvas.width !== bitmap.width) [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  picture.drawImage(bitmap, 0, 0);
  bitmap.close();
  document.documentElement.dataset.state = "live";
  socket.send("drawn");
};
socket.onmessage = (event) => { drawing = drawing.then(() => draw(event.data)); };
const send = (kind) => ({ clientX, clientY }) => {
  const box = canvas.getBoundingClientRect();
  const scale = Math.min(box.width / canvas.width, box.height / canvas.height);
  const x = (clientX - (box.width - canvas.width * scale) / 2) / scale;
  const y = (clientY - (box.height - canvas.height * scale) / 2) / scale;
  socket.send(JSON.stringify({ type: kind, x, y, button: "left", clickCount: 1 }));
};
canvas.onmousedown = send("mousePressed");
canvas.onmouseup = send("mouseReleased");
</script>"""


class Tab:
    """The page's own CDP socket, and the newest frame."""

    def __init__(self, socket: Any) -> None:
        self.socket, self.number = socket, 0
        self.frame = b""
        self.fresh = asyncio.Event()

    async def send(self, method: str, **params: Any) -> None:
        self.number += 1
        await self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))

    async def pump(self) -> None:
        async for text in self.socket:
            message = json.loads(text)
            if message.get("method") == "Page.screencastFrame":
                await self.send("Page.screencastFrameAck", sessionId=message["params"]["sessionId"])
                self.frame = base64.b64decode(message["params"]["data"])
                self.fresh.set()


async def watched(viewer: ServerConnection, tab: Tab) -> None:
    credits_left = asyncio.Semaphore(CREDITS)

    async def frames() -> None:
        while True:
            await tab.fresh.wait()
            await credits_left.acquire()
            tab.fresh.clear()
            await viewer.send(tab.frame)

    await tab.send("Page.startScreencast", format="jpeg", quality=QUALITY, maxWidth=WIDTH, maxHeight=HEIGHT)
    sending = asyncio.create_task(frames())
    try:
        async for text in viewer:
            if text == "drawn":
                credits_left.release()
            else:
                await tab.send("Input.dispatchMouseEvent", **json.loads(text))
    finally:
        sending.cancel()
        await tab.send("Page.stopScreencast")


async def launched(chromium: str, folder: str) -> tuple[Any, str]:
    """The browser and the CDP address of its page."""
    browser = await asyncio.create_subprocess_exec(
        chromium,
        *SWITCHES,
        f"--user-data-dir={folder}",
        f"--window-size={WIDTH},{HEIGHT}",
        "--remote-debugging-port=0",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    told = Path(folder) / "DevToolsActivePort"
    while not (told.exists() and told.read_text().count("\n")):  # noqa: ASYNC110 - another program writes it
        await asyncio.sleep(0.01)
    port = told.read_text().splitlines()[0]
    reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
    writer.write(f"GET /json/list HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    headers = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(headers.partition("content-length:")[2].split()[0])
    targets = json.loads(await reader.readexactly(length))
    writer.close()
    return browser, next(target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page")


def page(_: ServerConnection, request: Request) -> Response | None:
    if request.path == "/live":
        return None
    body = PAGE.encode()
    headers = Headers({"Content-Type": "text/html", "Content-Length": str(len(body)), "Connection": "close"})
    return Response(HTTPStatus.OK, "OK", headers, body)


async def main(chromium: str, url: str) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser, address = await launched(chromium, folder)
        async with connect(address, compression=None, max_size=None, proxy=None) as socket:
            tab = Tab(socket)
            pumping = asyncio.create_task(tab.pump())
            await tab.send("Page.enable")
            size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
            await tab.send("Emulation.setDeviceMetricsOverride", **size)
            await tab.send("Page.navigate", url=url)
            async with serve(
                lambda viewer: watched(viewer, tab), "127.0.0.1", 0, compression=None, process_request=page
            ) as server:
                port = next(iter(server.sockets)).getsockname()[1]
                sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{port}/"}) + "\n")
                sys.stdout.flush()
                await asyncio.to_thread(sys.stdin.read)  # ends when whoever started us lets go
            pumping.cancel()
        browser.terminate()
        await browser.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
