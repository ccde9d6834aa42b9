"""Nested objects."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from notte_dashboard.schema_forms.controls import Composite, Control, Entry, Place, assembled, found_among
from notte_dashboard.schema_forms.errors import Loc, unknown
from notte_dashboard.schema_forms.naming import is_entry
from notte_dashboard.schema_forms.specs import UNSET, FieldSpec

if TYPE_CHECKING:
    from notte_dashboard.schema_forms.form import SchemaForm


class Fieldset(Composite):
    """A nested object. Its errors are at its subfields; leaving all of them empty leaves the object out."""

    template = "partials/rows/fieldset.html"

    def __init__(
        self, form: "SchemaForm", spec: FieldSpec, name: str, subfields: list[Entry], presence: Control | None, *, firm: bool
    ) -> None:
        super().__init__(form, spec, name)
        self.subfields, self.presence, self.firm = subfields, presence, firm

    def inside(self) -> Sequence[Entry]:
        return self.subfields

    def own(self) -> Sequence[Control]:
        return [self.presence] if self.presence else []

    @property
    def in_row(self) -> bool:
        """The row has the title already."""
        return is_entry(self.spec)

    def read(self) -> Any:
        if any(part.read() is not UNSET for part in self.subfields) or self.firm or (self.presence and self.presence.read()):
            return dict(assembled(self.subfields))
        return UNSET

    def find(self, loc: Loc) -> Place:
        return found_among(self.subfields, loc) or Place(next(self.controls()), missing=unknown(loc))
