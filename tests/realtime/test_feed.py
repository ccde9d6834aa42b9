"""One feed per run and process: whoever many look, one subscription, one read per wake-up, and nobody waits for a slow one."""

import asyncio
import time

import pytest
from channels.layers import get_channel_layer

from notte_dashboard.realtime import hub, news
from notte_dashboard.realtime.publish import announce
from tests.factories import make_session
from tests.realtime.conftest import add_steps, finish, in_thread, tell
from tests.realtime.looking import Counted, no_new_subscriptions, quiet, soon, subscriptions


@pytest.mark.parametrize("count", [1, 3, 60])
async def test_a_wake_up_costs_one_read_however_many_look(tabs, run, patient, count):
    source = Counted(run)
    found = tabs(source, count)
    for tab in found:
        await tab.is_greeted()
    await quiet(hub._feeds)
    source.snapshots = source.batches = 0

    await tell(run)
    for tab in found:
        await tab.has(1)
    await soon(lambda: source.snapshots)

    assert (source.snapshots, source.batches) == (1, 1)
    assert {tuple(tab.seqs) for tab in found} == {((1, 1),)}


async def test_many_wake_ups_at_once_become_few_reads(tabs, run, patient):
    source = Counted(run)
    (tab,) = tabs(source)
    await tab.is_greeted()
    await quiet(hub._feeds)
    source.snapshots = 0

    await add_steps(run, 5)
    await asyncio.gather(*[announce(run) for _ in range(200)])
    await tab.has(5)
    await quiet(hub._feeds)

    assert source.snapshots < 60
    assert tab.seqs == [(1, 5)]


async def test_around_steps_that_come_quickly_the_page_is_drawn_now_and_then(tabs, run, patient):
    source = Counted(run)
    (tab,) = tabs(source)
    await tab.is_greeted()
    await quiet(hub._feeds)
    await announce(run, run.state)
    (feed,) = hub._feeds.values()
    await soon(lambda: feed.state == run.state)
    await quiet(hub._feeds)
    source.snapshots, began = 0, time.monotonic()

    for number in range(1, 41):
        await add_steps(run, 1)
        await announce(run, run.state)
        await tab.has(number)

    assert source.snapshots <= 2 + (time.monotonic() - began) / hub.DRAWN_EVERY
    await soon(lambda: feed.news.state.last_seq == 40)


async def test_another_state_is_drawn_at_once(tabs, run, patient, monkeypatch):
    (tab,) = tabs(Counted(run))
    await tab.is_greeted()
    await quiet(hub._feeds)
    monkeypatch.setattr(hub, "DRAWN_EVERY", 600)
    await announce(run, run.state)
    await add_steps(run, 1)
    await announce(run, run.state)
    await tab.has(1)

    await finish(run, 1)
    await announce(run, "closed")

    await tab.until(lambda tab: tab.got[-1] == {"kind": "end"})
    assert tab.seqs == [(1, 1), (2, 2)]


async def test_readers_with_other_rights_do_not_share_what_is_rendered(tabs, run):
    operator, reviewer = Counted(run), Counted(run)
    operator.can_operate = True
    (first,), (second,) = tabs(operator), tabs(reviewer)
    await first.is_greeted()
    await second.is_greeted()

    def actions(tab):
        return "".join(each["html"] for message in tab.got for each in message.get("fragments", []) if each["id"] == "actions")

    assert "/stop/" in actions(first)
    assert "/stop/" not in actions(second)


async def test_a_tab_that_does_not_read_delays_nobody_and_misses_nothing(tabs, run, patient, monkeypatch):
    monkeypatch.setattr(hub, "SEND_WITHIN", 600)
    source = Counted(run)
    slow, quick = tabs(source, 2)
    await slow.is_greeted()
    await quick.is_greeted()
    slow.reads.clear()

    for number in range(1, 101):
        await tell(run)
        await quick.has(number)
    (feed,) = hub._feeds.values()
    assert len(feed.news.steps) <= news.RECENT
    slow.reads.set()
    await slow.has(100)

    assert slow.seqs[0][0] == 1
    assert all(after[0] == before[1] + 1 for before, after in zip(slow.seqs, slow.seqs[1:], strict=False))


async def test_those_who_keep_up_are_served_from_memory(tabs, run, patient):
    source = Counted(run)
    found = tabs(source, 5)
    for tab in found:
        await tab.is_greeted()
    await quiet(hub._feeds)
    source.batches = 0

    for number in range(1, 11):
        await tell(run)
        for tab in found:
            await tab.has(number)

    assert source.batches == 10


async def test_without_a_wake_up_a_slow_look_finds_what_is_new(tabs, run, eager):
    (tab,) = tabs(Counted(run))
    await tab.is_greeted()

    await add_steps(run, 3)

    await tab.has(3)


async def test_looking_is_noted_now_and_then_not_at_every_look(tabs, run, eager):
    source = Counted(run)
    (tab,) = tabs(source)
    await tab.is_greeted()
    await tab.until(lambda _: source.snapshots > 8)

    assert source.views <= 2


async def test_a_database_that_is_away_for_a_moment_costs_a_moment(tabs, run, monkeypatch, caplog):
    monkeypatch.setattr(hub, "AFTER_FAILURE", 0.05)
    source = Counted(run)
    source.failures = 2
    (tab,) = tabs(source)

    await tab.is_greeted()

    assert "could not be read" in caplog.text


async def test_the_end_ends_everybody(tabs, run, patient):
    found = tabs(Counted(run), 3)
    for tab in found:
        await tab.is_greeted()

    await finish(run, 2)
    await announce(run)

    async with asyncio.timeout(30):
        await asyncio.gather(*[tab.task for tab in found])
    assert all(tab.got[-1] == {"kind": "end"} and tab.seqs == [(1, 2)] for tab in found)


async def test_the_last_who_leaves_closes_the_feed(tabs, run, nothing_left):
    source = Counted(run)
    first, second = tabs(source, 2)
    await first.is_greeted()
    await second.is_greeted()
    await quiet(hub._feeds)
    (feed,) = hub._feeds.values()
    first.task.cancel()
    await asyncio.wait([first.task])
    assert len(hub._feeds) == 1
    second.task.cancel()
    await asyncio.wait([second.task])

    assert hub._feeds == {}
    await asyncio.gather(*feed.tasks, return_exceptions=True)
    layer = get_channel_layer()._get_layer()
    assert (layer.channels, layer.groups) == ({}, {})
    await no_new_subscriptions(nothing_left)


@pytest.mark.parametrize("ticks", range(6))
async def test_a_feed_that_is_closed_in_the_moment_of_a_wake_up_ends(tabs, run, patient, ticks):
    (tab,) = tabs(Counted(run))
    await tab.is_greeted()
    (feed,) = hub._feeds.values()
    await quiet(hub._feeds)

    feed.woken.set()
    for _ in range(ticks):
        await asyncio.sleep(0)
    feed.close()

    done, pending = await asyncio.wait(feed.tasks, timeout=60)
    assert (len(done), pending) == (2, set())


async def test_opening_and_closing_many_pages_leaves_no_subscription(tabs, run, nothing_left):
    for _ in range(10):
        (tab,) = tabs(Counted(run))
        await tab.is_greeted()
        tab.task.cancel()
        await asyncio.wait([tab.task])
    (last,) = tabs(Counted(run))
    await last.is_greeted()

    await tell(run)
    await last.has(1)
    # Its own channel and the run's group.
    await soon(lambda: len(subscriptions() - nothing_left) == 2)


async def test_runs_do_not_hear_of_each_other(tabs, run, patient):
    other = await in_thread(make_session)(run.workspace)
    source = Counted(run)
    (tab,), (second,) = tabs(source), tabs(Counted(other))
    await tab.is_greeted()
    await second.is_greeted()
    await quiet(hub._feeds)
    before = source.snapshots

    await tell(other)
    await second.has(1)

    assert (source.snapshots, tab.seqs) == (before, [])


@pytest.mark.clock
async def test_a_socket_that_has_nothing_to_hear_hears_that(tabs, run, eager, monkeypatch):
    monkeypatch.setattr(news, "BEAT", 0.2)
    (tab,) = tabs(Counted(run))
    kinds = lambda tab: [message["kind"] for message in tab.got]  # noqa: E731 - as `until` wants it
    await tab.until(lambda tab: kinds(tab).count("beat") == 3)
    assert set(kinds(tab)) == {"state", "beat"}


@pytest.mark.clock
async def test_nothing_is_said_to_be_current_while_the_database_is_away(tabs, run, eager, monkeypatch):
    monkeypatch.setattr(news, "BEAT", 0.05)
    monkeypatch.setattr(hub, "AFTER_FAILURE", 0.01)
    source = Counted(run)
    (tab,) = tabs(source)
    await tab.is_greeted()
    source.failures = 10**6
    await soon(lambda: source.failures < 10**6 - 1)
    before = len(tab.got)

    await asyncio.sleep(0.5)

    assert len(tab.got) == before


async def test_pages_that_come_back_together_cost_one_read(tabs, run, patient):
    await add_steps(run, 3)
    source = Counted(run)
    found = tabs(source, 20)
    for tab in found:
        await tab.has(3)

    assert source.batches == 1
    assert {tuple(tab.seqs) for tab in found} == {((1, 3),)}
