"""Who may talk to the local API: a gate in front of every route, and tokens that open one session only."""

import base64
import hashlib
import hmac
import itertools
import json
import secrets
import time
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from notte_dashboard.local_api.errors import ApiError
from notte_dashboard.local_api.settings import Settings

TOKEN_SECONDS = 600
BODY_LIMIT = 1_000_000
_PAGES = ("/demo", "/viewer")
_KEYLESS = {"/health", "/openapi.json"}


class Control(NamedTuple):
    """Leave to act in a session's browser. Of two, the one with the higher number is the newer."""

    number: int
    until: float


class SessionTokens:
    """Signed claims that open one session: to watch it, or to act in it. The signing key lives as long as the process, as
    sessions do.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._numbers = itertools.count(1)

    def issue(self, session_id: str, *, control: bool = False, seconds: float = TOKEN_SECONDS) -> str:
        number = next(self._numbers) if control else 0
        claim = json.dumps([session_id, time.time() + seconds, number]).encode()
        return f"{_text(claim)}.{_text(self._sign(claim))}"

    def opens(self, token: str, session_id: str) -> bool:
        claim = self._claim(token, session_id)
        return claim is not None and claim.number == 0

    def control(self, token: str, session_id: str) -> Control | None:
        claim = self._claim(token, session_id)
        return claim if claim is not None and claim.number > 0 else None

    def _claim(self, token: str, session_id: str) -> Control | None:
        claim_text, _, signature = token.partition(".")
        try:
            claim = _bytes(claim_text)
            genuine = hmac.compare_digest(_bytes(signature), self._sign(claim))
        except ValueError:
            return None
        if not genuine:
            return None
        subject, expiry, number = json.loads(claim)
        return Control(number, expiry) if subject == session_id and time.time() < expiry else None

    def _sign(self, claim: bytes) -> bytes:
        return hmac.digest(self._key, claim, hashlib.sha256)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))


def same_key(given: str, key: str) -> bool:
    return hmac.compare_digest(given.encode(), key.encode())


class Gate:
    """Refuses before routing. Host and Origin keep web pages out (DNS rebinding, cross-site requests), the key keeps
    other local users out. The demo site and the viewer's files need no key; websockets bring a token that their route checks.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            self._admit(scope, headers)
        except ApiError as refusal:
            await _refuse(refusal, scope, receive, send)
            return
        if scope["type"] == "http":
            receive = _bounded(receive)
        await self.app(_without_slash(scope), receive, send)

    def _admit(self, scope: Scope, headers: Headers) -> None:
        if not self._known_host(headers.get("host", "")):
            raise ApiError(HTTPStatus.FORBIDDEN, "This Host is not served. Use 127.0.0.1 or localhost, or set LOCAL_API_HOST.")
        path = scope["path"]
        if path == "/demo" or path.startswith("/demo/"):
            return
        self._check_origin(scope, headers)
        if scope["type"] == "http" and path.rstrip("/") not in _KEYLESS and not _is_page(path):
            self._check_api_request(scope, headers)

    def _known_host(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        return name is not None and name in self.settings.allowed_hosts

    def _check_origin(self, scope: Scope, headers: Headers) -> None:
        origin = headers.get("origin")
        own = f"http://{headers.get('host', '')}"
        # The viewer runs in a sandbox, whose origin is "null": its websocket is let in by token alone.
        opaque_viewer = origin == "null" and scope["type"] == "websocket"
        if origin is not None and origin != own and not opaque_viewer:
            raise ApiError(HTTPStatus.FORBIDDEN, "Requests from web pages are refused.")

    def _check_api_request(self, scope: Scope, headers: Headers) -> None:
        if "sec-fetch-mode" in headers:
            raise ApiError(HTTPStatus.FORBIDDEN, "Browsers are refused: this is an API.")
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not same_key(token.strip(), self.settings.api_key):
            raise ApiError(HTTPStatus.UNAUTHORIZED, "The Bearer key is missing or wrong: see LOCAL_API_KEY.")
        if scope["method"] in {"POST", "PUT", "PATCH"}:
            media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
            if media_type != "application/json":
                raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")
        if int(headers.get("content-length") or 0) > BODY_LIMIT:
            raise ApiError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")


def _is_page(path: str) -> bool:
    return path in _PAGES or path.startswith(tuple(f"{page}/" for page in _PAGES))


def _without_slash(scope: Scope) -> Scope:
    """SDKs differ in whether they send `/sessions` or `/sessions/`; both are served directly."""
    path = scope["path"]
    if len(path) > 1 and path.endswith("/") and not _is_page(path):
        return {**scope, "path": path.rstrip("/"), "raw_path": path.rstrip("/").encode()}
    return scope


def _bounded(receive: Receive) -> Receive:
    size = 0

    async def bounded() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > BODY_LIMIT:
            raise ApiError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large.")
        return message

    return bounded


async def _refuse(refusal: ApiError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4403, "reason": refusal.message})
        return
    await refusal.response()(scope, receive, send)
