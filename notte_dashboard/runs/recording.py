"""From the API's `steps` list to rows: only new positions, gapless seq, pictures moved out, one transaction under the fence."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from notte_dashboard.runs import screenshots
from notte_dashboard.runs.glance import Growing
from notte_dashboard.runs.models import Run, Step
from notte_dashboard.runs.reading import Reading, kind_of, read, screenshot_places
from notte_dashboard.runs.states import State, transition
from notte_dashboard.runs.storable import clean, storable

PAYLOAD_LIMIT = 256 * 1024
ITEMS_PER_NUMBER = 60
"""A card of the timeline is drawn and sent whole, so whatever an API calls one step must have an end."""


@dataclass(frozen=True)
class Stored:
    """What writing an answer did: something a page shows changed; the run is over."""

    changed: bool
    over: bool


class FencedError(Exception):
    """Another watch has taken this run over: nothing was written."""


def record_steps(run: Run, step_model: type[Step], items: Sequence[Any], **changes: Any) -> list[Step]:
    """Append the items after `run.last_position`; `run` is updated in place. Raises FencedError.

    `changes` are further columns of the run, written in the same UPDATE. Asking again with the same list writes no step.
    """
    fresh = [_row(run, step_model, position, item) for position, item in enumerate(items) if position > run.last_position]
    last = _Last(run)
    for row in fresh:
        last.take(row)
    columns = changes | last.columns()
    stored_at = timezone.now()  # pictures of the rows have been kept until now
    for row in fresh:
        row.stored_at = stored_at
    with transaction.atomic():
        if type(run).objects.filter(pk=run.pk, fence=run.fence).update(**columns) != 1:
            raise FencedError(f"{run} is watched by a newer lease")
        step_model.objects.bulk_create(fresh)
    for name, value in columns.items():
        setattr(run, name, value)
    return fresh


def _row(run: Run, step_model: type[Step], position: int, item: Any) -> Step:
    payload = clean(item) if isinstance(item, dict) else {"type": "unknown", "value": {"value": clean(item)}}
    digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
    payload, picture = _without_pictures(payload)
    payload = _bounded(payload, digest)
    seen = read(payload)
    row: Any = step_model
    return row(  # type: ignore[no-any-return]  # the abstract step has no `run` yet
        run=run,
        position=position,
        kind=kind_of(payload),
        payload=payload,
        started_at=seen.started_at,
        ended_at=seen.ended_at,
        failed=seen.failed,
        screenshot=picture.name if picture else "",
        screenshot_width=picture.width if picture else 0,
        screenshot_height=picture.height if picture else 0,
        content_hash=digest,
    )


def _without_pictures(payload: dict[str, Any]) -> tuple[dict[str, Any], screenshots.Screenshot | None]:
    picture = None
    for owner, key in screenshot_places(payload):
        kept = screenshots.keep(owner[key])
        if kept:
            picture = picture or kept
            owner[key] = {"$screenshot": kept.name}
    return payload, picture


def _bounded(payload: dict[str, Any], digest: str) -> dict[str, Any]:
    size = len(json.dumps(payload))
    if size <= PAYLOAD_LIMIT:
        return payload
    return {"type": kind_of(payload), "value": {"truncated": True, "size": size, "sha256": digest}}


class _Last:
    """The counters of a run while new rows are numbered."""

    def __init__(self, run: Run) -> None:
        self.seq, self.position, self.number = run.last_seq, run.last_position, run.last_number
        self.url, self.title = run.last_url, run.last_title
        self.glance = Growing(run)
        self.open, self.began = run.open_step, run.number_seq
        self.tabs, self.first_error = run.last_tabs, run.first_error

    def take(self, row: Step) -> None:
        seen = read(row.payload)
        before = self.number
        self.seq, self.position = self.seq + 1, row.position
        self._count(seen)
        self.began = self.began if self.number == before else self.seq
        row.seq, row.number = self.seq, max(self.number, 1)
        self.glance.take(seen, self.seq, self.url, picture=bool(row.screenshot))
        self.url, self.title = seen.url or self.url, seen.title or self.title
        self.tabs = list(seen.tabs) or self.tabs
        self.first_error = self.first_error or (row.number if row.failed else 0)

    def _count(self, seen: Reading) -> None:
        """A marked step is one number; without markers each completion, and each action by hand, is one."""
        if seen.kind == "agent_step_start":
            self.number, self.open = self.number + 1, True
        elif seen.kind == "agent_step_stop":
            self.open = False
        elif not self.open and seen.kind in {"agent_completion", "execution_result"}:
            self.number += 1
        elif self.seq - self.began >= ITEMS_PER_NUMBER:
            self.number = max(self.number, 1) + 1

    def columns(self) -> dict[str, Any]:
        return self.glance.columns() | {
            "last_seq": self.seq,
            "last_position": self.position,
            "last_number": self.number,
            "last_url": self.url,
            "last_title": self.title,
            "last_tabs": self.tabs,
            "number_seq": self.began,
            "first_error": self.first_error,
            "open_step": self.open,
        }


def record_answer(
    run: Run,
    step_model: type[Step],
    items: Sequence[Any],
    columns: dict[str, Any],
    end: State | None,
    ended_at: datetime | None,
) -> Stored:
    """One look at the API as one transaction: new steps, columns, and the end if it came. Raises FencedError."""
    columns = storable(type(run), columns)
    before = {name: getattr(run, name) for name in columns}
    columns = columns | {"seen_at": timezone.now(), "stale_since": None, "misses": 0}
    recovered = run.stale_since is not None
    if recovered:
        columns |= {"problem": "", "problem_detail": ""}
    with transaction.atomic():
        fresh = record_steps(run, step_model, items, **columns)
        over = end is not None and transition(
            run, end, fence=run.fence, ended_at=ended_at or timezone.now(), problem="", problem_detail=""
        )
    if over and end:
        run.state = end
    changed = bool(fresh) or over or recovered or _is_news(before, columns)
    return Stored(changed=changed, over=end is not None)


def _is_news(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """A duration that grows with every answer is no reason to wake every page."""
    return any(_without_duration(before[name]) != _without_duration(after[name]) for name in before if name != "remote_duration")


def _without_duration(value: Any) -> Any:
    return {name: part for name, part in value.items() if name != "duration"} if isinstance(value, dict) else value
