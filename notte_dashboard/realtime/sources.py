"""What an app tells the hub about its pages."""

import re
from dataclasses import dataclass
from typing import Protocol

CLOCK = re.compile(r'data-now="[^"]*"')


@dataclass(frozen=True)
class Batch:
    """Cards that hold the steps `first`..`last`, ready to send."""

    first: int
    last: int
    html: str


@dataclass(frozen=True)
class Fragment:
    id: str
    html: str

    @property
    def key(self) -> str:
        """Two renderings that differ only in the server's clock are the same."""
        return CLOCK.sub("", self.html)


@dataclass(frozen=True)
class Snapshot:
    last_seq: int
    over: bool
    fragments: list[Fragment]


class Source(Protocol):
    """Blocking reads of one run; called in the hub's database threads."""

    group: str
    workspace_id: int
    can_operate: bool
    """Set by the consumer: operators see buttons that reviewers don't."""

    def snapshot(self, *, viewed: bool) -> Snapshot:
        """The run's state as fragments; `viewed` also notes that somebody is looking."""

    def batch(self, after: int) -> Batch | None:
        """The next page of steps after that seq, bounded; None when there is none."""
