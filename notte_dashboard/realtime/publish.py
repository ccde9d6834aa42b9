"""Tell open pages that a run changed. A hint: if Redis is away, pages find out by their own slow look at the database.

Two groups hear of it: the run's own pages, and the lists of its workspace, which hear of a thousand busy runs no more often
than they could look.
"""

import asyncio
import logging
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

from notte_dashboard import metrics
from notte_dashboard.realtime.events import wake
from notte_dashboard.realtime.groups import run_group, workspace_group
from notte_dashboard.runs.models import Run

logger = logging.getLogger(__name__)
PATIENCE = 2
"""Seconds. The layer's own timeout is made for subscriptions, which are idle most of the time."""
LISTS_AT_MOST_EVERY = 0.03
_told: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, float]] = WeakKeyDictionary()
"""When the lists of a workspace were told last, or will be."""
_later: set[asyncio.Task[bool]] = set()


async def announce(run: Run) -> None:
    taken = await _send(run_group(run.kind, run.uuid), run)
    wait = _wait_for_lists(run) if taken else None
    if wait is None:
        return
    if wait <= 0:
        await _send(workspace_group(run.workspace_id), run)
        return
    task = asyncio.create_task(_send(workspace_group(run.workspace_id), run, wait))
    _later.add(task)
    task.add_done_callback(_later.discard)


def _wait_for_lists(run: Run) -> float | None:
    """Seconds; None when a later wake-up is on its way already. An end waits for nothing: its loop may end with it."""
    told = _told.setdefault(asyncio.get_running_loop(), {})
    now = asyncio.get_running_loop().time()
    due = told.get(run.workspace_id, 0.0) + LISTS_AT_MOST_EVERY
    if now >= due or run.is_over:
        told[run.workspace_id] = now
        return 0.0
    if told[run.workspace_id] > now:
        return None
    told[run.workspace_id] = due
    return due - now


async def _send(group: str, run: Run, wait: float = 0.0) -> bool:
    """Whether Redis took it."""
    if wait:
        await asyncio.sleep(wait)
    layer: Any = get_channel_layer()
    try:
        async with asyncio.timeout(PATIENCE):
            await layer.group_send(group, wake(str(run.uuid), run.last_seq))
    except (RedisError, OSError) as error:
        metrics.ANNOUNCE_FAILURES.inc()
        logger.warning("Redis did not take the wake-up of %s for %s: %s", run, group, error)
        return False
    metrics.ANNOUNCED.inc()
    return True


def announce_after_commit(run: Run) -> None:
    """For commands, which are rare: one bridge to a loop each. The watch announces from its own loop."""
    transaction.on_commit(partial(async_to_sync(announce), run))
