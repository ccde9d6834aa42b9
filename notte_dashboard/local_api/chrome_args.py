"""The Chromium switches a caller may set. Everything else is refused: a switch can run programs (`--*-cmd-prefix`,
`--gpu-launcher`), open a debugging port, load extensions, read the disk or turn the web's own protection off.
"""

import re

_NUMBER = r"[0-9]{1,5}(\.[0-9]{1,3})?"
_LANGUAGE = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"

ALLOWED: dict[str, str | None] = {
    # switch: pattern of its value, None for a switch without one
    "--autoplay-policy": r"no-user-gesture-required|user-gesture-required|document-user-activation-required",
    "--accept-lang": rf"{_LANGUAGE}(,{_LANGUAGE})*",
    "--blink-settings": r"imagesEnabled=(true|false)",
    "--default-background-color": r"[0-9A-Fa-f]{8}",
    "--disable-3d-apis": None,
    "--disable-accelerated-2d-canvas": None,
    "--disable-background-timer-throttling": None,
    "--disable-backgrounding-occluded-windows": None,
    "--disable-blink-features": r"AutomationControlled",
    "--disable-dev-shm-usage": None,
    "--disable-extensions": None,
    "--disable-gpu": None,
    "--disable-http2": None,
    "--disable-infobars": None,
    "--disable-lcd-text": None,
    "--disable-notifications": None,
    "--disable-popup-blocking": None,
    "--disable-quic": None,
    "--disable-renderer-backgrounding": None,
    "--disable-smooth-scrolling": None,
    "--disable-translate": None,
    "--disable-webgl": None,
    "--enable-smooth-scrolling": None,
    "--font-render-hinting": r"none|slight|medium|full|max",
    "--force-color-profile": r"srgb|display-p3-d65|color-spin-gamma24|hdr10",
    "--force-dark-mode": None,
    "--force-device-scale-factor": _NUMBER,
    "--force-prefers-no-reduced-motion": None,
    "--force-prefers-reduced-motion": None,
    "--high-dpi-support": r"[01]",
    "--hide-scrollbars": None,
    "--incognito": None,
    "--lang": _LANGUAGE,
    "--mute-audio": None,
    "--no-default-browser-check": None,
    "--no-first-run": None,
    "--start-maximized": None,
    "--window-position": r"-?[0-9]{1,5},-?[0-9]{1,5}",
    "--window-size": r"[0-9]{1,5},[0-9]{1,5}",
}
_MOST = 50


def problem(args: list[str]) -> tuple[int, str] | None:
    """Position and reason of the first switch that is not allowed. The reason names the switch, never its value."""
    if len(args) > _MOST:
        return _MOST, f"At most {_MOST} switches are accepted."
    for position, arg in enumerate(args):
        name, equals, value = arg.partition("=")
        if name not in ALLOWED:
            shown = name if re.fullmatch(r"--[a-z0-9-]{1,60}", name) else "This switch"
            return position, f"{shown} is not in the local API's list of allowed Chromium switches."
        pattern = ALLOWED[name]
        if pattern is None and equals:
            return position, f"{name} takes no value."
        if pattern is not None and not re.fullmatch(pattern, value):
            return position, f"{name} does not accept this value."
    return None
