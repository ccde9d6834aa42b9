import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest


@pytest.fixture
def httpserver_of(settings):
    """Serves one text at the address of the dashboard; gives the list of (path, host) that were asked for."""
    servers = []

    def serve(text: str) -> list[tuple[str, str]]:
        asked: list[tuple[str, str]] = []

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append((self.path, self.headers["Host"]))
                self.send_response(503)
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                """The test's output stays clean."""

        server = HTTPServer(("127.0.0.1", 0), Answer)
        settings.HOST, settings.PORT = "127.0.0.1", server.server_port
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(server)
        return asked

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
