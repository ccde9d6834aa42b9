from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notte_dashboard.workspaces.rotation import rotate


class Command(BaseCommand):
    help = "Encrypt every stored secret with the first of FIELD_ENCRYPTION_KEYS. Afterwards the others can be taken out."

    def handle(self, *_: Any, **__: Any) -> None:
        unreadable = 0
        for found in rotate():
            unreadable += found.unreadable
            if found.done or found.unreadable:
                lost = f", {found.unreadable} can't be read" if found.unreadable else ""
                self.stdout.write(f"{found.name}: {found.done} encrypted anew{lost}")
        if unreadable:
            raise CommandError("Some secrets are of a key that is not in FIELD_ENCRYPTION_KEYS. They were left as they are.")
        self.stdout.write("All stored secrets are encrypted with the newest key.")
