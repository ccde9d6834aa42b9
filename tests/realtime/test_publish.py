"""Announcing is a hint: it reaches whoever listens, and its failure is nobody's."""

import asyncio
import time

import pytest
from channels.layers import get_channel_layer
from django.db import transaction

from notte_dashboard.realtime.groups import run_group, workspace_group
from notte_dashboard.realtime.publish import announce, announce_after_commit
from sessions_app.models import BrowserSession

RUN = BrowserSession(last_seq=7)


@pytest.fixture
async def heard():
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(run_group("session", RUN.uuid), channel)
    yield lambda: asyncio.wait_for(layer.receive(channel), 5)
    await layer.flush()


async def test_a_wake_up_says_which_run_and_how_far_and_nothing_else(heard):
    await announce(RUN)

    assert await heard() == {"type": "wake", "run": str(RUN.uuid), "seq": 7}


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

    assert time.monotonic() - began < 2


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
