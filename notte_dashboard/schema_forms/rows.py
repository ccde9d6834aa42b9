"""Lists and maps: rows that are added and taken away."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from notte_dashboard.schema_forms.controls import Composite, Control, Entry, Flawed, Place
from notte_dashboard.schema_forms.errors import Loc, unknown
from notte_dashboard.schema_forms.messages import REQUIRED
from notte_dashboard.schema_forms.specs import UNSET, FieldSpec, Kind

if TYPE_CHECKING:
    from notte_dashboard.schema_forms.form import SchemaForm

MOST_ROWS = 200
TWICE = "This name is there twice."
KEY = "[key]"
BLANK = re.compile(r"__[0-9]+__")


@dataclass(frozen=True)
class Row:
    name: str
    html_name: str
    number: int
    title: str
    """What an entry of this list is called."""
    entries: Sequence[Entry]
    style: str
    """line: one control; pair: a name and its value; card: several controls."""
    marker: str = ""
    """Sent to say that the row is there, where its controls may all be empty."""

    @property
    def css(self) -> str:
        return f"row-{self.style}"

    @property
    def is_set(self) -> bool:
        return any(entry.is_set for entry in self.entries)

    @property
    def is_described(self) -> bool:
        """Whether anything was typed: a choice is made from the start."""
        return any(control.is_set for entry in self.entries for control in entry.controls() if control.spec.kind is Kind.TEXT)


class Rows(Composite):
    """A list. Rows whose only control is empty are passed over."""

    template = "partials/rows/rows.html"

    def __init__(
        self, form: "SchemaForm", spec: FieldSpec, name: str, rows: list[Row], anchor: Control, *, firm: bool = False
    ) -> None:
        super().__init__(form, spec, name)
        self.rows, self.anchor, self.firm = rows, anchor, firm
        self.entry_title = self.hint.entry or "Entry"
        self.stands_alone = anchor.spec is spec
        self.can_be_json = anchor.spec.kind is not Kind.JSON_SCHEMA

    @property
    def next_index(self) -> int:
        return max((int(row.name.rpartition("-")[2]) for row in self.rows), default=-1) + 1

    @property
    def level(self) -> str:
        """Stands for the number of a row in the names of a blank one; lists inside lists have their own."""
        return f"__{len(BLANK.findall(self.name))}__"

    @property
    def described_by(self) -> str:
        return self.anchor.aria_describedby or ""

    @property
    def in_pairs(self) -> bool:
        return any(row.style == "pair" for row in self.rows)

    @property
    def focus_here(self) -> bool:
        return bool(self.form.focus) and self.form.focus == self.name

    @cached_property
    def blank_row(self) -> SafeString:
        """What a script copies for another row."""
        return self.form.blank_row(self)

    def inside(self) -> Sequence[Entry]:
        return [entry for row in self.rows for entry in row.entries]

    def controls(self) -> Iterator[Control]:
        if self.stands_alone:
            yield self.anchor
        yield from super().controls()

    @property
    def errors(self) -> Any:
        return self.anchor.errors if self.stands_alone else ()

    @property
    def has_errors(self) -> bool:
        return super().has_errors or (self.stands_alone and self.anchor.has_errors)

    @property
    def is_set(self) -> bool:
        return super().is_set or any(row.style == "card" for row in self.rows)

    @property
    def sent(self) -> list[Row]:
        return [row for row in self.rows if row.entries[0].read() is not UNSET]

    def read(self) -> Any:
        values = [row.entries[0].read() for row in self.sent]
        return values if values or self.firm else UNSET

    def find(self, loc: Loc) -> Place:
        sent = self.sent
        for start, part in enumerate(loc):
            if isinstance(part, int) and 0 <= part < len(sent):
                return sent[part].entries[0].find(loc[start + 1 :])
        return Place(self.anchor, missing=unknown(loc))


class Pairs(Rows):
    """A map. A row without a name and without a value is passed over."""

    def check(self) -> Flawed:
        seen: set[str] = set()
        for row in self.rows:
            name, value = row.entries
            assert isinstance(name, Control)
            key = name.read()
            if key is UNSET and value.read() is not UNSET:
                yield name, REQUIRED
            elif key in seen:
                yield name, TWICE
            elif key is not UNSET and self._value(row) is UNSET:
                yield next(value.controls()), REQUIRED
            seen |= {key} if key is not UNSET else set()
        yield from super().check()

    @property
    def sent(self) -> list[Row]:
        return [row for row in self.rows if row.entries[0].read() is not UNSET and self._value(row) is not UNSET]

    def _value(self, row: Row) -> Any:
        """Text that is left empty is an empty text: a name alone says enough."""
        entry = row.entries[1]
        value = entry.read()
        left_empty = value is UNSET and isinstance(entry, Control) and not entry.text
        return "" if left_empty and entry.spec.kind in {Kind.TEXT, Kind.SUGGEST} else value

    def read(self) -> Any:
        values = {row.entries[0].read(): self._value(row) for row in self.sent}
        return values if values or self.firm else UNSET

    def find(self, loc: Loc) -> Place:
        rows = {row.entries[0].read(): row for row in self.sent}
        for start, part in enumerate(loc):
            if isinstance(part, str) and part in rows:
                name, value = rows[part].entries
                rest = loc[start + 1 :]
                return name.find(()) if KEY in rest else value.find(rest)
        return Place(self.anchor)


def drawn_row(row: Row) -> SafeString:
    return render_to_string("partials/rows/row.html", {"row": row})
