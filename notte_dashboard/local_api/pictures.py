"""Screenshots of steps: JPEG, with an even width and height (SDKs re-encode odd ones)."""

import base64
from dataclasses import dataclass
from typing import Any, Literal

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import FloatRect, Page

from notte_dashboard.local_api.brains.interface import PageView

ScreenshotType = Literal["raw", "full", "last_action"]
_QUALITY = 60
_FULL_HEIGHT = 10_000
_TIMEOUT_MS = 10_000
_BOX_MS = 500

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


@dataclass(frozen=True, slots=True)
class Marked:
    """The element that the last action touched, for the next picture."""

    action_id: str
    box: dict[str, Any] | None


async def take(page: Page, viewport: Viewport, kind: ScreenshotType) -> str:
    """Base64, as the steps carry it."""
    full = kind == "full"
    height = min(viewport.total_height, _FULL_HEIGHT) if full else viewport.viewport_height
    clip: FloatRect = {"x": 0, "y": 0, "width": _even(viewport.viewport_width), "height": _even(height)}
    raw = await page.screenshot(type="jpeg", quality=_QUALITY, scale="css", full_page=full, clip=clip, timeout=_TIMEOUT_MS)
    return base64.b64encode(raw).decode()


def _even(size: int) -> int:
    return max(size - size % 2, 2)


async def mark(page: Page, view: PageView, viewport: Viewport, action_id: str) -> Marked:
    element = view.element(action_id)
    if element is None or not element.selector:
        return Marked(action_id, None)
    try:
        box = await page.locator(element.selector).first.bounding_box(timeout=_BOX_MS)
    except PlaywrightError:
        box = None  # the picture is then unmarked; the action itself says whether the element is there
    if box is None:
        return Marked(action_id, None)
    place = {"scroll_x": viewport.scroll_x, "scroll_y": viewport.scroll_y}
    size = {"viewport_width": viewport.viewport_width, "viewport_height": viewport.viewport_height}
    return Marked(action_id, {**box, **place, **size, "notte_id": action_id})
