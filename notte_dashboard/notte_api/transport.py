"""The one HTTP client: pinned to its origin, no redirects, no proxies of the environment, bounded in time and size."""

import ssl
import zlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from http.cookiejar import CookieJar, DefaultCookiePolicy

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from notte_dashboard import __version__
from notte_dashboard.notte_api.connection import Connection, origin_of
from notte_dashboard.notte_api.errors import BadAnswer, NotteError, Unanswered, Unreachable
from notte_dashboard.notte_api.public import PublicResolver

BODY_LIMIT = 32 * 1024 * 1024
# Shorter than the 5 s after which uvicorn closes an idle connection under us.
KEEPALIVE_SECONDS = 4.0
CONNECTIONS = 200
SENT_NOTHING = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
SENT_NOTHING_HTTPX = (httpx.ConnectError, httpx.PoolTimeout, httpx.UnsupportedProtocol)
TRANSPORT_ERRORS = (httpx.TransportError, httpx.InvalidURL, aiohttp.ClientError, OSError)
HEADERS = {
    "accept": "application/json",
    # Unpacked here with a bound on what comes out; the other encodings have no such bound.
    "accept-encoding": "gzip",
    "user-agent": f"notte-dashboard/{__version__}",
    "x-notte-request-origin": "notte-dashboard",
    "x-notte-sdk-version": __version__,
}


@dataclass(frozen=True)
class Timeouts:
    """Seconds; `read` is between two pieces of an answer, `deadline` is for one attempt as a whole."""

    connect: float = 5.0
    read: float = 30.0
    deadline: float = 60.0

    def for_httpx(self) -> httpx.Timeout:
        return httpx.Timeout(self.read, connect=self.connect, pool=2 * self.connect)


READS = Timeouts()
STARTS = Timeouts(read=90.0, deadline=100.0)


class KeyForItsOrigin(httpx.Auth):
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if origin_of(request.url) == self.connection.origin:
            request.headers["authorization"] = f"Bearer {self.connection.api_key}"
        yield request


class FreshForStarts(httpx.AsyncBaseTransport):
    """A start gets a new connection: on a kept one that the server is just closing, its outcome would be unknown."""

    def __init__(self, connection: Connection) -> None:
        verify = tls_context() if connection.origin.startswith("https:") else False
        public = connection.public_only
        self._kept = AiohttpTransport(trust_env=False, verify=verify, client=partial(_keeping_session, verify, public))
        self._fresh = AiohttpTransport(trust_env=False, verify=verify, client=partial(_closing_session, verify, public))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        transport = self._fresh if request.method == "POST" else self._kept
        return await transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._kept.aclose()
        await self._fresh.aclose()


@cache
def tls_context() -> ssl.SSLContext:
    """Loading the certificates takes longer than a request."""
    return httpx.create_ssl_context(trust_env=False)


def _keeping_session(tls: ssl.SSLContext | bool, public: bool) -> aiohttp.ClientSession:  # noqa: FBT001 - aiohttp's own type
    kept = KEEPALIVE_SECONDS
    return _session(aiohttp.TCPConnector(ssl=tls, limit=CONNECTIONS, keepalive_timeout=kept, resolver=_resolver(public=public)))


def _closing_session(tls: ssl.SSLContext | bool, public: bool) -> aiohttp.ClientSession:  # noqa: FBT001 - aiohttp's own type
    return _session(aiohttp.TCPConnector(ssl=tls, limit=CONNECTIONS, force_close=True, resolver=_resolver(public=public)))


def _resolver(*, public: bool) -> PublicResolver | None:
    return PublicResolver() if public else None


def _session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)


def looking_session(connection: Connection, headers: Mapping[str, str], timeout: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
    """Answers are unpacked by us, with a bound on what comes out."""
    tls = tls_context() if connection.origin.startswith("https:") else False
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            ssl=tls, limit=CONNECTIONS, keepalive_timeout=KEEPALIVE_SECONDS, resolver=_resolver(public=connection.public_only)
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        headers=headers,
        timeout=timeout,
    )


def http_client(connection: Connection, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=transport or FreshForStarts(connection),
        headers=HEADERS,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
    )


def transport_error(error: Exception) -> NotteError:
    """What aiohttp raised is better than its httpx mapping, where a cut after sending reads as a connect timeout."""
    cause = error.__cause__ if isinstance(error.__cause__, aiohttp.ClientError) else error
    if isinstance(cause, SENT_NOTHING) or (isinstance(error, SENT_NOTHING_HTTPX) and cause is error):
        return Unreachable(f"The API cannot be reached ({_reason(cause)}).")
    if isinstance(cause, httpx.ConnectTimeout):
        return Unreachable("The API cannot be reached (no connection in time).")
    if isinstance(cause, aiohttp.ClientResponseError | httpx.InvalidURL):
        return BadAnswer("What answered does not speak HTTP.")
    return Unanswered(f"The API did not answer ({_reason(cause)}).")


def _reason(error: BaseException) -> str:
    return type(error).__name__ if isinstance(error, TimeoutError) or not str(error) else str(error)[:200]


async def bounded_body(response: httpx.Response, limit: int = BODY_LIMIT) -> bytes:
    """The body, unpacked; an error's body is cut at the limit, any other over it is a BadAnswer."""
    if response.is_stream_consumed:  # a transport that answers from memory
        return _within(limit, response, response.content)
    unpack = unpacker(response.headers.get("content-encoding", "identity"), limit)
    body = bytearray()
    async for piece in response.aiter_raw():
        body += unpack(piece)
        if len(body) > limit:
            break
    return _within(limit, response, bytes(body))


def _within(limit: int, response: httpx.Response, body: bytes) -> bytes:
    if len(body) > limit and response.is_success:
        raise BadAnswer(f"The answer is larger than {limit // 1024 // 1024} MB.", status=response.status_code)
    return body[:limit]


class _Gzip:
    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)

    def __call__(self, piece: bytes) -> bytes:
        try:
            return self.stream.decompress(piece, self.limit + 1)
        except zlib.error as error:
            raise BadAnswer("The answer is not packed as it says.") from error


def _plain(piece: bytes) -> bytes:
    return piece


def unpacker(encoding: str, limit: int) -> Callable[[bytes], bytes]:
    if encoding.strip().lower() in {"", "identity"}:
        return _plain
    if encoding.strip().lower() in {"gzip", "deflate"}:
        return _Gzip(limit)
    raise BadAnswer("The answer is packed in a way that was not asked for.")
