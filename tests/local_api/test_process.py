"""`python -m notte_dashboard.local_api`, as the supervisor starts and ends it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.ports import reserved_port

pytestmark = pytest.mark.chromium

NICE = shutil.which("nice") or "nice"
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(niceness: int = 0, **environment: str) -> subprocess.Popen[str]:
        own = {"DATA_DIR": str(tmp_path), "LOCAL_API_KEY": "key", "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        process = subprocess.Popen(
            [NICE, "-n", str(niceness), sys.executable, "-m", "notte_dashboard.local_api"],
            env={**own, **environment},
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=60)
        assert process.stderr is not None
        process.stderr.close()


def with_session(port: int) -> None:
    url = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=url, headers={"Authorization": "Bearer key"}, timeout=30, trust_env=False) as http:
        deadline = time.monotonic() + 60
        while True:
            try:
                http.get("/health")
                break
            except httpx.ConnectError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        assert http.post("/sessions/start", json={}).status_code == 200


def processes_of(data_dir: Path) -> dict[Path, str]:
    """Those started with the HOME of this test, wherever their parents have gone, and their command lines."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if f"HOME={data_dir}\0".encode() in (path / "environ").read_bytes():
                found[path] = (path / "cmdline").read_text()[:80]
        except OSError:
            continue
    return {path: line for path, line in found.items() if line}


@pytest.fixture
def port() -> Iterator[int]:
    """Where the program listens."""
    with reserved_port() as number:
        yield number


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_ending_it_leaves_no_process_behind(start: Start, port: int, tmp_path: Path, how: signal.Signals):
    process = start(LOCAL_API_PORT=str(port))
    with_session(port)
    assert any("headless" in line for line in processes_of(tmp_path).values())

    # Ctrl-C in a terminal reaches the whole group.
    (os.killpg if how is signal.SIGINT else os.kill)(process.pid, how)

    process.wait(timeout=60)
    deadline = time.monotonic() + 60
    while processes_of(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_of(tmp_path) == {}
    assert process.stderr is not None
    log = process.stderr.read()
    assert "Traceback" not in log
    assert "token=" not in log
    assert "key" not in log.split()


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this kernel has no groups of its own for sessions")
def test_its_browsers_yield_as_it_does(start: Start, port: int, tmp_path: Path):
    start(7, LOCAL_API_PORT=str(port))
    with_session(port)

    groups = {(path / "autogroup").read_text() for path, line in processes_of(tmp_path).items() if "headless" in line}
    assert {group.split()[-1] for group in groups} == {"7"}


def test_a_taken_port_is_told_by_the_name_of_its_variable(start: Start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        process = start(LOCAL_API_PORT=str(taken.getsockname()[1]))
        assert process.wait(timeout=60) == 2
        assert process.stderr is not None
        assert "LOCAL_API_PORT" in process.stderr.read()


def test_a_bad_setting_is_told_by_its_name(start: Start):
    process = start(LOCAL_API_PORT="many")

    assert process.wait(timeout=60) == 2
    assert process.stderr is not None
    assert "LOCAL_API_PORT must be a port number" in process.stderr.read()
