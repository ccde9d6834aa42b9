"""`manage.py down`: ends the dashboard that runs with this DATA_DIR, wherever it was started."""

import os
import signal
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notte_dashboard.embedded import lock

PATIENCE = 20


class Command(BaseCommand):
    help = "Stop the dashboard that runs with this DATA_DIR."
    requires_system_checks: list[str] = []

    def handle(self, **_options: Any) -> None:
        path = settings.DATA_DIR / "run" / "up.lock"
        running = lock.holder(path)
        if running is None:
            self.stdout.write("The dashboard is not running.")
            return
        os.kill(running.pid, signal.SIGTERM)
        ends = time.monotonic() + PATIENCE
        while lock.holder(path) == running:
            if time.monotonic() > ends:
                raise CommandError(f"Process {running.pid} was asked to stop but still runs after {PATIENCE} s.")
            time.sleep(0.1)
        self.stdout.write("Stopped.")
