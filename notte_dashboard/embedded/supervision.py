"""supervisord keeps the programs alive; this writes its configuration, starts it, asks it, stops it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple

from supervisor.xmlrpc import SupervisorTransport

from notte_dashboard.embedded import processes
from notte_dashboard.embedded.errors import StartError
from notte_dashboard.embedded.procfile import Program

STOP_PATIENCE = 6
"""Seconds that a program may take to end before it is killed."""
WAKE_EVERY = 0.1
"""Seconds after which a supervisord that is ending is woken again."""
_MAIN = """\
[supervisord]
pidfile={run}/supervisord.pid
logfile={logs}/supervisord.log
logfile_maxbytes=1MB
logfile_backups=1
childlogdir={logs}
directory={base}
umask=077
minfds=256
minprocs=32
silent=true

[unix_http_server]
file={run}/supervisor.sock
chmod=0600

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
_PROGRAM = """
[program:{name}]
command={command}
autorestart=true
startsecs=5
startretries=50
stopsignal=TERM
stopasgroup=true
killasgroup=true
stopwaitsecs={patience}
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=2
"""
# The programs of a group stop together, the groups one after the other: Redis is there until nobody needs it any more.
_GROUP = """
[group:{name}]
programs={programs}
priority={priority}
"""


class State(NamedTuple):
    """What supervisord says of one program: RUNNING, STARTING, BACKOFF (starts again soon), FATAL (given up) and more."""

    name: str
    pid: int
    because: str


class Folders(NamedTuple):
    base: Path
    run: Path
    logs: Path

    @property
    def record(self) -> Path:
        return self.run / "processes.json"


def configuration(programs: list[Program], folders: Folders) -> str:
    text = [_MAIN.format(**folders._asdict())]
    text += [_PROGRAM.format(name=name, command=command, patience=STOP_PATIENCE, logs=folders.logs) for name, command in programs]
    names = [program.name for program in programs]
    for priority, group in enumerate((["redis"], [name for name in names if name != "redis"]), 1):
        if members := [name for name in group if name in names]:
            text.append(
                _GROUP.format(name="redis-first" if priority == 1 else "dashboard", programs=",".join(members), priority=priority)
            )
    # supervisord replaces %(name)s; nothing of ours is meant.
    return "".join(text).replace("%", "%%")


class Supervisor:
    def __init__(self, folders: Folders) -> None:
        self.folders = folders
        self.process: subprocess.Popen[bytes] | None = None
        address = f"unix://{folders.run / 'supervisor.sock'}"
        self._transport = SupervisorTransport(None, None, address)
        self._server = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=self._transport)
        self._noted: dict[str, int] = {}

    def start(self, programs: list[Program], environ: Mapping[str, str]) -> None:
        path = self.folders.run / "supervisord.conf"
        path.write_text(configuration(programs, self.folders))
        said = self.folders.logs / "supervisord.out"
        with said.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "--configuration", str(path)],
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for us alone; we end the others in order.
                start_new_session=True,
            )
        self.note({})

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def states(self) -> dict[str, State] | None:
        """By program; None while supervisord does not answer (it has just begun, or is busy)."""
        try:
            told = self._server.supervisor.getAllProcessInfo()
        except (OSError, HTTPException, xmlrpc.client.Error):
            # A connection that failed once refuses every further request.
            self._transport.close()
            return None
        assert isinstance(told, list)
        found = {one["name"]: State(one["statename"], one["pid"], one["spawnerr"]) for one in told}
        self.note({name: state.pid for name, state in found.items()})
        return found

    def note(self, pids: dict[str, int]) -> None:
        assert self.process is not None
        now = {"supervisord": self.process.pid} | pids
        if now != self._noted:
            processes.record(self.folders.record, now)
            self._noted = now

    def stop(self) -> None:
        """Everything has ended afterwards, politely within two times the patience or else by force."""
        if self.process is None:
            return
        self.states()
        self._transport.close()
        if self.alive:
            self.process.send_signal(signal.SIGTERM)
            self._wait_for_end(2 * STOP_PATIENCE)
        processes.end(self.folders.record, patience=STOP_PATIENCE)

    def _wait_for_end(self, patience: float) -> None:
        """Until supervisord has ended: by itself, or killed together with its process group."""
        assert self.process is not None
        ends = time.monotonic() + patience
        while self.alive:
            if time.monotonic() > ends:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
            self._wake()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(WAKE_EVERY)

    def _wake(self) -> None:
        """Cuts short the second for which supervisord sleeps before it looks at signals and dead programs: a connection does."""
        with socket.socket(socket.AF_UNIX) as caller, contextlib.suppress(OSError):
            caller.setblocking(False)
            caller.connect(str(self.folders.run / "supervisor.sock"))


def why_it_ended(folders: Folders) -> StartError:
    said = (folders.logs / "supervisord.out").read_text(errors="replace").strip().splitlines()
    last = said[-1] if said else f"see {folders.logs / 'supervisord.log'}"
    return StartError(f"The supervisor of the programs ended unexpectedly, and so everything was stopped: {last}")
