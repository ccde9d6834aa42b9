"""Mouse and keyboard of an interactive viewer, forwarded to the tab in front."""

import contextlib
from typing import Any

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError

from notte_dashboard.local_api.session import Session

_MOUSE = {"down": "mousePressed", "up": "mouseReleased", "move": "mouseMoved", "wheel": "mouseWheel"}
_BUTTONS = {"left": 1, "right": 2, "middle": 4}
_WHEEL_LIMIT = 2000.0
_TEXT_LIMIT = 200
# name: windows key code, text that the key types
_KEYS: dict[str, tuple[int, str]] = {
    "Backspace": (8, ""),
    "Tab": (9, ""),
    "Enter": (13, "\r"),
    "Escape": (27, ""),
    "PageUp": (33, ""),
    "PageDown": (34, ""),
    "End": (35, ""),
    "Home": (36, ""),
    "ArrowLeft": (37, ""),
    "ArrowUp": (38, ""),
    "ArrowRight": (39, ""),
    "ArrowDown": (40, ""),
    "Delete": (46, ""),
}


class Input:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._page: Page | None = None
        self._cdp: CDPSession | None = None

    async def apply(self, message: dict[str, Any]) -> None:
        """Messages that make no sense are dropped: they come from a page that anyone may have opened."""
        if not self._session.is_active:
            return
        with contextlib.suppress(PlaywrightError, ValueError, TypeError, KeyError):
            kind = message.get("type")
            if kind in _MOUSE:
                await self._mouse(str(kind), message)
            elif kind == "text":
                await self._send("Input.insertText", {"text": str(message["text"])[:_TEXT_LIMIT]})
            elif kind == "key":
                await self._key(str(message["key"]), modifiers=int(message.get("modifiers", 0)) & 15)
            else:
                return
            self._session.touch()

    async def _mouse(self, kind: str, message: dict[str, Any]) -> None:
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
        await self._send("Input.dispatchMouseEvent", event)

    async def _key(self, name: str, *, modifiers: int) -> None:
        code, text = _KEYS[name]
        key = {"key": name, "code": name, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        down = {"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}
        await self._send("Input.dispatchKeyEvent", {**key, **down})
        await self._send("Input.dispatchKeyEvent", {**key, "type": "keyUp"})

    async def _send(self, method: str, params: dict[str, Any]) -> None:
        page = self._session.page
        if self._cdp is None or self._page is not page:
            self._page, self._cdp = page, await page.context.new_cdp_session(page)
        await self._cdp.send(method, params)


def _fraction(value: Any) -> float:
    return min(max(float(value), 0.0), 1.0)


def _wheel(value: Any) -> float:
    return min(max(float(value), -_WHEEL_LIMIT), _WHEEL_LIMIT)
