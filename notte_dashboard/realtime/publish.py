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
from notte_dashboard.realtime.events import ListWake, Wake, list_wake, wake
from notte_dashboard.realtime.groups import run_group, workspace_group
from notte_dashboard.runs.models import Run

logger = logging.getLogger(__name__)
PATIENCE = 2
"""Seconds. The layer's own timeout is made for subscriptions, which are idle most of the time."""
LISTS_AT_MOST_EVERY = 0.03
_lists: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, "_Lists"]] = WeakKeyDictionary()
_later: set[asyncio.Task[None]] = set()


async def announce(run: Run, state: str = "") -> None:
    """`state` is told where nothing but steps is new unless the state is."""
    name = f"{run.kind} {run.uuid}"
    if not await _send(run_group(run.kind, run.uuid), name, wake(str(run.uuid), run.last_seq, state)):
        return
    lists = _lists.setdefault(asyncio.get_running_loop(), {}).setdefault(run.workspace_id, _Lists(run.workspace_id))
    lists.news[str(run.uuid)] = state
    wait = lists.wait(at_once=run.is_over)
    if wait is None:
        return
    if wait <= 0:
        await lists.tell()
        return
    task = asyncio.create_task(lists.tell(wait))
    _later.add(task)
    task.add_done_callback(_later.discard)


class _Lists:
    """What the lists of a workspace have not been told yet, and when they were told last, or will be."""

    def __init__(self, workspace_id: int) -> None:
        self.workspace_id = workspace_id
        self.news: dict[str, str] = {}
        self.told = 0.0

    def wait(self, *, at_once: bool) -> float | None:
        """Seconds; None when a later wake-up is on its way already. An end waits for nothing: its loop may end with it."""
        now = asyncio.get_running_loop().time()
        due = self.told + LISTS_AT_MOST_EVERY
        if now >= due or at_once:
            self.told = now
            return 0.0
        if self.told > now:
            return None
        self.told = due
        return due - now

    async def tell(self, wait: float = 0.0) -> None:
        if wait:
            await asyncio.sleep(wait)
        states, self.news = self.news, {}
        if states:
            await _send(workspace_group(self.workspace_id), f"workspace {self.workspace_id}", list_wake(states))


async def _send(group: str, name: str, message: Wake | ListWake) -> bool:
    """Whether Redis took it."""
    layer: Any = get_channel_layer()
    try:
        async with asyncio.timeout(PATIENCE):
            await layer.group_send(group, message)
    except (RedisError, OSError) as error:
        metrics.ANNOUNCE_FAILURES.inc()
        logger.warning("Redis did not take the wake-up of %s: %s", name, error)
        return False
    metrics.ANNOUNCED.inc()
    return True


def announce_after_commit(run: Run) -> None:
    """For commands, which are rare: one bridge to a loop each. The watch announces from its own loop."""
    transaction.on_commit(partial(async_to_sync(announce), run))
