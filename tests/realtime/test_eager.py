"""What is begun without a task ends at once, or goes on in a task from where it waited."""

import asyncio

import pytest

from notte_dashboard.realtime.eager import begin


async def test_what_never_waits_is_done_at_once():
    done = []

    async def work():
        done.append(1)

    assert begin(work()) is None
    assert done == [1]


async def test_what_waits_goes_on_in_a_task():
    done, event = [], asyncio.Event()

    async def work():
        done.append("before")
        await event.wait()
        await asyncio.sleep(0)
        done.append("after")

    rest = begin(work())
    assert done == ["before"]
    task = asyncio.create_task(rest.rest())
    await asyncio.sleep(0.01)
    event.set()
    await asyncio.wait_for(task, 5)

    assert done == ["before", "after"]


async def test_what_was_waited_for_may_have_come_before_the_task():
    event = asyncio.Event()
    rest = begin(event.wait())
    event.set()

    await asyncio.wait_for(rest.rest(), 5)


async def test_a_failure_is_the_callers():
    async def work(event):
        if event:
            await event.wait()
        raise ValueError("no good")

    with pytest.raises(ValueError, match="no good"):
        begin(work(None))
    event = asyncio.Event()
    rest = begin(work(event))
    event.set()
    with pytest.raises(ValueError, match="no good"):
        await rest.rest()


async def test_a_cancellation_reaches_it():
    seen = []

    async def work():
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    task = asyncio.create_task(begin(work()).rest())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert seen == ["cancelled"]


async def test_a_timeout_around_the_rest_holds():
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await begin(asyncio.Event().wait()).rest()
