"""Where in a picture the element is that an action touched, when the API's answer says so."""

from dataclasses import dataclass
from typing import Any

from notte_dashboard.runs.reading import mapping, text, value_of

MOST_BOXES = 2_000
UNITS = 1000
"""A mark is drawn over the picture in thousandths of its width and height, whatever size it is shown in."""
MARGIN = 4


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    width: float
    height: float
    label: str


def mark(observation: dict[str, Any], element_id: str, size: tuple[int, int]) -> Mark | None:
    """The element this step acts on; for a step that acts on none, the one that the last step touched.

    `size` is the picture's, in its own pixels.
    """
    screenshot = mapping(value_of(observation).get("screenshot"))
    wanted = element_id or text(screenshot.get("last_action_id"))
    label = "The element of this step" if element_id else "The element of the last action"
    return _placed(_box(screenshot.get("bboxes"), wanted), size, label) if wanted else None


def _box(boxes: Any, wanted: str) -> dict[str, Any]:
    listed = boxes[:MOST_BOXES] if isinstance(boxes, list) else []
    return next((box for box in listed if isinstance(box, dict) and box.get("notte_id") == wanted), {})


def _placed(box: dict[str, Any], size: tuple[int, int], label: str) -> Mark | None:
    seen_width, seen_height = _number(box, "viewport_width"), _number(box, "viewport_height")
    if seen_width <= 0 or seen_height <= 0 or min(size) <= 0:
        return None
    shown_height = size[1] * seen_width / size[0]
    # A picture of the whole page is higher than the window, and starts at the top of the page.
    whole_page = shown_height > seen_height + 2
    left = _number(box, "x") + _number(box, "iframe_offset_x") - MARGIN
    top = _number(box, "y") + _number(box, "iframe_offset_y") + (_number(box, "scroll_y") if whole_page else 0) - MARGIN
    right, bottom = left + _number(box, "width") + 2 * MARGIN, top + _number(box, "height") + 2 * MARGIN
    left, right = max(left, 0), min(right, seen_width)
    top, bottom = max(top, 0), min(bottom, shown_height)
    if right - left <= MARGIN or bottom - top <= MARGIN:
        return None
    across, down = UNITS / seen_width, UNITS / shown_height
    place = round(left * across, 1), round(top * down, 1)
    return Mark(*place, round((right - left) * across, 1), round((bottom - top) * down, 1), label)


def _number(box: dict[str, Any], name: str) -> float:
    value = box.get(name)
    return float(value) if isinstance(value, int | float) and abs(value) < 10**7 else 0.0
