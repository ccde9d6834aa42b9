"""A plan is a generator: it gives a `Step`, and is sent back the `Moment` after it."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final, TypeVar

from notte_dashboard.local_api.brains.interface import Action, ActionResult, Element, PageView

Found = TypeVar("Found")
Value = TypeVar("Value")
MOST_SCROLLS: Final = 6


@dataclass(frozen=True, slots=True)
class Moment:
    view: PageView
    result: ActionResult | None = None


@dataclass(frozen=True, slots=True)
class Step:
    action: Action
    goal: str
    element: Element | None = None
    why: str = ""


Plan = Generator[Step, Moment, Value]


class CannotError(Exception):
    """Where the plan ends; its text tells the operator what was missing."""


def act(step: Step) -> Plan[Moment]:
    """One step that has to work."""
    now = yield step
    if now.result is not None and not now.result.success:
        raise CannotError(now.result.message)
    return now


def seek(now: Moment, find: Callable[[PageView], Found | None], what: str) -> Plan[tuple[Found | None, Moment]]:
    """Looks on the page, then scrolls, since some pages only write what comes into view."""
    for _ in range(MOST_SCROLLS):
        if (found := find(now.view)) is not None or now.view.scroll_y >= now.view.scroll_max:
            return found, now
        before = now.view
        now = yield Step({"type": "scroll_down"}, f"Scroll down to look for {what}.")
        if now.view.scroll_y == before.scroll_y:
            break
    return find(now.view), now


def on(kind: str, element: Element, goal: str, why: str, **more: object) -> Step:
    return Step({"type": kind, "id": element.id, **more}, goal, element, why)
