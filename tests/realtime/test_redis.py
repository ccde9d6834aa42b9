"""Redis comes and goes: pages are brought up to date with it, without it, and after its restart."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from channels.layers import get_channel_layer
from django.conf import settings as configured

from notte_dashboard.embedded import redis_server
from notte_dashboard.realtime.listening import listen
from notte_dashboard.realtime.publish import announce
from tests.realtime.conftest import tell
from tests.realtime.looking import Counted, no_new_subscriptions, soon
from tests.services import running


@pytest.fixture
def layer_at(settings):
    def use(path):
        settings.CHANNEL_LAYERS = {
            "default": {
                **configured.CHANNEL_LAYERS["default"],
                "CONFIG": {"hosts": [{"address": f"unix://{path}", **configured.REDIS_TIMEOUTS}]},
            }
        }

    return use


async def test_without_redis_a_page_is_still_brought_up_to_date(tabs, run, eager, layer_at, tmp_path, caplog):
    layer_at(tmp_path / "nobody.sock")
    (tab,) = tabs(Counted(run))
    await tab.is_greeted()

    await tell(run, 2)
    await tab.has(2)

    assert "No live wake-ups" in caplog.text
    assert "did not take the wake-up" in caplog.text
    await get_channel_layer().flush()


@asynccontextmanager
async def a_redis(path, log):
    command = [redis_server.program(), "--port", "0", "--unixsocket", str(path), "--save", ""]
    with running(command, log):
        await soon(path.exists)
        yield


@pytest.mark.process
async def test_after_a_restart_of_redis_wake_ups_come_again(tabs, run, patient, layer_at, tmp_path):
    path = tmp_path / "r.sock"
    layer_at(path)
    async with a_redis(path, tmp_path / "log"):
        (tab,) = tabs(Counted(run))
        await tab.is_greeted()
        await tell(run)
        await tab.has(1)

    await tell(run)  # nobody hears of it

    async with a_redis(path, tmp_path / "log"):
        async with asyncio.timeout(30):
            while not tab.seqs or tab.seqs[-1][1] < 2:
                await announce(run)
                await asyncio.sleep(0.1)
        tab.task.cancel()
        await asyncio.wait([tab.task])
        await asyncio.sleep(0.1)
        await get_channel_layer().flush()
    assert tab.seqs == [(1, 1), (2, 2)]


@pytest.mark.parametrize("turns", range(1, 12))
async def test_whoever_stops_listening_while_subscribing_leaves_no_subscription(nothing_left, turns):
    listening = asyncio.create_task(listen("group-of-a-test", lambda _message: None, lambda: None))
    for _ in range(turns):
        await asyncio.sleep(0)
    listening.cancel()
    await asyncio.wait([listening])

    assert listening.cancelled()
    layer = get_channel_layer()._get_layer()
    assert (layer.channels, layer.groups) == ({}, {})
    await no_new_subscriptions(nothing_left)
