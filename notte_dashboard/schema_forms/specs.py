"""What the walk over a schema finds: one FieldSpec per property, whatever draws it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Final


class Unset(Enum):
    """Not set is not null, false, 0 or "": those four can be sent."""

    UNSET = "unset"

    def __bool__(self) -> bool:
        return False


UNSET: Final = Unset.UNSET


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"  # enum, const and boolean
    SUGGEST = "suggest"  # these values, or any other text
    LINES = "lines"
    OBJECT = "object"
    JSON = "json"  # unions, maps, and every construct nobody foresaw


@dataclass(frozen=True, eq=False)
class FieldSpec:
    path: tuple[str, ...]
    kind: Kind
    required: bool
    title: str
    description: str
    schema: Mapping[str, Any]
    """Resolved, with null taken out of unions."""
    nullable: bool = False
    default: Any = UNSET
    """Null as a default is the same as none."""
    values: tuple[Any, ...] = ()
    parts: tuple["FieldSpec", ...] = field(default=())

    @property
    def name(self) -> str:
        return "-".join(self.path)

    @property
    def key(self) -> str:
        return self.path[-1]


def leaves(specs: Iterable[FieldSpec]) -> Iterator[FieldSpec]:
    """Every spec that has a control of its own, in the schema's order."""
    for spec in specs:
        if spec.kind is Kind.OBJECT:
            yield from leaves(spec.parts)
        else:
            yield spec
