"""What a feed has to tell: the newest state and the last steps, each encoded once, whoever many sockets get it."""

import json
from typing import Any

from notte_dashboard.realtime.sources import Batch, Snapshot

BEAT = 10.0
"""Seconds a socket may hear nothing before it is told that there is nothing. The browser takes a longer silence for a cut."""
RECENT = 64
TEXTS = 8
"""Encoded differences that are kept: sockets that keep up share one, and those that come together share another."""


def encoded(message: dict[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"))


END, STILL_THERE = encoded({"kind": "end"}), encoded({"kind": "beat"})


def steps_text(batch: Batch) -> str:
    return encoded({"kind": "steps", "from": batch.first, "to": batch.last, "html": batch.html})


class News:
    def __init__(self) -> None:
        self.state = Snapshot(0, over=False, fragments=[])
        self.revision = 0
        """Rises with each state that shows something else. A socket remembers the one it has."""
        self.steps: dict[int, tuple[int, str]] = {}
        """The last batches: first seq -> last seq, message."""
        self.last_seq = 0
        self._newest = 0
        self._seen: dict[str, tuple[str, int]] = {}
        self._differences: dict[int, str] = {}

    @property
    def position(self) -> int:
        """What a feed has told itself; what came before it opened is for those who catch up."""
        return self._newest or self.state.last_seq

    def take_steps(self, batch: Batch) -> None:
        self._newest = batch.last
        self.last_seq = max(self.last_seq, batch.last)
        self.steps[batch.first] = batch.last, steps_text(batch)
        if len(self.steps) > RECENT:
            del self.steps[next(iter(self.steps))]

    def take_state(self, state: Snapshot) -> None:
        self.state = state
        self.last_seq = max(self._newest, state.last_seq)
        changed = [each for each in state.fragments if self._seen.get(each.id, ("",))[0] != each.key]
        if changed:
            self.revision += 1
            self._seen |= {each.id: (each.key, self.revision) for each in changed}
        self._differences.clear()

    def changes_since(self, revision: int) -> str:
        """The fragments that became different after that revision; empty when those are gone again."""
        if revision not in self._differences:
            if len(self._differences) == TEXTS:
                self._differences.clear()
            fragments = [{"id": each.id, "html": each.html} for each in self.state.fragments if self._seen[each.id][1] > revision]
            self._differences[revision] = encoded({"kind": "state", "fragments": fragments}) if fragments else ""
        return self._differences[revision]
