"""What the walk over a schema finds: one FieldSpec per property, whatever draws it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final

ENTRY = "[]"
VALUE = "*"


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
    OBJECT = "object"
    ROWS = "rows"  # a list
    PAIRS = "pairs"  # a map
    VARIANTS = "variants"  # objects told apart by a tag
    EITHER = "either"  # some fixed values, or something of its own
    JSON_SCHEMA = "json_schema"  # by a layout hint: JSON that describes JSON
    JSON = "json"  # every construct nobody foresaw


@dataclass(frozen=True, eq=False)
class Member:
    """One kind of object in a union, and the tags that mean it."""

    tags: tuple[Any, ...]
    title: str
    parts: tuple["FieldSpec", ...]
    """Without the tag itself."""
    schema: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class FieldSpec:
    path: tuple[str, ...]
    """Names of properties; "[]" is any entry of a list, "*" any value of a map."""
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
    parts: tuple["FieldSpec", ...] = ()
    item: "FieldSpec | None" = None
    """Of a list its entries, of a map its values, of an either what is not one of the fixed values."""
    tag: str = ""
    members: tuple[Member, ...] = ()
    open_ended: bool = False
    """A union that takes other objects too."""

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


def everything(specs: Iterable[FieldSpec]) -> Iterator[FieldSpec]:
    """These and all inside them."""
    for spec in specs:
        yield spec
        yield from everything(spec.parts)
        yield from everything([spec.item] if spec.item else [])
        for member in spec.members:
            yield from everything(member.parts)
