"""Mouse and keyboard of whoever drives, forwarded to the tab in front.

Nothing here is waited for by the connection it came from: a page that is busy must not hold up the pictures.
"""

import asyncio
import contextlib
from collections import deque
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from notte_dashboard.local_api.keyboard import key_event
from notte_dashboard.local_api.session import Session

_MOUSE = {"down": "mousePressed", "up": "mouseReleased", "move": "mouseMoved", "wheel": "mouseWheel"}
_BUTTONS = {"left": 1, "right": 2, "middle": 4}
_WHEEL_LIMIT = 2000.0
_TEXT_LIMIT = 20_000
_MOST_WAITING = 500
_MOST_UNDER_WAY = 100

Command = tuple[str, dict[str, Any]]


class Input:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._page: Page | None = None
        self._cdp: CDPSession | None = None
        self._waiting: deque[Command] = deque()
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._dragged: dict[str, Any] | None = None

    def apply(self, message: dict[str, Any]) -> None:
        """Messages that make no sense are dropped: they come from a page that anyone may have opened."""
        if not self._session.is_active or len(self._waiting) >= _MOST_WAITING:
            return
        with contextlib.suppress(ValueError, TypeError, KeyError, OverflowError):
            command = self._command(message)
            if _is_move(command) and self._waiting and _is_move(self._waiting[-1]):
                self._waiting.pop()  # only the newest place counts
            self._waiting.append(command)
            self._session.touch()
            self._wake.set()

    async def work(self) -> None:
        """In order, but without waiting for the page's answer to each: CDP itself keeps the order."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._waiting:
                    await self._send(*self._waiting.popleft())
        finally:
            for task in self._under_way:
                task.cancel()

    def _command(self, message: dict[str, Any]) -> Command:
        kind = message["type"]
        if kind == "text":
            return "Input.insertText", {"text": str(message["text"])[:_TEXT_LIMIT]}
        if kind == "compose":
            text = str(message["text"])[:_TEXT_LIMIT]
            return "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        if kind == "key":
            return "Input.dispatchKeyEvent", key_event(message)
        return "Input.dispatchMouseEvent", self._mouse(kind, message)

    def _mouse(self, kind: str, message: dict[str, Any]) -> dict[str, Any]:
        launch = self._session.launch
        event: dict[str, Any] = {
            "type": _MOUSE[kind],
            # Places come as fractions of the picture, which is scaled to fit the viewer.
            "x": _fraction(message["x"]) * launch.width,
            "y": _fraction(message["y"]) * launch.height,
            "modifiers": int(message.get("modifiers", 0)) & 15,
        }
        button = str(message.get("button", "none"))
        if kind in {"down", "up"}:
            event |= {"button": button, "clickCount": min(max(int(message.get("clicks", 1)), 1), 3)}
            event["buttons"] = _BUTTONS[button] if kind == "down" else 0
        elif kind == "move" and button in _BUTTONS:
            event |= {"button": button, "buttons": _BUTTONS[button]}
        elif kind == "wheel":
            event |= {"deltaX": _wheel(message["dx"]), "deltaY": _wheel(message["dy"])}
        return event

    async def _send(self, method: str, params: dict[str, Any]) -> None:
        with contextlib.suppress(PlaywrightError):  # the tab may be gone before its answer
            cdp = await self._line()
            if len(self._under_way) >= _MOST_UNDER_WAY:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            for each, its in self._as_drag(method, params):
                task = asyncio.create_task(_quietly(cdp, each, its))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)

    async def _line(self) -> CDPSession:
        page = self._session.page
        if self._cdp is None or self._page is not page:
            cdp = await page.context.new_cdp_session(page)
            # A drag inside a page is the operating system's, of which a headless browser has none: it is told to us instead.
            cdp.on("Input.dragIntercepted", self._on_drag)
            await cdp.send("Input.setInterceptDrags", {"enabled": True})
            self._page, self._cdp, self._dragged = page, cdp, None
        return self._cdp

    def _on_drag(self, event: dict[str, Any]) -> None:
        self._dragged = event["data"]

    def _as_drag(self, method: str, params: dict[str, Any]) -> list[Command]:
        kind = params.get("type")
        if self._dragged is None or kind not in {"mouseMoved", "mouseReleased"}:
            return [(method, params)]
        place = {name: params[name] for name in ("x", "y", "modifiers")} | {"data": self._dragged}
        drag = [("Input.dispatchDragEvent", {"type": step, **place}) for step in ("dragEnter", "dragOver")]
        if kind == "mouseMoved":
            return drag
        self._dragged = None
        return [*drag, ("Input.dispatchDragEvent", {"type": "drop", **place}), (method, params)]


async def _quietly(cdp: CDPSession, method: str, params: dict[str, Any]) -> None:
    with contextlib.suppress(PlaywrightError):
        await cdp.send(method, params)


def _is_move(command: Command) -> bool:
    return command[1].get("type") == "mouseMoved"


def _fraction(value: Any) -> float:
    number = float(value)
    if number != number:  # noqa: PLR0124 - not a number
        raise ValueError("no place")
    return min(max(number, 0.0), 1.0)


def _wheel(value: Any) -> float:
    return min(max(float(value), -_WHEEL_LIMIT), _WHEEL_LIMIT)
