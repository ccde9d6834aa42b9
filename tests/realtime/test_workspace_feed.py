"""One feed per workspace: one look however many pages and sockets, few looks however many wake-ups, nobody waits for others."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from django.db import OperationalError

from notte_dashboard.realtime import hub, news, workspace_feed
from notte_dashboard.realtime.publish import announce
from notte_dashboard.realtime.workspace_feed import Audience, follow_workspace
from notte_dashboard.realtime.workspace_sources import Item
from sessions_app.models import BrowserSession
from tests.realtime.looking import quiet, soon


@dataclass(frozen=True)
class Steps:
    """How many steps each asked run has, and what asking has cost."""

    BY_STEPS = True

    told: dict = field(default_factory=lambda: {"looks": 0, "asked": [], "failures": 0, "takes": 0.0, "times": []}, compare=False)

    def read(self, asked):
        self.told["looks"] += 1
        self.told["asked"].append(asked)
        began, worked = time.monotonic(), time.thread_time()
        while time.thread_time() - worked < self.told["takes"]:
            pass
        self.told["times"].append((began, time.monotonic()))
        if self.told["failures"]:
            self.told["failures"] -= 1
            raise OperationalError("the database is away")
        return dict(BrowserSession.objects.filter(uuid__in=asked).values_list("uuid", "last_seq"))


@dataclass(frozen=True)
class Page:
    workspace_id: int
    shown: frozenset
    steps: Steps

    def parts(self):
        return {self.steps: self.shown}

    def items(self, found):
        return [Item("state", str(uuid), f"<p>{seq}</p>") for uuid, seq in found[self.steps].items() if str(uuid) in self.shown]


@dataclass(frozen=True)
class States(Steps):
    BY_STEPS = False

    def read(self, asked):
        super().read(asked)
        return BrowserSession.objects.filter(state="active").count()


@dataclass(frozen=True)
class PageWithStates(Page):
    states: States = field(default_factory=States)

    def parts(self):
        return super().parts() | {self.states: frozenset()}


class Tab:
    def __init__(self, page):
        self.got, self.reads = [], asyncio.Event()
        self.reads.set()
        self.task = asyncio.create_task(follow_workspace(page, self.send))

    async def send(self, text):
        await self.reads.wait()
        self.got.append(json.loads(text))

    @property
    def htmls(self):
        return [fragment["html"] for message in self.got for fragment in message.get("fragments", [])]

    async def shows(self, seq):
        await soon(lambda: self.htmls and self.htmls[-1] == f"<p>{seq}</p>")


@pytest.fixture
def steps():
    return Steps()


@pytest.fixture
async def look_at(nothing_left, steps):
    tabs = []

    def open_tabs(count, *runs, page=None):
        page = page or Page(runs[0].workspace_id, frozenset(str(run.uuid) for run in runs), steps)
        tabs.extend(found := [Tab(page) for _ in range(count)])
        return found

    yield open_tabs
    for tab in tabs:
        tab.task.cancel()
        with suppress(asyncio.CancelledError, TimeoutError):
            await tab.task
    assert workspace_feed._feeds == {}


async def store(run, seq):
    await BrowserSession.objects.filter(pk=run.pk).aupdate(last_seq=seq)
    await announce(run)


async def knows_the_state(tab, run):
    """The feed is subscribed, has heard of the run's state, and the look for that is over; step 1 is shown."""
    (feed,) = workspace_feed._feeds.values()
    async with asyncio.timeout(30):
        while not feed.states:
            await announce(run, "active")
            await asyncio.sleep(0.05)
    await soon(lambda: feed.only_steps)
    await BrowserSession.objects.filter(pk=run.pk).aupdate(last_seq=1)
    await announce(run, "active")
    await tab.shows(1)


async def test_what_steps_do_not_change_is_read_again_only_with_another_state(look_at, steps, run, patient):
    page = PageWithStates(run.workspace_id, frozenset([str(run.uuid)]), steps)
    (tab,) = look_at(1, run, page=page)
    await tab.shows(0)
    await knows_the_state(tab, run)

    async def reads_after(seq, state):
        before = page.states.told["looks"]
        await BrowserSession.objects.filter(pk=run.pk).aupdate(last_seq=seq)
        await announce(run, state)
        await tab.shows(seq)
        return page.states.told["looks"] - before

    assert [await reads_after(seq, "active") for seq in (2, 3, 4)] == [0, 0, 0]
    assert await reads_after(5, "closed") == 1
    assert await reads_after(6, "closed") == 0
    assert await reads_after(7, "") == 1


@pytest.mark.clock
async def test_where_steps_never_cease_the_rest_is_still_read_by_the_clock(look_at, steps, run, monkeypatch):
    monkeypatch.setattr(hub, "LOOK_ANYWAY", 0.5)
    page = PageWithStates(run.workspace_id, frozenset([str(run.uuid)]), steps)
    (tab,) = look_at(1, run, page=page)
    await tab.shows(0)
    await knows_the_state(tab, run)
    before, seq = page.states.told["looks"], 1

    async with asyncio.timeout(30):
        while page.states.told["looks"] < before + 2:
            seq += 1
            await BrowserSession.objects.filter(pk=run.pk).aupdate(last_seq=seq)
            await announce(run, "active")
            await tab.shows(seq)

    assert steps.told["looks"] > page.states.told["looks"]


@pytest.mark.parametrize("count", [1, 40])
async def test_a_wake_up_costs_one_look_however_many_look(look_at, steps, run, patient, count):
    tabs = look_at(count, run)
    for tab in tabs:
        await tab.shows(0)
    await quiet(workspace_feed._feeds)
    before = steps.told["looks"]

    await store(run, 7)
    for tab in tabs:
        await tab.shows(7)

    assert steps.told["looks"] == before + 1
    assert {tuple(tab.htmls) for tab in tabs} == {("<p>0</p>", "<p>7</p>")}


async def test_pages_that_show_other_rows_share_a_look_and_get_their_own(look_at, steps, run, patient):
    other = await BrowserSession.objects.acreate(workspace_id=run.workspace_id, nonce="other")
    (first,), (second,) = look_at(1, run), look_at(1, other)
    await first.shows(0)
    await second.shows(0)
    await quiet(workspace_feed._feeds)
    before = steps.told["looks"]

    await store(run, 3)
    await first.shows(3)

    assert steps.told["looks"] == before + 1
    assert steps.told["asked"][-1] == {str(run.uuid), str(other.uuid)}
    assert second.htmls == ["<p>0</p>"]


async def test_the_first_news_is_told_at_once_and_a_flood_in_few_looks(look_at, steps, run, patient):
    (tab,) = look_at(1, run)
    await tab.shows(0)
    await quiet(workspace_feed._feeds)
    before, began = steps.told["looks"], time.monotonic()

    await store(run, 1)
    await tab.shows(1)
    assert time.monotonic() - began < 5
    for seq in range(2, 300):
        await BrowserSession.objects.filter(pk=run.pk).aupdate(last_seq=seq)
        await announce(run)
    await tab.shows(299)

    assert steps.told["looks"] - before <= 3 + (time.monotonic() - began) / workspace_feed.GAP


@pytest.mark.clock
async def test_after_a_slow_look_the_feed_rests_longer(look_at, steps, run, patient):
    (tab,) = look_at(1, run)
    await tab.shows(0)
    await quiet(workspace_feed._feeds)
    steps.told["takes"] = 0.1
    await store(run, 1)
    await tab.shows(1)
    slow = len(steps.told["times"]) - 1

    await store(run, 2)
    await tab.shows(2)

    (_, ended), (began, _) = steps.told["times"][slow : slow + 2]
    assert began - ended >= workspace_feed.SHARE * 0.1 * 0.9


async def test_a_tab_that_does_not_read_delays_nobody_and_skips_what_came_between(look_at, run, patient, monkeypatch):
    monkeypatch.setattr(hub, "SEND_WITHIN", 600)
    slow, quick = look_at(2, run)
    await slow.shows(0)
    slow.reads.clear()
    for seq in range(1, 6):
        await store(run, seq)
        await quick.shows(seq)
    slow.reads.set()
    await slow.shows(5)

    assert len(slow.htmls) <= 3


@pytest.mark.clock
async def test_a_tab_that_never_reads_is_let_go(look_at, run, monkeypatch):
    (tab,) = look_at(1, run)
    await tab.shows(0)
    tab.reads.clear()
    monkeypatch.setattr(hub, "SEND_WITHIN", 0.05)
    await store(run, 1)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(tab.task), 30)
    assert tab.task.done()


async def test_a_database_that_is_away_for_a_moment_costs_a_moment(look_at, steps, run, monkeypatch, caplog):
    monkeypatch.setattr(hub, "AFTER_FAILURE", 0.05)
    steps.told["failures"] = 2
    (tab,) = look_at(1, run)

    await tab.shows(0)

    assert "could not be read" in caplog.text


async def test_a_quiet_page_hears_after_a_look_that_it_is_current(look_at, run, eager, monkeypatch):
    monkeypatch.setattr(news, "BEAT", 0.1)
    (tab,) = look_at(1, run)
    await tab.shows(0)

    await soon(lambda: {"kind": "beat"} in tab.got)


def test_only_what_is_different_is_told_and_told_by_kind():
    audience = Audience()
    audience.take([Item("state", "a", '<i data-now="1">x</i>'), Item("wall", "order", data={"order": ["a"]})])
    audience.take([Item("state", "a", '<i data-now="2">x</i>'), Item("wall", "order", data={"order": ["b"]})])
    first, newest = ([json.loads(text) for text in audience.texts_since(revision)] for revision in (0, 1))

    assert [message["kind"] for message in first] == ["state", "wall"]
    assert newest == [{"kind": "wall", "fragments": [], "order": ["b"]}]
    assert audience.texts_since(2) == []
