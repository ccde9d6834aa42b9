"""The page of an agent with 10,000 steps against that of one with 10: size, queries, time to the first byte."""

import http.client
import re
import statistics
import time

from tests.benchmarks.installation import free_port, new_installation
from tests.benchmarks.report import Figure, compared

TITLE = "A long run (d)"
ABOUT = "The same page of two ended agents, asked for in turns by one client with a login."
SHORT = 10


def first_byte(port: int, path: str, key: str) -> tuple[float, bytes]:
    """Milliseconds, and the whole page."""
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    began = time.perf_counter()
    connection.request("GET", path, headers={"cookie": f"sessionid={key}"})
    answer = connection.getresponse()
    took = 1000 * (time.perf_counter() - began)
    body = answer.read()
    connection.close()
    assert answer.status == 200, body[:300]
    return took, body


def queries(path: str, key: str) -> int:
    """In this process, as the test client sees them."""
    from django.db import connection  # noqa: PLC0415 - needs Django
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client()
    client.cookies["sessionid"] = key
    client.get(path, headers={"host": "localhost"})
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(path, headers={"host": "localhost"}).status_code == 200
    return len([query for query in found if not re.match("BEGIN|COMMIT|SAVEPOINT|RELEASE", query["sql"])])


def main(*, quick: bool) -> list[Figure]:
    from tests.benchmarks.rows import agent_of, sign_in_operators  # noqa: PLC0415

    steps, repeats, requests = (1000, 2, 5) if quick else (10_000, 7, 11)
    times: list[list[float]] = [[], []]
    with new_installation() as installation:
        from django.core.management import call_command  # noqa: PLC0415

        call_command("collectstatic", interactive=False, verbosity=0)
        workspace, keys = sign_in_operators(1)
        paths = [f"/agents/{agent_of(workspace, count).uuid}/" for count in (steps, SHORT)]
        port = free_port()
        installation.uvicorn("notte_dashboard.asgi:application", port)
        sizes = [len(first_byte(port, path, keys[0])[1]) / 1024 for path in paths]
        for _ in range(repeats):
            for found, path in zip(times, paths, strict=True):
                found.append(statistics.median(first_byte(port, path, keys[0])[0] for _ in range(requests)))
        asked = [float(queries(path, keys[0])) for path in paths]
    return [
        Figure(f"first HTML of {steps} steps", sizes[:1], sizes[1:], unit="kB", goal="<= 150", note=f"peer: of {SHORT} steps"),
        Figure(f"queries for the page of {steps} steps", asked[:1], asked[1:], goal="<= 12", note=f"peer: of {SHORT} steps"),
        compared(f"time to first byte, {steps} steps through {SHORT}", times[0], times[1], goal="<= 3", unit="ms"),
    ]
