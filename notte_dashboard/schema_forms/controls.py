"""What a template draws: one control, or a fieldset of them."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import escape
from django.utils.safestring import SafeString

from notte_dashboard.schema_forms import labels
from notte_dashboard.schema_forms.specs import FieldSpec

if TYPE_CHECKING:
    from notte_dashboard.schema_forms.form import SchemaForm


class Control(BoundField):
    is_fieldset = False

    @property
    def help_id(self) -> str:
        return f"{self.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_error"

    @property
    def has_errors(self) -> bool:
        return bool(self.errors)

    @property
    def is_set(self) -> bool:
        return bool(self.value())

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        found = super().build_widget_attrs(attrs, widget)
        if self.errors:
            found["class"] = f"{(widget or self.field.widget).attrs.get('class', '')} is-invalid"
        return found


class Fieldset:
    """A nested object. Its errors are at its subfields; leaving all of them empty leaves the object out."""

    is_fieldset = True

    def __init__(self, form: "SchemaForm", spec: FieldSpec, subfields: list["Control | Fieldset"]) -> None:
        hint = form.layout.hints.get(spec.name)
        self.form, self.spec, self.subfields = form, spec, subfields
        self.name, self.html_name = spec.name, form.add_prefix(spec.name)
        self.id = f"id_{self.html_name}"
        self.legend = (hint and hint.label) or labels.label(spec)
        self.help_text: SafeString = escape((hint and hint.help) or labels.help_text(spec))

    @property
    def field(self) -> "Fieldset":
        """So that a template may ask `entry.field.is_fieldset` of either."""
        return self

    @property
    def has_errors(self) -> bool:
        return any(entry.has_errors for entry in self.subfields)

    @property
    def is_set(self) -> bool:
        return any(entry.is_set for entry in self.subfields)
