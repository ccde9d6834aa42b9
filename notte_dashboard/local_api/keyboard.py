"""Keys as a viewer names them (KeyboardEvent's own words), as Chromium wants to hear them."""

from typing import Any

_NAME_LIMIT = 32
_CONTROL_OR_META = 2 | 4
# What a key types that is not its own name.
_TYPED = {"Enter": "\r"}


def key_event(message: dict[str, Any]) -> dict[str, Any]:
    """Raises ValueError, TypeError or KeyError for what is no key."""
    key, code = str(message["key"]), str(message.get("code", ""))
    if not key or len(key) > _NAME_LIMIT or len(code) > _NAME_LIMIT:
        raise ValueError("no key")
    modifiers = int(message.get("modifiers", 0)) & 15
    event: dict[str, Any] = {
        "key": key,
        "code": code,
        "windowsVirtualKeyCode": int(message.get("keyCode", 0)) & 0xFF,
        "modifiers": modifiers,
        "location": int(message.get("location", 0)) & 3,
        "isKeypad": int(message.get("location", 0)) == 3,  # noqa: PLR2004 - KeyboardEvent.DOM_KEY_LOCATION_NUMPAD
        "autoRepeat": bool(message.get("repeat")),
    }
    if not message.get("down"):
        return {**event, "type": "keyUp"}
    text = "" if modifiers & _CONTROL_OR_META else _TYPED.get(key, key if len(key) == 1 else "")
    return {**event, "type": "keyDown", "text": text, "unmodifiedText": text} if text else {**event, "type": "rawKeyDown"}
