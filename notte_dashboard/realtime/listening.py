"""Hear the messages of a group of the channel layer for as long as the task lives."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
AFTER_FAILURE = 1.0
SUBSCRIBE_ANEW = 3600.0
"""Seconds; a subscription that got lost without a word is made again."""


async def listen(group: str, take: Callable[[dict[str, Any]], None], subscribed: Callable[[], None]) -> None:
    """`subscribed` is called each time that messages may have been missed. Without Redis it is tried again and again."""
    layer: Any = get_channel_layer()
    while True:
        channel = ""
        try:
            channel = await _subscribe(layer, group)
            subscribed()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SUBSCRIBE_ANEW):
                    while True:
                        take(await layer.receive(channel))
        except (RedisError, OSError) as error:
            logger.warning("No live wake-ups for %s: %s", group, error)
            await asyncio.sleep(AFTER_FAILURE)
        finally:
            # The layer forgets the channel by itself, but not that it was in the group.
            with contextlib.suppress(RedisError, OSError):
                await layer.group_discard(group, channel)


async def _subscribe(layer: Any, group: str) -> str:
    """A new channel in the group. A cancellation waits until it can be undone: the layer would keep what is half made."""
    subscribing = asyncio.ensure_future(_new_channel_in(layer, group))
    try:
        return await asyncio.shield(subscribing)
    except asyncio.CancelledError:
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            channel = await subscribing
            await layer.group_discard(group, channel)
            # The layer forgets a channel whose reader is cancelled.
            async with asyncio.timeout(0):
                await layer.receive(channel)
        raise


async def _new_channel_in(layer: Any, group: str) -> str:
    channel: str = await layer.new_channel()
    await layer.group_add(group, channel)
    return channel
