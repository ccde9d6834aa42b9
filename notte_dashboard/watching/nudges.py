"""What one watch has learnt can be news for another: a session shows the steps of its agents.

Within a process by a call, else through Redis. With a connection of its own: a slice's loop ends every few minutes, and the
channel layer's receiver, made for loops that never end, does not always let itself be called off.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import cache

import redis
from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
AFTER_FAILURE = 2.0
LookNow = Callable[[int], bool]
_here: dict[str, LookNow] = {}


def channel(kind: str) -> str:
    return f"notte.watch.{kind}"


async def hear(kind: str, look_now: LookNow) -> None:
    """For as long as the task lives. `look_now` is thread-safe and says whether the run is watched here."""
    _here[kind] = look_now
    try:
        while True:
            try:
                await _hear_others(kind, look_now)
            except (RedisError, OSError) as error:
                logger.info("No nudges from other workers for now: %s", error)
            await asyncio.sleep(AFTER_FAILURE)
    finally:
        del _here[kind]


async def _hear_others(kind: str, look_now: LookNow) -> None:
    client = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=None)
    async with client, client.pubsub(ignore_subscribe_messages=True) as heard:
        await heard.subscribe(channel(kind))
        async for message in heard.listen():
            look_now(int(message["data"]))


async def nudge(kind: str, pk: int) -> None:
    """Whoever watches that run looks at it at once. A hint: without Redis only this process hears it."""
    look_now = _here.get(kind)
    if look_now is not None and look_now(pk):
        return
    try:
        await asyncio.to_thread(_publisher().publish, channel(kind), pk)
    except (RedisError, OSError) as error:
        logger.info("Redis did not take the nudge of %s %s: %s", kind, pk, error)


@cache
def _publisher() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
