"""The socket of a page: connect, authorise, follow, close. Read-only: commands are POSTs."""

import asyncio
import contextlib
import logging
from abc import ABC, abstractmethod
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.core.exceptions import ObjectDoesNotExist

from notte_dashboard import metrics
from notte_dashboard.realtime import hub, news, rights
from notte_dashboard.realtime.hub import follow, in_database
from notte_dashboard.realtime.news import encoded
from notte_dashboard.realtime.origin import is_same_origin
from notte_dashboard.realtime.rights import COME_BACK, SIGNED_OUT, Login
from notte_dashboard.realtime.sources import Source
from notte_dashboard.realtime.subscriber import Subscriber
from notte_dashboard.workspaces.access import Action, can

logger = logging.getLogger(__name__)
WRONG_ORIGIN, NOT_FOUND, TOO_MANY, TOO_SLOW = 4403, 4404, 4429, 1013
ENDED = 1000
PLAIN_SEND = "notte.send"


def with_plain_send(application: Any) -> Any:
    """Outside of the middleware: what a socket is sent goes past that of the session, which would each time look for changes."""

    async def call(scope: Any, receive: Any, send: Any) -> None:
        await application({**scope, PLAIN_SEND: send}, receive, send)

    return call


class RunConsumer(AsyncWebsocketConsumer, ABC):
    """Subclasses say where the run comes from."""

    @abstractmethod
    def source(self, uuid: UUID) -> Source | None:
        """Blocking; None for a run that does not exist."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Instead of Channels' own: no channel in Redis and no task per message, as nobody writes to a single socket."""
        self.scope, self.base_send = scope, scope.get(PLAIN_SEND, send)
        self.following: asyncio.Task[None] | None = None
        self.counted: int | None = None
        self.login: Login | None = None
        metrics.SOCKETS.inc()
        try:
            # Nothing a client says is listened to.
            while (message := await receive())["type"] != "websocket.disconnect":
                if message["type"] == "websocket.connect":
                    await self.connect()
        finally:
            metrics.SOCKETS.dec()
            await self.leave()

    async def connect(self) -> None:
        # Accepted first: a refusal before that is a bare HTTP 403, which clients retry for ever.
        await self.accept()
        code = await self._refusal()
        if code:
            await self.close(code)
            return
        self.following = asyncio.create_task(self._follow())

    async def _refusal(self) -> int:
        scope: Any = self.scope
        user = scope["user"]
        if not is_same_origin(scope):
            return WRONG_ORIGIN
        if not user.is_authenticated:
            return SIGNED_OUT
        if not rights.has_room(user.pk):
            return TOO_MANY
        self.counted = user.pk
        source = await in_database(self._source_with_rights)
        # Foreign and missing answer the same.
        if source is None:
            return NOT_FOUND
        self.followed: Source = source
        self.login = Login(user.pk, scope["session"].session_key, source.workspace_id, source.can_operate)
        rights.keep_checking(user, scope["session"], self.login, self.close)
        return 0

    def _source_with_rights(self) -> Source | None:
        scope: Any = self.scope
        source = self.source(scope["url_route"]["kwargs"]["uuid"])
        if source is None or not can(scope["user"], Action.VIEW, source.workspace_id):
            return None
        source.can_operate = can(scope["user"], Action.RUN, source.workspace_id)
        return source

    def _after(self) -> int:
        query: Any = self.scope["query_string"]
        for part in query.decode("latin-1").split("&"):
            name, _, value = part.partition("=")
            if name == "after" and value.isdigit() and len(value) < 10:  # noqa: PLR2004
                return int(value)
        return 0

    async def _follow(self) -> None:
        after = self._after()
        if after:
            metrics.RESUMED.inc()
        try:
            async with asyncio.timeout(hub.SEND_WITHIN):
                await self.send_encoded(encoded({"kind": "hello", "seq": after, "beat": news.BEAT}))
            await self.deliver(after)
        except TimeoutError:
            await self.close(TOO_SLOW)
        except OSError:  # nearly always: the client is gone
            with contextlib.suppress(OSError):
                await self.close(COME_BACK)
        except ObjectDoesNotExist:
            await self.close(NOT_FOUND)
        except Exception:
            # An open socket that nobody feeds would look like a run in which nothing happens.
            logger.exception("Following %s failed", self.followed.group)
            await self.close(COME_BACK)
        else:
            await self.close(ENDED)

    async def deliver(self, after: int) -> None:
        """Until there is nothing more to tell."""
        await follow(self.followed, Subscriber(after, self.send_encoded))

    def send_encoded(self, text: str) -> Any:
        """The server's own coroutine; it waits while the client's buffers are full."""
        return self.base_send({"type": "websocket.send", "text": text})  # type: ignore[arg-type]  # the stubs want every key

    async def close(self, code: int | bool | None = None, reason: str | None = None) -> None:  # noqa: FBT001 - Channels' own
        metrics.CLOSED.labels(str(code)).inc()
        await super().close(code, reason)

    async def leave(self) -> None:
        if self.counted is not None:
            rights.give_back(self.counted)
        if self.login is not None:
            rights.stop_checking(self.login, self.close)
        if self.following is not None:
            self.following.cancel()
            await asyncio.gather(self.following, return_exceptions=True)
