"""Scrolling and waiting: each tells what came of it."""

from typing import Final

from notte_dashboard.local_api.brains.rules.instructions import Scroll, Wait
from notte_dashboard.local_api.brains.rules.steps import CannotError, Moment, Plan, Step, act, seek
from notte_dashboard.local_api.brains.rules.surroundings import page_name, subject_in

MOST_WAITS: Final = 10
LONGEST_WAIT: Final = 300.0
LONGEST_STEP: Final = 30.0
"""What one wait action may take by the contract."""


def scroll(wish: Scroll, now: Moment) -> Plan[tuple[str, Moment]]:
    if wish.to and wish.to != "end":
        found, now = yield from seek(now, lambda view: subject_in(view, wish.to), f"'{wish.to}'")
        if not found:
            raise CannotError(f"I scrolled {page_name(now.view)} and did not find '{wish.to}'.")
        return f"Found '{wish.to}' on the page.", now
    way = "up" if wish.up else "down"
    amount = {"amount": max(now.view.scroll_max, 1)} if wish.to else {}
    now = yield from act(Step({"type": f"scroll_{way}", **amount}, f"Scroll {way}{' to the end' if wish.to else ''}."))
    return f"Scrolled {way}{' to the end' if wish.to else ''}.", now


def wait(wish: Wait, now: Moment) -> Plan[tuple[str, Moment]]:
    if wish.text:
        return (yield from _wait_for(wish.text, now))
    if wish.seconds > LONGEST_WAIT:
        raise CannotError(f"I wait {LONGEST_WAIT:g} seconds at most, not {wish.seconds:g}.")
    left = wish.seconds
    while left > 0:
        seconds = min(left, LONGEST_STEP)
        now = yield from act(Step({"type": "wait", "time_ms": int(seconds * 1000)}, f"Wait {left:g} seconds."))
        left -= seconds
    return f"Waited {wish.seconds:g} seconds.", now


def _wait_for(text: str, now: Moment) -> Plan[tuple[str, Moment]]:
    for _ in range(MOST_WAITS):
        if subject_in(now.view, text):
            return f"Saw '{text}'.", now
        now = yield from act(Step({"type": "wait", "time_ms": 1000}, f"Wait for '{text}' to appear."))
    if subject_in(now.view, text):
        return f"Saw '{text}'.", now
    raise CannotError(f"I waited {MOST_WAITS} seconds and '{text}' did not appear on {page_name(now.view)}.")
