"""What a page that shows many runs tells its feed."""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from notte_dashboard.realtime.sources import CLOCK

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Item:
    """Something that is sent again when it has changed: a fragment, or plain data. One message for each kind."""

    kind: str
    id: str
    html: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Two renderings that differ only in the server's clock are the same."""
        return CLOCK.sub("", self.html) if self.html else json.dumps(self.data, sort_keys=True)


class Part(Hashable, Protocol):
    """Equal parts are read once per look, whoever many pages show them; blocking."""

    BY_STEPS: ClassVar[bool]
    """Whether a run's next step changes it. Else it is read again when a run has another state, and by the clock."""

    def read(self, asked: frozenset[str]) -> Any:
        """`asked` is everything that any page wants of it."""


class Page(Hashable, Protocol):
    """Equal pages get the same messages."""

    @property
    def workspace_id(self) -> int: ...

    def parts(self) -> Mapping[Part, frozenset[str]]:
        """What it shows, and what it wants of each part."""

    def items(self, found: Mapping[Part, Any]) -> list[Item]:
        """From what was read; asks the database for nothing."""


@dataclass(frozen=True)
class Finding:
    """What reading a part gave."""

    asked: frozenset[str]
    value: Any


def look(pages: tuple[Page, ...], known: Mapping[Part, Finding]) -> dict[Part, Finding]:
    """One look at everything that these pages show, but for what is known."""
    wanted: dict[Part, frozenset[str]] = {}
    for page in pages:
        for part, asked in page.parts().items():
            wanted[part] = wanted.get(part, NOTHING) | asked
    found = {}
    for part, asked in wanted.items():
        before = known.get(part)
        found[part] = before if before and before.asked == asked else Finding(asked, part.read(asked))
    return found


def compose(pages: tuple[Page, ...], found: Mapping[Part, Finding]) -> dict[Page, list[Item]]:
    values = {part: finding.value for part, finding in found.items()}
    return {page: page.items(values) for page in pages}
