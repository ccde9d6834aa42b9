"""Little sites on loopback ports of their own, away from the server under test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """Serves its pages as /0, /1, ... (the first also as anything else), redirects /away, remembers who asked for what."""

    def __init__(self, *pages: str) -> None:
        self.pages = list(pages) or [""]
        self.away = ""
        self.requests: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.strip("/")
                site.requests.append((self.path, dict(self.headers)))
                self.send_response(302 if name == "away" else 200)
                if name == "away":
                    self.send_header("Location", site.away)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(site.pages[int(name) if name.isdigit() else 0].encode())

            def log_message(self, *_args: object):
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        self.url = f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(*pages: str) -> Iterator[Site]:
    site = Site(*pages)
    thread = threading.Thread(target=site.server.serve_forever, daemon=True)
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()
