"""`manage.py prepare`: tables, static files, the first administrator; for installations that start their processes themselves."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from notte_dashboard.embedded import preparation
from notte_dashboard.embedded.errors import StartError


class Command(BaseCommand):
    help = "Bring database and static files up to date, and create the first administrator if there is none."
    requires_system_checks: list[str] = []

    def handle(self, **_options: Any) -> None:
        try:
            for line in preparation.everything():
                self.stdout.write(line)
                self.stdout.flush()
        except StartError as problem:
            self.stderr.write(str(problem))
            sys.exit(1)
