"""Announcing is a hint: it reaches whoever listens, and its failure is nobody's."""

import asyncio
import time

import pytest
from channels.layers import get_channel_layer
from django.db import transaction

from notte_dashboard.realtime import publish
from notte_dashboard.realtime.events import list_wake
from notte_dashboard.realtime.groups import run_group, workspace_group
from notte_dashboard.realtime.publish import announce, announce_after_commit
from notte_dashboard.runs.states import State
from sessions_app.models import BrowserSession

RUN = BrowserSession(last_seq=7)


@pytest.fixture
async def heard():
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(run_group("session", RUN.uuid), channel)
    yield lambda: asyncio.wait_for(layer.receive(channel), 30)
    await layer.flush()


async def test_a_wake_up_says_which_run_and_how_far_and_nothing_else(heard):
    await announce(RUN)

    assert await heard() == {"type": "wake", "run": str(RUN.uuid), "seq": 7, "state": ""}


async def test_wake_ups_of_other_runs_are_not_heard(heard):
    await announce(BrowserSession(last_seq=1))
    await announce(RUN)

    assert (await heard())["run"] == str(RUN.uuid)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_announced(caplog, settings):
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": ["unix:///nowhere.sock"]}}
    }

    with transaction.atomic():
        announce_after_commit(RUN)
        transaction.set_rollback(True)
    assert caplog.text == ""

    with transaction.atomic():
        announce_after_commit(RUN)
        assert caplog.text == ""
    assert "did not take the wake-up" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_command_does_not_fail_or_wait_when_redis_is_gone(settings, tmp_path):
    hosts = [{"address": f"unix://{tmp_path}/nobody.sock", **settings.REDIS_TIMEOUTS}]
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": hosts}}
    }
    began = time.monotonic()

    for _ in range(5):
        with transaction.atomic():
            announce_after_commit(RUN)

    assert time.monotonic() - began < 10


@pytest.mark.django_db(transaction=True)
def test_announcing_from_threads_without_a_loop_leaves_nothing_open(redis_client):
    before = redis_client.info("clients")["connected_clients"]

    for _ in range(5):
        with transaction.atomic():
            announce_after_commit(RUN)

    assert redis_client.info("clients")["connected_clients"] <= before


def test_names_of_groups_tell_kinds_apart():
    names = {run_group("session", RUN.uuid), run_group("agent", RUN.uuid), workspace_group(1)}

    assert len(names) == 3
    assert all(len(name) < 100 and name.replace(".", "").replace("-", "").isalnum() for name in names)


@pytest.fixture
async def lists():
    """What the lists of the workspace hear, one after the other."""
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(workspace_group(BUSY.workspace_id), channel)
    heard = []

    async def hear():
        while True:
            heard.append(await layer.receive(channel))

    task = asyncio.create_task(hear())
    yield heard
    task.cancel()
    await asyncio.wait([task])
    await layer.flush()


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)


BUSY = BrowserSession(workspace_id=77, last_seq=1)


async def all_is_told(lists):
    """What was to be told later has been sent, and all that was sent has been heard: messages keep their order."""
    while tasks := [task for task in publish._later if task.get_loop() is asyncio.get_running_loop()]:
        await asyncio.wait(tasks)
    last = list_wake({"the": "last"})
    await get_channel_layer().group_send(workspace_group(BUSY.workspace_id), last)
    await until(lambda: lists and lists[-1]["states"] == last["states"])
    lists.pop()


@pytest.mark.clock
async def test_lists_hear_of_a_busy_workspace_first_at_once_then_now_and_then_and_never_miss_the_last(lists):
    began = time.monotonic()
    runs = [BrowserSession(workspace_id=77, last_seq=seq) for seq in range(200)]
    for run in runs:
        await announce(run)
        if run is runs[0]:
            await until(lambda: len(lists) == 1)
    await all_is_told(lists)

    assert 2 <= len(lists) <= 3 + (time.monotonic() - began) / publish.LISTS_AT_MOST_EVERY
    assert {uuid for message in lists for uuid in message["states"]} == {str(run.uuid) for run in runs}


@pytest.mark.clock
async def test_an_end_is_told_to_lists_at_once_though_they_have_just_heard_of_something(lists, monkeypatch):
    monkeypatch.setattr(publish, "LISTS_AT_MOST_EVERY", 3.0)
    for state in (State.ACTIVE, State.ACTIVE, State.CLOSED):
        await announce(BrowserSession(workspace_id=77, state=state), state)

    await until(lambda: len(lists) == 2)
    await all_is_told(lists)
    assert [list(message["states"].values()) for message in lists] == [["active"], ["active", "closed"]]


async def test_another_workspace_is_not_woken(lists):
    await announce(BrowserSession(workspace_id=78, last_seq=9))
    await announce(BUSY)

    await until(lambda: lists)
    assert [message["states"] for message in lists] == [{str(BUSY.uuid): ""}]


async def test_lists_hear_of_every_run_that_had_news_since_they_heard_last(lists):
    runs = [BrowserSession(workspace_id=77, state=State.ACTIVE) for _ in range(5)]
    for run in runs:
        await announce(run, run.state)

    await all_is_told(lists)
    assert {uuid for message in lists for uuid in message["states"]} == {str(run.uuid) for run in runs}
