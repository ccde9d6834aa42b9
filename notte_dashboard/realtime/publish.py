"""Tell open pages that a run changed. A hint: if Redis is away, pages find out by their own slow look at the database."""

import asyncio
import logging
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

from notte_dashboard.realtime.events import wake
from notte_dashboard.realtime.groups import run_group
from notte_dashboard.runs.models import Run

logger = logging.getLogger(__name__)
PATIENCE = 2
"""Seconds. The layer's own timeout is made for subscriptions, which are idle most of the time."""


async def announce(run: Run) -> None:
    layer: Any = get_channel_layer()
    try:
        async with asyncio.timeout(PATIENCE):
            await layer.group_send(run_group(run.kind, run.uuid), wake(str(run.uuid), run.last_seq))
    except (RedisError, OSError) as error:
        logger.warning("Redis did not take the wake-up of %s: %s", run, error)


def announce_after_commit(run: Run) -> None:
    """For commands, which are rare: one bridge to a loop each. The watch announces from its own loop."""
    transaction.on_commit(partial(async_to_sync(announce), run))
