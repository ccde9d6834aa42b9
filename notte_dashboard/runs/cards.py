"""Stored steps as the timeline shows them: items, gathered into one card per step number."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from notte_dashboard.runs.models import Step
from notte_dashboard.runs.reading import KINDS, Reading, read

RAW_LIMIT = 30_000


@dataclass(frozen=True)
class ScreenshotView:
    url: str
    width: int
    height: int

    @property
    def small_url(self) -> str:
        return f"{self.url}?small"


@dataclass(frozen=True)
class StepItem:
    seq: int
    reading: Reading
    raw: str
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

    @property
    def started_at(self) -> datetime | None:
        return min((item.reading.started_at for item in self.items if item.reading.started_at), default=None)

    @property
    def ended_at(self) -> datetime | None:
        return max((item.reading.ended_at for item in self.items if item.reading.ended_at), default=None)

    @property
    def duration(self) -> timedelta | None:
        """None while it goes on: what has ended of it says nothing about the rest."""
        if self.tone == "busy":
            return None
        start, end = self.started_at, self.ended_at
        return end - start if start and end and end >= start else None

    @property
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
    def tone(self) -> str:
        verdicts = [item.reading.success for item in self.items if item.reading.success is not None]
        if False in verdicts or any(item.reading.error for item in self.items):
            return "bad"
        if verdicts or any(item.kind == "agent_step_stop" for item in self.items):
            return "good"
        return "busy" if any(item.kind == "agent_step_start" for item in self.items) else "idle"


def cards(steps: Iterable[Step], screenshot_url: Callable[[int], str]) -> list[StepCard]:
    """`screenshot_url` answers the address of a step's picture by seq."""
    return [
        StepCard(number, [_item(step, screenshot_url) for step in group])
        for number, group in groupby(sorted(steps, key=lambda step: (step.number, step.seq)), key=lambda step: step.number)
    ]


def _item(step: Step, screenshot_url: Callable[[int], str]) -> StepItem:
    raw = json.dumps(step.payload, indent=2, ensure_ascii=False)
    picture = ScreenshotView(screenshot_url(step.seq), step.screenshot_width, step.screenshot_height) if step.screenshot else None
    return StepItem(step.seq, read(step.payload), raw if len(raw) <= RAW_LIMIT else f"{raw[:RAW_LIMIT]}\n…", picture)
