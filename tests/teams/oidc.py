"""A small identity provider on the loopback: discovery, sign-in without questions, token, user info."""

import json
import re
import threading
import urllib.error
import urllib.request
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
        self.told: list[str] = []
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
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        self.provider.told.append(f"{self.headers.get('authorization', '')} {body}")
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


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def through(client: Any, provider: Provider, provider_id: str = "sso") -> Any:
    """From the button, by way of the provider, to the answer of the way back."""
    left = client.post(f"/accounts/oidc/{provider_id}/login/?process=login")
    assert left.status_code == 200
    found = re.search(r'content="0;url=([^"]+)"', left.content.decode())
    assert found
    address = found[1].replace("&amp;", "&")
    assert address.startswith(f"{provider.url}/authorize?")
    assert "code_challenge" in address
    assert "sso-secret-canary" not in left.content.decode()
    back = ""
    try:
        urllib.request.build_opener(_Stay).open(address)
    except urllib.error.HTTPError as answer:
        back = answer.headers["Location"]
        answer.close()
    return client.get(back.removeprefix("http://testserver"))
