"""A page that is open: a cursor into the run, not a queue, so that a slow one costs no memory."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from notte_dashboard.realtime import news
from notte_dashboard.realtime.news import News


class Subscriber:
    """One open page: what it has seen, and how to send it a message, which is JSON already."""

    __slots__ = ("cursor", "gap", "over", "revision", "send", "sent_at", "task", "told_end")

    def __init__(self, after: int, send: Callable[[str], Coroutine[Any, Any, None]]) -> None:
        self.cursor, self.send = after, send
        self.revision = 0
        self.gap = -1
        self.told_end = False
        self.sent_at = time.monotonic()
        self.task: asyncio.Task[None] | None = None
        self.over: asyncio.Future[None] | None = None

    def has_all(self, told: News) -> bool:
        return self.cursor >= told.last_seq and self.revision == told.revision and not told.state.over

    def is_behind(self, told: News) -> bool:
        return self.cursor < told.last_seq != self.gap

    def next_text(self, told: News) -> str:
        """What this page lacks and memory has; empty when there is nothing, or only the database has it.

        The end is told last: a state is taken before its steps are read.
        """
        if self.is_behind(told):
            self.cursor, text = told.steps.get(self.cursor + 1, (self.cursor, ""))
            return text
        if self.revision < told.revision:
            text = told.changes_since(self.revision)
            self.revision = told.revision
            if text:
                return text
        if told.state.over and not self.told_end:
            self.told_end = True
            return news.END
        # Only after a look at the database: it says that the page is current, not just that a process is alive.
        return news.STILL_THERE if time.monotonic() - self.sent_at >= news.BEAT and not self.told_end else ""

    def finish(self, error: BaseException | None = None) -> None:
        if self.over is None or self.over.done():
            return
        if error is None:
            self.over.set_result(None)
        else:
            self.over.set_exception(error)

    def leave(self) -> None:
        if self.task is not None:
            self.task.cancel()
        if self.over is not None and self.over.done() and not self.over.cancelled():
            self.over.exception()  # seen, also when nobody waits for it any more
