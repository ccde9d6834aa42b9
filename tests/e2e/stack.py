"""The whole product as a user starts it: `manage.py up` with ports and data of its own, and everything it prints."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.ports import reserved_ports

ROOT = Path(__file__).resolve().parents[2]
START_PATIENCE = 150
PASSWORD = "the password of prepared stacks"
STOP_PATIENCE = 60
OURS = [
    "DATABASE_URL",
    "REDIS_URL",
    "NOTTE_API_KEY",
    "NOTTE_API_URL",
    "HOST",
    "DEBUG",
    "SECRET_KEY",
    "LOCAL_API_KEY",
    "ADMIN_USERNAME",
    "ADMIN_PASSWORD",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DJANGO_SETTINGS_MODULE",
    "TEST_FOLDER",
    "MAKEFLAGS",
    "MAKELEVEL",
    "MFLAGS",
]


def clean_environ() -> dict[str, str]:
    """Without what would make a stack another one than a user's."""
    return {name: value for name, value in os.environ.items() if name not in OURS}


class Stack:
    """One `up`. It can be started, killed in parts, stopped, and started again on the same data and ports."""

    def __init__(self, data_dir: Path, ports: list[int], **environ: str) -> None:
        self.data_dir = data_dir
        self.port, self.local_api_port = ports
        chosen = {"DATA_DIR": str(data_dir), "PORT": str(self.port), "LOCAL_API_PORT": str(self.local_api_port)} | environ
        self.environ = clean_environ() | chosen
        self.lines: list[str] = []
        self.admin_username = environ.get("ADMIN_USERNAME", "admin")
        self.admin_password = environ.get("ADMIN_PASSWORD", "")

    @property
    def base_url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def is_running(self) -> bool:
        return hasattr(self, "process") and self.process.poll() is None

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def begin(self, command: tuple[str, ...] = (sys.executable, "manage.py", "up")) -> None:
        """In a session of its own, as a terminal gives it: a signal to the group reaches all that Ctrl-C would."""
        self.lines = []
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            self.lines.extend(output)

    def start(self, *command: str) -> float:
        """Returns the seconds until the URL was printed."""
        began = time.monotonic()
        self.begin(*([command] if command else []))
        self.wait_for(lambda: "Ctrl-C stops" in self.output or self.process.poll() is not None, START_PATIENCE)
        assert self.process.poll() is None, self.output
        if told := re.search(r"password +(\S+) +\|", self.output):
            self.admin_password = self.admin_password or told[1]
        return time.monotonic() - began

    def pids(self) -> dict[str, int]:
        """Of the programs of the Procfile, and of `supervisord`."""
        return {name: pid for name, (pid, _birth) in json.loads((self.data_dir / "run" / "processes.json").read_text()).items()}

    def kill(self, name: str) -> int:
        """As the kernel would when memory runs out. Returns the number of the killed process."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_restarted(self, name: str, killed: int, seconds: float = 60) -> float:
        began = time.monotonic()
        self.wait_for(lambda: self.pids().get(name, killed) != killed, seconds)
        return time.monotonic() - began

    def wait_for(self, condition, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < ends, f"not within {seconds} s; the output so far:\n{self.output}"
            time.sleep(0.05)

    def stop(self, number: int = signal.SIGINT) -> float:
        """As Ctrl-C does. Returns the seconds until all had ended."""
        began = time.monotonic()
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        self.ended()
        return time.monotonic() - began

    def ended(self) -> int:
        """Waits for the end that must be near; returns the exit code."""
        code = self.process.wait(STOP_PATIENCE)
        self.reader.join(STOP_PATIENCE)
        return code

    def log(self, name: str) -> str:
        return (self.data_dir / "logs" / f"{name}.log").read_text(errors="replace")

    def left_behind(self) -> list[str]:
        """Every process that was started with this data folder, whoever its parent is now: Chromium and its helpers too."""
        return [" ".join(process.cmdline()) for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            alive = process.status() != psutil.STATUS_ZOMBIE
            return alive and process.environ().get("DATA_DIR") == str(self.data_dir)
        except psutil.Error:
            return False


@contextmanager
def new_stack(prepared: Path | None = None, **environ: str) -> Iterator[Stack]:
    """Not started yet; one that is prepared had its first start. Whatever happens in the block, nothing may be left of it."""
    folder = Path(tempfile.mkdtemp(prefix="nd-e2e-"))
    if prepared:
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
    with reserved_ports(2) as ports:
        made = Stack(folder, ports, **environ)
        made.admin_password = made.admin_password or (PASSWORD if prepared else "")
        try:
            yield made
            if hasattr(made, "process"):
                made.stop()
                assert made.left_behind() == []
        finally:
            if made.is_running:
                made.stop(signal.SIGTERM)
            shutil.rmtree(folder)
