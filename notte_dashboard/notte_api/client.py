"""One typed method for each operation of the API that the dashboard uses."""

import asyncio
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx

from notte_dashboard.notte_api.answers import (
    AgentAnswer,
    HealthAnswer,
    Item,
    Page,
    PersonaAnswer,
    ProfileAnswer,
    SessionAnswer,
    SessionDebug,
    VaultAnswer,
    digest_of,
    read_document,
    read_page,
)
from notte_dashboard.notte_api.calls import counted, operation
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotFound, NotteError, Refused, ServerFailed
from notte_dashboard.notte_api.looks import Looks
from notte_dashboard.notte_api.reading import SAMPLED
from notte_dashboard.notte_api.refusals import error_from
from notte_dashboard.notte_api.retry import with_retries
from notte_dashboard.notte_api.transport import (
    READS,
    STARTS,
    TRANSPORT_ERRORS,
    KeyForItsOrigin,
    Timeouts,
    bounded_body,
    http_client,
    transport_error,
)

Query = Mapping[str, str | int | bool]


class NotteClient:
    """Use it as an async context manager and share it: it keeps its connections. `retries=0` leaves pacing to the caller."""

    def __init__(
        self,
        connection: Connection,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        retries: int = 3,
        reads: Timeouts = READS,
        starts: Timeouts = STARTS,
        hear: Callable[[Mapping[str, str]], None] | None = None,
    ) -> None:
        """`hear` is told the headers of every answer."""
        self.connection = connection
        self._http = http_client(connection, transport)
        self._looks = Looks(connection, reads) if transport is None and not retries else None
        self._auth = KeyForItsOrigin(connection)
        self._retries = retries
        self._reads = reads
        self._starts = starts
        self._hear = hear

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._http.aclose()
        if self._looks is not None:
            await self._looks.aclose()

    async def health(self) -> HealthAnswer:
        return HealthAnswer.from_body(await self._send("GET", "/health", with_key=False), self.connection)

    async def contract(self, path: str = "/openapi.json") -> dict[str, Any]:
        """The API's own description of itself, which is public: the key is not sent."""
        return read_document(await self._send("GET", path, with_key=False), self.connection)

    async def start_session(self, body: Mapping[str, Any]) -> SessionAnswer:
        """Sent once: a start whose answer is lost may have started a browser all the same."""
        return SessionAnswer.from_body(await self._send("POST", "/sessions/start", body=body), self.connection)

    async def session_status(self, session_id: str, *, known: str = "") -> SessionAnswer | None:
        """None when the answer is, byte for byte, the one whose digest is `known`."""
        body = await self._look(f"/sessions/{_segment(session_id)}")
        return None if known and digest_of(body) == known else SessionAnswer.from_body(body, self.connection)

    async def stop_session(self, session_id: str) -> SessionAnswer:
        """May be repeated; a session that had ended before is answered as it is."""
        try:
            body = await self._send("DELETE", f"/sessions/{_segment(session_id)}/stop")
        except (Refused, ServerFailed) as error:
            if not _had_ended(error):
                raise
            body = await self._send("GET", f"/sessions/{_segment(session_id)}")
        return SessionAnswer.from_body(body, self.connection)

    async def list_sessions(self, *, only_active: bool = True, page: int = 1, page_size: int = 50) -> Page[SessionAnswer]:
        return await self._page("/sessions", SessionAnswer, {"only_active": only_active, "page": page, "page_size": page_size})

    async def session_debug(self, session_id: str) -> SessionDebug:
        """Read without touching the session's idle clock."""
        body = await self._send("GET", f"/sessions/{_segment(session_id)}/debug", query={"update_metadata": False})
        return SessionDebug.from_body(body, self.connection)

    async def start_agent(self, body: Mapping[str, Any]) -> AgentAnswer:
        """Sent once, as `start_session`."""
        return AgentAnswer.from_body(await self._send("POST", "/agents/start", body=body), self.connection)

    async def agent_status(self, agent_id: str, *, known: str = "") -> AgentAnswer | None:
        """None when the answer is, byte for byte, the one whose digest is `known`."""
        body = await self._look(f"/agents/{_segment(agent_id)}")
        return None if known and digest_of(body) == known else AgentAnswer.from_body(body, self.connection)

    async def stop_agent(self, agent_id: str, session_id: str) -> AgentAnswer:
        """May be repeated, as `stop_session`."""
        try:
            body = await self._send("DELETE", f"/agents/{_segment(agent_id)}/stop", query={"session_id": session_id})
        except (Refused, ServerFailed) as error:
            if not _had_ended(error):
                raise
            body = await self._send("GET", f"/agents/{_segment(agent_id)}")
        return AgentAnswer.from_body(body, self.connection)

    async def list_agents(self, *, only_active: bool = True, page: int = 1, page_size: int = 50) -> Page[AgentAnswer]:
        return await self._page("/agents", AgentAnswer, {"only_active": only_active, "page": page, "page_size": page_size})

    async def list_vaults(self, *, page: int = 1, page_size: int = 100) -> Page[VaultAnswer]:
        return await self._page("/vaults", VaultAnswer, {"page": page, "page_size": page_size})

    async def list_personas(self, *, page: int = 1, page_size: int = 100) -> Page[PersonaAnswer]:
        return await self._page("/personas", PersonaAnswer, {"page": page, "page_size": page_size})

    async def list_profiles(self, *, page: int = 1, page_size: int = 100) -> Page[ProfileAnswer]:
        return await self._page("/profiles", ProfileAnswer, {"page": page, "page_size": page_size})

    async def _page(self, path: str, kind: type[Item], query: dict[str, int]) -> Page[Item]:
        body = await self._send("GET", path, query=query)
        return read_page(body, self.connection, kind, page=query["page"], page_size=query["page_size"])

    async def _look(self, path: str) -> bytes:
        """A status; by the short way for those who pace themselves, which are the watches."""
        if self._looks is None:
            return await self._send("GET", path)
        with counted(operation("GET", path)):
            try:
                return await self._looks.get(path)
            except TRANSPORT_ERRORS as error:
                raise transport_error(error) from error

    async def _send(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Query | None = None,
        with_key: bool = True,
    ) -> bytes:
        timeouts = self._starts if method == "POST" else self._reads
        request = self._http.build_request(
            method,
            self.connection.base_url + path,
            json=None if body is None else dict(body),
            params=query,
            timeout=timeouts.for_httpx(),
        )
        auth = self._auth if with_key else None
        name = operation(method, path)
        return await with_retries(method, lambda: self._attempt(name, request, auth, timeouts.deadline), retries=self._retries)

    async def _attempt(self, name: str, request: httpx.Request, auth: httpx.Auth | None, deadline: float) -> bytes:
        with counted(name):
            try:
                async with asyncio.timeout(deadline):
                    return await self._exchange(request, auth)
            except TRANSPORT_ERRORS as error:
                raise transport_error(error) from error

    async def _exchange(self, request: httpx.Request, auth: httpx.Auth | None) -> bytes:
        response = await self._http.send(request, auth=auth, stream=True)
        if self._hear:
            self._hear(dict(response.headers))
        try:
            if response.is_success:
                return await bounded_body(response)
            body = await bounded_body(response, SAMPLED)
        finally:
            await response.aclose()
        raise error_from(self.connection, response.status_code, response.headers, body)


def _segment(remote_id: str) -> str:
    """An id may come from an answer: it must stay one segment of the path."""
    if not remote_id.strip("."):
        raise NotFound(f"{remote_id!r} is not an id.")
    return quote(remote_id, safe="")


def _had_ended(error: NotteError) -> bool:
    text = f"{error.message} {error.raw}".lower()
    return "already closed" in text or "already stopped" in text
