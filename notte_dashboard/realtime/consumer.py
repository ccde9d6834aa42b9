"""The socket of a run's page: connect, authorise, follow, close. Read-only: commands are POSTs."""

import asyncio
import contextlib
import json
import logging
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError

from notte_dashboard.realtime.accounts import still_signed_in
from notte_dashboard.realtime.hub import Subscriber, follow, in_database
from notte_dashboard.realtime.kicks import heard, kicked_or
from notte_dashboard.realtime.origin import is_same_origin
from notte_dashboard.realtime.sources import Source
from notte_dashboard.workspaces.access import Action, can

logger = logging.getLogger(__name__)
WRONG_ORIGIN, SIGNED_OUT, NOT_ALLOWED, NOT_FOUND, COME_BACK, TOO_SLOW = 4403, 4401, 4403, 4404, 1012, 1013
CHECK_AGAIN = 30.0
SEND_WITHIN = 10.0


class RunConsumer(AsyncWebsocketConsumer):
    """Subclasses say where the run comes from."""

    def source(self, uuid: UUID) -> Source | None:
        """Blocking; None for a run that does not exist."""
        raise NotImplementedError

    async def connect(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []
        # Accepted first: a refusal before that is a bare HTTP 403, which clients retry for ever.
        await self.accept()
        code = await self._refusal()
        if code:
            await self.close(code)
            return
        self.tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._check_again())]

    async def _refusal(self) -> int:
        scope: Any = self.scope
        user = scope["user"]
        if not is_same_origin(scope):
            return WRONG_ORIGIN
        if not user.is_authenticated:
            return SIGNED_OUT
        source = await in_database(self.source, scope["url_route"]["kwargs"]["uuid"])
        # Foreign and missing answer the same.
        if source is None or not await in_database(can, user, Action.VIEW, source.workspace_id):
            return NOT_FOUND
        source.can_operate = await in_database(can, user, Action.RUN, source.workspace_id)
        self.followed: Source = source
        return 0

    def _after(self) -> int:
        query: Any = self.scope["query_string"]
        for part in query.decode("latin-1").split("&"):
            name, _, value = part.partition("=")
            if name == "after" and value.isdigit() and len(value) < 10:  # noqa: PLR2004
                return int(value)
        return 0

    async def _follow(self) -> None:
        after = self._after()
        try:
            await self._send_within({"kind": "hello", "seq": after})
            await follow(self.followed, Subscriber(after, self._send_within))
        except TimeoutError:
            await self.close(TOO_SLOW)
        except Exception:
            # An open socket that nobody feeds would look like a run in which nothing happens.
            logger.exception("Following %s failed", self.followed.group)
            await self.close(COME_BACK)
        else:
            await self.close(1000)

    async def _send_within(self, message: dict[str, Any]) -> None:
        """Raises TimeoutError for a client that does not read."""
        async with asyncio.timeout(SEND_WITHIN):
            await self.send(text_data=json.dumps(message))

    async def _check_again(self) -> None:
        """Rights can go while a page stays open: looked at when it is said so, and now and then."""
        scope: Any = self.scope
        async with heard(scope["user"].pk) as kicked:
            while True:
                await kicked_or(kicked, CHECK_AGAIN)
                try:
                    code = await in_database(self._rights_changed)
                except DatabaseError as error:
                    logger.warning("Rights can't be checked now: %s", error)
                    continue
                if code:
                    await self.close(code)
                    return

    def _rights_changed(self) -> int:
        scope: Any = self.scope
        user = still_signed_in(scope["user"], scope["session"])
        if user is None:
            return SIGNED_OUT
        if not can(user, Action.VIEW, self.followed.workspace_id):
            return NOT_ALLOWED
        return 0 if can(user, Action.RUN, self.followed.workspace_id) == self.followed.can_operate else COME_BACK

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Nothing a client says is listened to."""

    async def disconnect(self, code: int) -> None:  # noqa: ARG002
        for task in self.tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self.tasks, return_exceptions=True)
