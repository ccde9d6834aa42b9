"""People who look at a run: tabs without a socket between them and the feed."""

import asyncio
import json

import redis
from django.conf import settings
from django.db import OperationalError

from notte_dashboard.realtime.hub import follow
from notte_dashboard.realtime.subscriber import Subscriber
from sessions_app.consumers import SessionSource


class Counted(SessionSource):
    """The real source; it counts its reads, and can be told to fail some."""

    def __init__(self, run):
        super().__init__(run)
        self.snapshots = self.batches = self.views = self.failures = 0

    def snapshot(self, *, viewed):
        self.snapshots += 1
        self.views += viewed
        if self.failures:
            self.failures -= 1
            raise OperationalError("the database is away")
        return super().snapshot(viewed=viewed)

    def batch(self, after):
        self.batches += 1
        return super().batch(after)


async def soon(condition):
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)


class Tab:
    """A page: what it was sent, and whether it reads."""

    def __init__(self, source, after=0):
        self.got, self.reads = [], asyncio.Event()
        self.reads.set()
        self.task = asyncio.create_task(follow(source, Subscriber(after, self.send)))

    async def send(self, message):
        await self.reads.wait()
        self.got.append(json.loads(message))

    @property
    def seqs(self):
        return [(message["from"], message["to"]) for message in self.got if message["kind"] == "steps"]

    async def until(self, condition):
        await soon(lambda: condition(self))

    async def has(self, seq):
        await self.until(lambda tab: tab.seqs and tab.seqs[-1][1] >= seq)

    async def is_greeted(self):
        await self.until(lambda tab: tab.got)


async def quiet(feeds):
    """Each feed is subscribed, which Redis knows too, has looked since, and waits to be woken."""
    await soon(lambda: all(is_quiet(feed) and _has_subscribers(feed) for feed in feeds.values()))


def _has_subscribers(feed):
    """Our side does not wait for Redis to take note of a subscription."""
    group = feed.group if hasattr(feed, "group") else feed.source.group
    return any(channel.endswith(group.encode()) for channel in subscriptions())


def subscriptions():
    """The channels that somebody has subscribed to, as Redis knows them."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return set(client.pubsub_channels())


async def no_new_subscriptions(before):
    """Redis takes note of ended subscriptions a moment after we have left them."""
    await soon(lambda: subscriptions() <= before)


def is_quiet(feed):
    listening, looking = (list(awaited(task.get_coro())) for task in feed.tasks)
    return "receive" in listening and looking[:1] == ["wait"] and not feed.woken.is_set()


def awaited(coroutine):
    """The names of the coroutines that it is suspended in, the outermost first."""
    while (coroutine := getattr(coroutine, "cr_await", None)) is not None and hasattr(coroutine, "__name__"):
        yield coroutine.__name__
