"""A page that shows a number as black and white blocks, changes it when it is told to, and says when it did."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGE = """<!doctype html><title>Probe</title><style>body{margin:0;overflow:hidden}canvas{display:block}
.ball{position:absolute;top:200px;left:0;width:120px;height:120px;background:#27c}</style>
<canvas width=512 height=64></canvas><div class=ball></div><p style="position:absolute;top:400px">Some text beside it.</p><script>
const who = new URLSearchParams(location.search).get("who");
const picture = document.querySelector("canvas").getContext("2d"), ball = document.querySelector(".ball");
let log = [], running = 0, number = 0;
const show = (value) => {
  number = value & 255;
  for (let bit = 0; bit < 8; bit++) {
    picture.fillStyle = number >> bit & 1 ? "#fff" : "#000";
    picture.fillRect(bit * 64, 0, 64, 64);
  }
  log.push([number, Date.now()]);
};
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const DO = {
  changes: async ({ count, pause }) => {
    for (let i = 0; i < count; i++) {
      show(number + 1);
      await wait(pause + Math.random() * 50);
    }
  },
  moving: async ({ ms }) => {
    const ends = performance.now() + ms;
    while (performance.now() < ends) {
      await new Promise(requestAnimationFrame);
      show(number + 1);
      ball.style.left = `${performance.now() / 3 % 1100}px`;
    }
  },
  clicks: async () => {},
  told: async () => {},
};
addEventListener("mousedown", (event) => log.push([-1, Date.now()]));
show(0);
(async () => {
  while (true) {
    const command = await (await fetch(`/command?${who}`)).json();
    if (command.what !== "told") log = [];
    await DO[command.what](command);
    await fetch(`/answer?${who}`, { method: "POST", body: JSON.stringify(log) });
  }
})();
</script>"""


class Probe:
    def __init__(self) -> None:
        self._commands: dict[str, queue.Queue[Any]] = {}
        self._answers: dict[str, queue.Queue[Any]] = {}
        probe = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                path, _, who = self.path.partition("?")
                if path == "/command":
                    self._say("application/json", json.dumps(probe.commands(who).get()))
                else:
                    self._say("text/html", PAGE)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                probe.answers(self.path.partition("?")[2]).put(json.loads(body))
                self._say("application/json", "{}")

            def _say(self, kind: str, text: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_args: object):
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def commands(self, who: str) -> queue.Queue[Any]:
        return self._commands.setdefault(who, queue.Queue())

    def answers(self, who: str) -> queue.Queue[Any]:
        return self._answers.setdefault(who, queue.Queue())

    def tell(self, who: str, what: str, **more: Any) -> list[tuple[int, float]]:
        """What the page did and when, in milliseconds; `-1` is a click that arrived."""
        self.commands(who).put({"what": what, **more})
        return [(number, at) for number, at in self.answers(who).get(timeout=60)]


@contextmanager
def probe() -> Iterator[Probe]:
    made = Probe()
    threading.Thread(target=made.server.serve_forever, daemon=True).start()
    yield made
    made.server.shutdown()
    made.server.server_close()
