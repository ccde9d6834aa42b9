"""A private installation: a folder, a Redis, a migrated database, and processes whose work is measured."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60
TICKS = os.sysconf("SC_CLK_TCK")
NOT_OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "NOTTE_API_KEY",
    "NOTTE_API_URL",
    "DEBUG",
    "SECRET_KEY",
    "CSRF_TRUSTED_ORIGINS",
    "TEST_FOLDER",
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def wait_for(condition: Any, seconds: float = PATIENCE) -> None:
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise TimeoutError(f"{condition} was not fulfilled within {seconds} s")
        time.sleep(0.02)


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def cpu_seconds(pid: int) -> float:
    """User and system time of one process, from /proc, which counts in hundredths of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def own_memory(pid: int) -> int:
    """Bytes that nobody shares."""
    return int(psutil.Process(pid).memory_full_info().uss)


class Installation:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {name: value for name, value in os.environ.items() if name not in NOT_OURS} | {
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "notte_dashboard.settings.base",
            "PYTHONPATH": str(ROOT),
        }
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, **environ: str) -> subprocess.Popen[bytes]:
        with (self.folder / "programs.log").open("ab") as log:
            self.processes.append(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=self.environ | environ,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )
        return self.processes[-1]

    def python(self, *arguments: str, **environ: str) -> subprocess.Popen[bytes]:
        return self.start(sys.executable, *arguments, **environ)

    def uvicorn(self, application: str, port: int, **environ: str) -> subprocess.Popen[bytes]:
        """With the options of the Procfile."""
        process = self.python("-m", "uvicorn", application, "--port", str(port), *options_of_web(), **environ)
        wait_for(lambda: answers(port) or process.poll() is not None)
        assert process.poll() is None, self.log
        return process

    @property
    def log(self) -> str:
        return (self.folder / "programs.log").read_text(errors="replace")[-4000:]

    def end(self, process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> None:
        if process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = [each for each in self.processes if each is not process]


def options_of_web() -> list[str]:
    line = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("web:"))
    return line.partition("--port $PORT ")[2].split()


@contextmanager
def new_installation(**environ: str) -> Iterator[Installation]:
    """Django is set up on it in this process too; one installation for each process."""
    made = Installation(Path(tempfile.mkdtemp(prefix="nd-bench-")))
    made.environ |= environ
    try:
        for name in NOT_OURS:
            os.environ.pop(name, None)
        os.environ |= {name: made.environ[name] for name in ("DATA_DIR", "DJANGO_SETTINGS_MODULE", *environ)}
        _set_up(made)
        yield made
    finally:
        for process in reversed(made.processes):
            made.end(process)
        shutil.rmtree(made.folder, ignore_errors=True)


def _set_up(installation: Installation) -> None:
    import django  # noqa: PLC0415 - the settings read the environment, which is made before
    import redis  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    from notte_dashboard.embedded import redis_server  # noqa: PLC0415

    installation.start(redis_server.program(), str(redis_server.write_configuration()))
    client = redis.Redis.from_url(settings.REDIS_URL)

    def redis_answers() -> bool:
        with suppress(redis.RedisError):
            return bool(client.ping())
        return False

    wait_for(redis_answers)
    client.close()
    call_command("migrate", verbosity=0)
