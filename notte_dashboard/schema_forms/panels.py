"""One choice, and the controls that belong to what was chosen. Those of the other choices stay, hidden, with what was typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from notte_dashboard.schema_forms.controls import Composite, Control, Entry, Flawed, Place, assembled, found_among
from notte_dashboard.schema_forms.errors import Loc, unknown
from notte_dashboard.schema_forms.messages import flaws
from notte_dashboard.schema_forms.naming import is_entry
from notte_dashboard.schema_forms.specs import UNSET, FieldSpec

if TYPE_CHECKING:
    from notte_dashboard.schema_forms.form import SchemaForm

OTHER = object()
"""Not one of the fixed values, not one of the known objects."""


@dataclass(frozen=True)
class Panel:
    number: int
    title: str
    entries: Sequence[Entry]


class Panels(Composite):
    template = "partials/rows/panels.html"

    def __init__(
        self, form: "SchemaForm", spec: FieldSpec, name: str, choice: Control, panels: Sequence[Panel], opens: Mapping[Any, int]
    ) -> None:  # fmt: skip
        super().__init__(form, spec, name)
        self.choice, self.panels, self.opens = choice, panels, opens

    @property
    def is_bare(self) -> bool:
        """Whether something around it has its title already."""
        return is_entry(self.spec)

    @property
    def can_be_json(self) -> bool:
        return self.spec in self.form.kit.json_fields and not self.spec.open_ended

    @property
    def help_id(self) -> str:
        return f"{self.id}_set_helptext"

    def own(self) -> Sequence[Control]:
        return [self.choice]

    @property
    def anchor(self) -> Control:
        return self.choice

    def inside(self) -> Sequence[Entry]:
        return [entry for panel in self.panels for entry in panel.entries]

    @property
    def chosen(self) -> Any:
        """As the choice reads now, before anything is cleaned; UNSET when it cannot be read."""
        return self.choice.field.reading(self.choice.text)

    def read_now(self) -> Sequence[Entry]:
        number = self.opens.get(self.chosen, 0)
        return next((panel.entries for panel in self.panels if panel.number == number), ())

    @property
    def is_set(self) -> bool:
        return self.choice.is_set


class Either(Panels):
    """Some fixed values (mostly: on and off), or something of its own."""

    @property
    def is_bare(self) -> bool:
        return True

    @property
    def item(self) -> Entry:
        return self.panels[0].entries[0]

    def read(self) -> Any:
        value = self.choice.read()
        return self.item.read() if value is OTHER else value

    def find(self, loc: Loc) -> Place:
        return self.item.find(loc) if self.chosen is OTHER else Place(self.choice, missing=unknown(loc))


class Variants(Panels):
    """Objects told apart by a tag; with `open_ended`, any other object as JSON."""

    def read(self) -> Any:
        tag = self.choice.read()
        if tag is OTHER:
            return self.read_now()[0].read()
        if tag is UNSET:
            return {} if self.choice.required or is_entry(self.spec) else UNSET
        return {self.spec.tag: tag, **dict(assembled(self.read_now()))}

    def check(self) -> Flawed:
        yield from super().check()
        tag = self.choice.read()
        validator = self.form.guides.get((self.spec, tag)) if tag is not UNSET else None
        for flaw in flaws(validator, self.read()) if validator else ():
            yield self.find(flaw.path).control, flaw.sentence

    def find(self, loc: Loc) -> Place:
        if self.chosen is OTHER:
            return self.read_now()[0].find(loc)
        after_tag = loc[1:] if len(loc) > 1 and loc[0] == self.chosen else ()
        if place := found_among(self.read_now(), after_tag) or found_among(self.read_now(), loc):
            return place
        about_tag = self.spec.tag in loc or (loc and loc[-1] == self.chosen)
        return Place(self.choice, missing="" if about_tag else unknown(loc))


def numbered(titles_and_entries: Sequence[tuple[str, Sequence[Entry]]]) -> Iterator[Panel]:
    for number, (title, entries) in enumerate(titles_and_entries, 1):
        yield Panel(number, title, entries)
