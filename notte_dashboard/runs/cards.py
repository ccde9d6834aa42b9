"""Stored steps as the timeline shows them: items, gathered into one card per step number."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from notte_dashboard.runs.marks import Mark, mark
from notte_dashboard.runs.models import Step
from notte_dashboard.runs.reading import KINDS, Reading, read

PHASES = {"observation": "look", "screenshot": "look", "agent_completion": "think", "execution_result": "act"}
SHOWN_TEXT = 1_500
"""Characters of each text on a card; the raw data beside it has all."""
MARKERS = ("agent_step_start", "agent_step_stop")


class Actor(NamedTuple):
    """The agent that did a step of a session."""

    label: str
    url: str


@dataclass(frozen=True)
class ScreenshotView:
    url: str
    width: int
    height: int
    mark: Mark | None = None

    @property
    def small_url(self) -> str:
        return f"{self.url}?small"


@dataclass(frozen=True)
class StepItem:
    seq: int
    position: int
    reading: Reading
    screenshot: ScreenshotView | None

    @property
    def kind(self) -> str:
        return self.reading.kind

    @property
    def is_known(self) -> bool:
        return self.reading.kind in KINDS

    def __getattr__(self, name: str) -> object:
        return getattr(self.reading, name)


@dataclass(frozen=True)
class StepCard:
    number: int
    items: list[StepItem] = field(default_factory=list)
    raw_url: str = ""
    actor: Actor | None = None
    by_agent: bool = False

    @cached_property
    def started_at(self) -> datetime | None:
        return min((item.reading.started_at for item in self.items if item.reading.started_at), default=None)

    @cached_property
    def ended_at(self) -> datetime | None:
        return max((item.reading.ended_at for item in self.items if item.reading.ended_at), default=None)

    @property
    def duration(self) -> timedelta | None:
        """None while it goes on: what has ended of it says nothing about the rest."""
        if self.tone == "busy":
            return None
        start, end = self.started_at, self.ended_at
        return end - start if start and end and end >= start else None

    @cached_property
    def phases(self) -> dict[str, int]:
        """Milliseconds of looking, thinking and acting."""
        spent = dict.fromkeys(PHASES.values(), 0)
        for item in self.items:
            start, end = item.reading.started_at, item.reading.ended_at
            if item.kind in PHASES and start and end:
                spent[PHASES[item.kind]] += max(int((end - start).total_seconds() * 1000), 0)
        return spent

    @property
    def took(self) -> int:
        """Milliseconds; 0 when the API does not tell, or not yet."""
        return int(self.duration.total_seconds() * 1000) if self.duration else 0

    @cached_property
    def heading(self) -> str:
        """The action in words; the executed one first, since it knows the element's label."""
        done = [item.reading.action for item in self.items if item.reading.action]
        if done:
            return done[-1]
        titles = [item.reading.title or item.reading.url for item in self.items if item.kind == "observation"]
        if titles or self.items[0].kind == "agent_step_start":
            return f"Look at {titles[-1] if titles else 'the page'}"
        return self.items[0].kind.replace("_", " ").capitalize()

    @property
    def says_action(self) -> bool:
        return any(item.reading.action for item in self.items)

    @property
    def action_type(self) -> str:
        return next((item.reading.action_type for item in reversed(self.items) if item.reading.action_type), "")

    @property
    def has(self) -> str:
        """What the filters of the timeline ask for, as words."""
        found = {
            "errors": self.tone == "bad",
            "actions": any(item.kind == "execution_result" or item.reading.action for item in self.items),
            "pages": any(item.reading.url for item in self.items),
        }
        return " ".join(name for name, is_so in found.items() if is_so)

    @cached_property
    def tone(self) -> str:
        verdicts = [item.reading.success for item in self.items if item.reading.success is not None]
        if any(item.reading.failed for item in self.items):
            return "bad"
        if verdicts or any(item.kind == "agent_step_stop" for item in self.items):
            return "good"
        return "busy" if any(item.kind == "agent_step_start" for item in self.items) else "idle"

    @cached_property
    def texts(self) -> list[str]:
        """What the card shows in words."""
        found = [self.heading, self.actor.label if self.actor else ""]
        for item in self.items:
            told = item.reading
            found += [told.goal, told.evaluation, told.memory, told.summary, told.action, told.message, told.error]
            found += [told.url, told.title, told.answer]
        return [text for text in found if text]

    @property
    def weight(self) -> int:
        """About how many characters its texts are drawn with, escaped as they must be."""
        shown = [text[:SHOWN_TEXT] for text in self.texts]
        return sum(len(text) + 4 * sum(text.count(letter) for letter in "<>&'\"") for text in shown)

    @property
    def reasons(self) -> list[StepItem]:
        """Those items that tell what the agent thought."""
        return [item for item in self.items if item.reading.evaluation or item.reading.memory or item.reading.summary]


class Addresses(NamedTuple):
    """Where the picture of a step is, by its seq, and the raw data of a card, by its number."""

    screenshot: Callable[[int], str]
    raw: Callable[[int], str]


def cards(steps: Iterable[Step], addresses: Addresses, actors: Mapping[str, Actor] | None = None) -> list[StepCard]:
    """`actors` by the API's id of the agent; None on an agent's own page, where it goes without saying."""
    ordered = sorted(steps, key=lambda step: (step.number, step.seq))
    return [_card(number, list(group), addresses, actors) for number, group in groupby(ordered, key=lambda step: step.number)]


def _card(number: int, steps: list[Step], addresses: Addresses, actors: Mapping[str, Actor] | None) -> StepCard:
    readings = [read(step.payload) for step in steps]
    element_id = next((reading.element_id for reading in reversed(readings) if reading.element_id), "")
    items = [_item(step, reading, element_id, addresses) for step, reading in zip(steps, readings, strict=True)]
    if actors is None:
        return StepCard(number, items, addresses.raw(number))
    agent_id = next((reading.agent_id for reading in readings if reading.agent_id), "")
    by_agent = bool(agent_id) or any(reading.kind in {*MARKERS, "agent_completion"} for reading in readings)
    return StepCard(number, items, addresses.raw(number), actors.get(agent_id), by_agent)


def _item(step: Step, reading: Reading, element_id: str, addresses: Addresses) -> StepItem:
    picture = None
    if step.screenshot:
        size = (step.screenshot_width, step.screenshot_height)
        picture = ScreenshotView(addresses.screenshot(step.seq), *size, mark(step.payload, element_id, size))
    return StepItem(step.seq, step.position, reading, picture)
