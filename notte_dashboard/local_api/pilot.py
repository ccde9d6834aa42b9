"""What a viewer at the helm may ask for: input to the tab in front, another tab, a tab's end."""

import contextlib
from typing import Any

from playwright.async_api import Error as PlaywrightError

from notte_dashboard.local_api.helm import Grip
from notte_dashboard.local_api.input import Input
from notte_dashboard.local_api.session import Session


class Pilot:
    def __init__(self, session: Session, grip: Grip) -> None:
        self._session, self._grip = session, grip
        self._input = Input(session)

    async def work(self) -> None:
        await self._input.work()

    def obey(self, message: dict[str, Any]) -> None:
        """Nothing, once the helm is somebody else's."""
        if not self._grip.held:
            return
        kind = message.get("type")
        if kind in {"tab", "close-tab"}:
            self._tab(str(kind), message.get("id"))
        else:
            self._input.apply(message)

    def _tab(self, kind: str, position: Any) -> None:
        if not isinstance(position, int):
            return
        self._session.touch()
        if kind == "tab":
            self._session.show_tab(position)
        else:
            self._session.spawn(self._close(position))

    async def _close(self, position: int) -> None:
        pages = self._session.running.context.pages
        with contextlib.suppress(PlaywrightError):  # it may be closing already
            if 0 <= position < len(pages):
                await pages[position].close()
