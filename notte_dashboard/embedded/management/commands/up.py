"""`manage.py up`: prepares what is missing, starts every program of the Procfile, stays until it is told to stop."""

import contextlib
import os
import signal
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from notte_dashboard import __version__
from notte_dashboard.embedded import lock, ports, preparation, processes, procfile, readiness, redis_server
from notte_dashboard.embedded.errors import StartError
from notte_dashboard.embedded.news import News
from notte_dashboard.embedded.supervision import Folders, Supervisor, why_it_ended

READY_WITHIN = 60
PARTS_WITHIN = 10
LOOK_EVERY = 0.5


class Command(BaseCommand):
    help = "Start the dashboard with everything it needs; Ctrl-C stops it all."
    requires_system_checks: list[str] = []

    def handle(self, **_options: Any) -> None:
        self.stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop.set())
        os.umask(0o077)
        self.folders = Folders(settings.BASE_DIR, settings.DATA_DIR / "run", settings.DATA_DIR / "logs")
        try:
            with lock.held(self.folders.run / "up.lock", readiness.url()):
                self.up()
        except StartError as problem:
            self.stderr.write(str(problem))
            sys.exit(1)

    def say(self, line: str) -> None:
        # The terminal may be gone. That is no reason to leave what was started behind.
        with contextlib.suppress(OSError):
            self.stdout.write(line)
            self.stdout.flush()

    def up(self) -> None:
        self.say(f"Notte Dashboard {__version__}")
        self.folders.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        if ended := processes.end(self.folders.record, patience=15):
            self.say(f"Ended what a start that was killed had left: {', '.join(ended)}.")
        self._require_ports()
        programs = self._programs()
        for line in preparation.everything():
            self.say(line)
        connections.close_all()
        if self.stop.is_set():
            return
        supervisor = Supervisor(self.folders)
        self.news = News(self.folders.logs)
        try:
            supervisor.start(programs, self._environ())
            self._wait_until_ready(supervisor)
            while not self.stop.is_set():
                self._look(supervisor)
                self.stop.wait(LOOK_EVERY)
        finally:
            self.say("Stopping ...")
            supervisor.stop()
        self.say("Stopped.")

    def _require_ports(self) -> None:
        wanted = [ports.Port("PORT", settings.HOST, settings.PORT)]
        if settings.EMBEDDED:
            wanted.append(ports.Port("LOCAL_API_PORT", "127.0.0.1", settings.LOCAL_API_PORT))
        ports.require_free(wanted)

    def _programs(self) -> list[procfile.Program]:
        if settings.BUNDLED_REDIS:
            redis_server.write_configuration()
        return procfile.needed(procfile.read(settings.BASE_DIR / "Procfile", self._environ()))

    def _environ(self) -> dict[str, str]:
        """What the programs are told. They need no administrator's password."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ADMIN_PASSWORD")}
        bin_folder = os.path.dirname(sys.executable)  # noqa: PTH120 - the link in .venv, not what it points to
        return environ | {
            "PATH": os.pathsep.join((bin_folder, environ.get("PATH", os.defpath))),
            "DATA_DIR": str(settings.DATA_DIR),
            "HOST": settings.HOST,
            "PORT": str(settings.PORT),
            "LOCAL_API_PORT": str(settings.LOCAL_API_PORT),
            "LOCAL_API_KEY": settings.LOCAL_API_KEY,
            "REDIS_SERVER": redis_server.program() if settings.BUNDLED_REDIS else "",
            "PYTHONUNBUFFERED": "1",
        }

    def _wait_until_ready(self, supervisor: Supervisor) -> None:
        began = time.monotonic()
        while not readiness.answers():
            self._look(supervisor)
            if time.monotonic() - began > READY_WITHIN:
                raise StartError(f"The web server does not answer after {READY_WITHIN} s. Log: {self.folders.logs}/web.log")
            if self.stop.wait(0.1):
                return
        problems = self._wait_for_parts(supervisor)
        if self.stop.is_set():
            return
        for problem in problems:
            self.say(f"Note: {problem}")
        self.say(f"\n  Open {readiness.url()}\n\nCtrl-C stops everything. Logs: {self.folders.logs}")

    def _wait_for_parts(self, supervisor: Supervisor) -> list[str]:
        """The others may take a little longer; the page would greet with a notice about each that is not there yet."""
        ends = time.monotonic() + PARTS_WITHIN
        while settings.EMBEDDED and not readiness.local_api_listens() and time.monotonic() < ends and not self.stop.wait(0.1):
            self._look(supervisor)
        # What is missing outside (an API, a key, a Chromium) does not come by waiting.
        while not readiness.own_parts_work() and time.monotonic() < ends and not self.stop.wait(0.5):
            self._look(supervisor)
        return readiness.problems() or []

    def _look(self, supervisor: Supervisor) -> None:
        if not supervisor.alive:
            raise why_it_ended(self.folders)
        for line in self.news.of(supervisor.states() or {}):
            self.say(line)
