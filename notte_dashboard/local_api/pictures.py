"""Screenshots of steps: JPEG, with an even width and height (SDKs re-encode odd ones)."""

import base64
from dataclasses import asdict, dataclass
from typing import Any, Literal

from playwright.async_api import FloatRect, Page

from notte_dashboard.local_api.brains.interface import Element, PageView

ScreenshotType = Literal["raw", "full", "last_action"]
_QUALITY = 60
_FULL_HEIGHT = 10_000
_TIMEOUT_MS = 10_000

_MEASURE = """() => {
  const root = document.scrollingElement || document.documentElement;
  return [scrollX, scrollY, innerWidth, innerHeight, root.scrollWidth, root.scrollHeight].map(Math.round);
}"""


@dataclass(frozen=True, slots=True)
class Viewport:
    scroll_x: int
    scroll_y: int
    viewport_width: int
    viewport_height: int
    total_width: int
    total_height: int

    @classmethod
    async def of(cls, page: Page) -> "Viewport":
        return cls(*(int(number) for number in await page.evaluate(_MEASURE)))


async def take(page: Page, viewport: Viewport, kind: ScreenshotType) -> str:
    """Base64, as the steps carry it."""
    full = kind == "full"
    height = min(viewport.total_height, _FULL_HEIGHT) if full else viewport.viewport_height
    clip: FloatRect = {"x": 0, "y": 0, "width": _even(viewport.viewport_width), "height": _even(height)}
    raw = await page.screenshot(type="jpeg", quality=_QUALITY, scale="css", full_page=full, clip=clip, timeout=_TIMEOUT_MS)
    return base64.b64encode(raw).decode()


def _even(size: int) -> int:
    return max(size - size % 2, 2)


def boxes(view: PageView, viewport: Viewport) -> list[dict[str, Any]]:
    """Where the elements are that can be seen in the window."""
    window = asdict(viewport)
    place = {name: window[name] for name in ("scroll_x", "scroll_y", "viewport_width", "viewport_height")}
    found = [(element.id, element.box) for element in view.elements if element.box and _in_window(element.box, viewport)]
    return [
        {"x": left, "y": top, "width": width, "height": height, **place, "notte_id": element_id}
        for element_id, (left, top, width, height) in found
    ]


def _in_window(box: tuple[int, int, int, int], viewport: Viewport) -> bool:
    left, top, width, height = box
    return left < viewport.viewport_width and top < viewport.viewport_height and left + width > 0 and top + height > 0


def still_there(view: PageView, touched: Element | None) -> str | None:
    """The id that the element of the last action has in this view; None when it is gone."""
    if touched is None:
        return None
    known = (touched.selector, touched.role, touched.name)
    return next((one.id for one in view.elements if (one.selector, one.role, one.name) == known), None)
