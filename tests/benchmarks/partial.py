"""One htmx partial with login and ten rows: ours, and bare Starlette with the same rows."""

import asyncio

from aiohttp import ClientSession, TCPConnector

from tests.benchmarks.installation import Installation, cpu_seconds, free_port, new_installation
from tests.benchmarks.report import Figure, compared

TITLE = "A partial (e)"
ABOUT = (
    "The list of sessions as htmx asks for it: login session, user, ten rows. Stock: the same view and template by Django's ASGI "
    "handler, less our middleware. Bare: Starlette, one SELECT by sqlite3, rows as f-strings, no login."
)
ROWS = 10
SIDES = {
    "ours": ("notte_dashboard.asgi:application", "/sessions/", 1),
    "stock": ("tests.benchmarks.partial_servers:stock", "/sessions/", 1),
    "bare": ("tests.benchmarks.partial_servers:bare", "/", 10),
}
NOTE = (
    "measured only: ours is Django's own handler, and the work of the page is the same. A pooled handler of one's own halves it, "
    "but only well-kept parts are wanted here"
)


async def load(url: str, headers: dict[str, str], requests: int) -> None:
    async with ClientSession(connector=TCPConnector(limit=4), headers=headers) as client:

        async def some() -> None:
            for _ in range(requests // 4):
                async with client.get(url) as answer:
                    text = await answer.text()
                    assert answer.status == 200, text[:300]
                    assert text.count("data-run-id=") >= ROWS, text[:300]

        await asyncio.gather(*[some() for _ in range(4)])


def cost(pid: int, url: str, headers: dict[str, str], requests: int) -> float:
    """Microseconds of processor time for each request."""
    began = cpu_seconds(pid)
    asyncio.run(load(url, headers, requests))
    return 1e6 * (cpu_seconds(pid) - began) / requests


def serve(installation: Installation, application: str) -> tuple[int, int]:
    port = free_port()
    more = {"UVICORN_FACTORY": "true"} if "partial_servers" in application else {}
    return installation.uvicorn(application, port, **more).pid, port


def main(*, quick: bool) -> list[Figure]:
    from tests.benchmarks.rows import ended_sessions, sign_in_operators  # noqa: PLC0415

    requests, repeats = (40, 2) if quick else (200, 5)
    costs: dict[str, list[float]] = {name: [] for name in SIDES}
    with new_installation() as installation:
        from django.core.management import call_command  # noqa: PLC0415 - needs Django

        call_command("collectstatic", interactive=False, verbosity=0)
        workspace, keys = sign_in_operators(1)
        ended_sessions(workspace, ROWS)
        headers = {"cookie": f"sessionid={keys[0]}", "HX-Request": "true"}
        running = {name: serve(installation, application) for name, (application, _, _) in SIDES.items()}
        for repeat in range(-1, repeats):
            for name, (_, path, share) in SIDES.items():
                pid, port = running[name]
                took = cost(pid, f"http://localhost:{port}{path}", headers, requests * share)
                if repeat >= 0:  # the first is for warming up
                    costs[name].append(took)
    return [
        compared("R1: ours through stock Django ASGI", costs["ours"], costs["stock"], goal="<= 0.40", unit="µs", note=NOTE),
        compared("ours through bare Starlette with sqlite3", costs["ours"], costs["bare"], unit="µs"),
    ]
