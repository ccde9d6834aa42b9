"""A small identity provider on the loopback: discovery, sign-in without questions, token, user info."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit


class Provider:
    """Signs in whoever comes as `person`."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {
            "sub": "u-1",
            "preferred_username": "nina",
            "email": "nina@corp.example",
            "email_verified": True,
        }
        self.asked: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": self}))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    provider: ClassVar[Provider]

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        base = self.provider.url
        self.provider.asked.append(path)
        if path == "/.well-known/openid-configuration":
            names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            self._json({f"{name}_endpoint": f"{base}/{at}" for name, at in names.items()} | {"issuer": base})
        elif path == "/authorize":
            asked = {name: value[0] for name, value in parse_qs(query).items()}
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': 'c-1', 'state': asked['state']})}")
            self.end_headers()
        else:
            self._json(self.provider.person)

    def do_POST(self) -> None:
        self.provider.asked.append(urlsplit(self.path).path)
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self._json({"access_token": "a-1", "token_type": "Bearer"})

    def _json(self, body: Any) -> None:
        encoded = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, *_: Any) -> None:
        """Tests read `asked` instead."""
