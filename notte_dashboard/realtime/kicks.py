"""Sockets hear at once when a right may be gone: they then look at the database, and close themselves if it is.

One subscription a process. A kick is a hint, as every channel message: without Redis, the look every half minute finds out.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.dispatch import receiver
from redis.exceptions import RedisError

from notte_dashboard.realtime.listening import listen
from notte_dashboard.workspaces.signals import rights_changed

logger = logging.getLogger(__name__)
GROUP = "kicks"
PATIENCE = 2
_listeners: dict[int, "_Listener"] = {}


class _Listener:
    """Of one event loop: who waits for news about whom."""

    def __init__(self) -> None:
        self.waiting: dict[int, set[asyncio.Event]] = {}
        # What was said before it is subscribed is not known: everybody looks once.
        hears = listen(GROUP, lambda said: self._wake(said["user"]), lambda: self._wake(*self.waiting))
        self.task = asyncio.create_task(hears)

    def _wake(self, *users: int) -> None:
        for user in users:
            for event in self.waiting.get(user, ()):
                event.set()


@contextlib.asynccontextmanager
async def heard(user_id: int) -> AsyncIterator[asyncio.Event]:
    """An event that is set whenever this user's rights, or login, may have changed."""
    loop = id(asyncio.get_running_loop())
    listener = _listeners.get(loop)
    if listener is None:
        listener = _listeners[loop] = _Listener()
    event = asyncio.Event()
    listener.waiting.setdefault(user_id, set()).add(event)
    try:
        yield event
    finally:
        listener.waiting[user_id].discard(event)
        if not listener.waiting[user_id]:
            del listener.waiting[user_id]
        if not listener.waiting:
            _listeners.pop(loop, None)
            listener.task.cancel()


async def kicked_or(event: asyncio.Event, seconds: float) -> None:
    """Returns when there are news, at the latest after that time."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    event.clear()


async def kick(user_id: int) -> None:
    layer: Any = get_channel_layer()
    try:
        async with asyncio.timeout(PATIENCE):
            await layer.group_send(GROUP, {"type": "kick", "user": user_id})
    except (RedisError, OSError) as error:
        logger.warning("Redis did not take the kick of user %s: %s", user_id, error)


@receiver(rights_changed, dispatch_uid="kick-sockets")
def kick_now(user_id: int, **_: object) -> None:
    async_to_sync(kick)(user_id)
