"""Who acts in a session's browser: the holder of the newest control link in use, and nobody else."""

import asyncio
import time
from collections.abc import Callable

from notte_dashboard.local_api.auth import Control

TAKEN, EXPIRED = "taken", "expired"


class Grip:
    """One connection's hold on the helm. `on_lost` hears once why it ended."""

    def __init__(self, control: Control, on_lost: Callable[[str], None]) -> None:
        self.control = control
        self._on_lost = on_lost
        self._held = True
        self._timer = asyncio.get_running_loop().call_later(control.until - time.time(), self.lose, EXPIRED)

    @property
    def held(self) -> bool:
        return self._held

    def lose(self, reason: str) -> None:
        if self._held:
            self.drop()
            self._on_lost(reason)

    def drop(self) -> None:
        self._held = False
        self._timer.cancel()


class Helm:
    def __init__(self) -> None:
        self._newest = 0
        self._grips: set[Grip] = set()

    def take(self, control: Control, on_lost: Callable[[str], None]) -> Grip | None:
        """None for a link older than one that was used since: its holder only watches."""
        if control.number < self._newest:
            return None
        self._newest = control.number
        for grip in list(self._grips):
            if grip.control.number < control.number:
                self._grips.discard(grip)
                grip.lose(TAKEN)
        grip = Grip(control, on_lost)
        self._grips.add(grip)
        return grip

    def let_go(self, grip: Grip) -> None:
        self._grips.discard(grip)
        grip.drop()
