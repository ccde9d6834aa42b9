"""What watches: our slice (`sessions`, `agents`), and a bare aiohttp loop that asks the same (`bare URL SECONDS COUNT`)."""

import asyncio
import json
import sys
import time

import aiohttp
import uvloop


async def bare(url: str, every: float, count: int) -> None:
    """What one would write first: ask, read, count the steps, sleep until the next time."""
    connector = aiohttp.TCPConnector(limit=200)
    headers = {"authorization": "Bearer a-key-of-the-benchmark", "accept": "application/json"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as client:

        async def watch(number: int) -> None:
            known = 0
            while True:
                began = time.monotonic()
                async with client.get(f"{url}/sessions/remote-{number}") as answer:
                    steps = json.loads(await answer.read())["steps"]
                if len(steps) != known:
                    known = len(steps)
                await asyncio.sleep(max(0, began + every - time.monotonic()))

        tasks = []
        for number in range(count):
            tasks.append(asyncio.create_task(watch(number)))
            await asyncio.sleep(every / count)
        await asyncio.gather(*tasks)


def slices(kind: str) -> None:
    import django  # noqa: PLC0415

    django.setup()
    from agents_app.services.watch import WATCH as AGENTS  # noqa: PLC0415
    from notte_dashboard.limits import collect_rarely, raise_open_files  # noqa: PLC0415
    from notte_dashboard.watching.loop import run_slice  # noqa: PLC0415
    from sessions_app.services.watch import WATCH as SESSIONS  # noqa: PLC0415

    raise_open_files()
    collect_rarely()
    run_slice(SESSIONS if kind == "sessions" else AGENTS)


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(bare(sys.argv[2], float(sys.argv[3]), int(sys.argv[4])))
    else:
        slices(sys.argv[1])
