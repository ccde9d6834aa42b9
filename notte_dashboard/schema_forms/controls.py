"""What a template draws: one control, or what is made of several. See `Entry` for what all of them can do."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString

from notte_dashboard.schema_forms import labels
from notte_dashboard.schema_forms.errors import Loc
from notte_dashboard.schema_forms.fields import SchemaField, TextField
from notte_dashboard.schema_forms.json_fields import JsonField, LinesField
from notte_dashboard.schema_forms.specs import UNSET, FieldSpec
from notte_dashboard.schema_forms.typed import AS_JSON

if TYPE_CHECKING:
    from notte_dashboard.schema_forms.form import SchemaForm

Flawed = Iterator[tuple["Control", str]]


class Place(NamedTuple):
    """The control to blame, where inside its value, and which property is meant if that has no control."""

    control: "Control"
    inside: Loc = ()
    missing: str = ""


class Entry(Protocol):
    """A property of the request, as far as this form has come with it."""

    spec: FieldSpec
    name: str
    is_fieldset: bool

    @property
    def template(self) -> str:
        """Draws it, as `field`."""

    @property
    def has_errors(self) -> bool: ...
    @property
    def is_set(self) -> bool: ...
    def inside(self) -> Sequence["Entry"]:
        """The entries it is made of, hidden ones too."""

    def controls(self) -> Iterator["Control"]:
        """Its own and those inside it, hidden ones too."""

    def live(self) -> Iterator["Control"]:
        """Those that are read: not the ones of a choice that was not made."""

    def read(self) -> Any:
        """The JSON value, or UNSET."""

    def check(self) -> Flawed:
        """What is wrong with the controls together, whatever the contract says."""

    def find(self, loc: Loc) -> Place:
        """The control that this place inside the value speaks of. Names of a union's members, which the API puts in between, are
        passed over.
        """


class Control(BoundField):
    is_fieldset = False
    field: SchemaField
    form: "SchemaForm"

    def __init__(
        self, form: "SchemaForm", field: SchemaField, name: str, text: str, *, trail: str = "", firm: bool = False,
        as_json: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(form, field, name)
        self.spec, self.text, self.as_json = field.spec, text, as_json
        self.full_label = f"{trail}: {self.label}" if trail else str(self.label)
        self.required = field.required or (firm and field.spec.required and not field.spec.nullable)

    def value(self) -> str:
        return self.form.text_of(self)

    @property
    def template(self) -> str:
        is_tick = isinstance(self.field.widget, forms.CheckboxInput)
        return "partials/rows/tick.html" if is_tick else "partials/rows/control.html"

    @property
    def untouched(self) -> str:
        return self.form.untouched(self)

    @property
    def has_remarks(self) -> bool:
        return self.as_json or self.has_errors or self.exclusion is not None

    @property
    def is_secret(self) -> bool:
        return isinstance(self.field, TextField) and self.field.is_secret

    @property
    def holds_lines(self) -> bool:
        return isinstance(self.field, LinesField)

    @property
    def holds_json(self) -> bool:
        return isinstance(self.field, JsonField)

    @property
    def help_id(self) -> str:
        return f"{self.auto_id}_helptext"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_error"

    @property
    def marker(self) -> str:
        """The name of the mark that makes the text JSON. A control that stands for several needs none."""
        return f"{self.html_name}{AS_JSON}" if self.as_json and not self.stands_for_fields else ""

    @property
    def stands_for_fields(self) -> bool:
        return self.as_json and bool(self.spec.parts or self.spec.item or self.spec.members)

    @property
    def excluded_by(self) -> str:
        return self.form.excluded_by(self.name)

    @property
    def exclusion(self) -> Any:
        return self.form.exclusion_at(self.name)

    @property
    def presets(self) -> Any:
        return self.form.presets_before(self.name)

    @property
    def has_errors(self) -> bool:
        return self.name in self.form.errors

    @property
    def is_set(self) -> bool:
        return bool(self.text)

    def inside(self) -> Sequence[Entry]:
        return ()

    def controls(self) -> Iterator["Control"]:
        yield self

    def live(self) -> Iterator["Control"]:
        yield self

    def read(self) -> Any:
        return self.form.cleaned_data.get(self.name, UNSET)

    def check(self) -> Flawed:
        yield from ()

    def find(self, loc: Loc) -> Place:
        return Place(self, tuple(loc))

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        found = super().build_widget_attrs(attrs, widget)
        if self.has_errors:
            found["class"] = f"{(widget or self.field.widget).attrs.get('class', '')} is-invalid"
        if self.form.focus:
            found["autofocus"] = self.form.focus == self.name
        return found


class Composite(ABC):
    """What is common to entries that are made of others."""

    is_fieldset = True
    template: str

    def __init__(self, form: "SchemaForm", spec: FieldSpec, name: str) -> None:
        hint = form.layout.hint(spec)
        self.form, self.spec, self.name, self.hint = form, spec, name, hint
        self.html_name = form.add_prefix(name)
        self.id = f"id_{self.html_name}"
        self.label = self.legend = hint.label or labels.label(spec)
        self.help_text: SafeString = escape(hint.help or labels.help_text(spec))
        self.required = spec.required and not spec.nullable

    @property
    def field(self) -> "Composite":
        """So that a template may ask `entry.field.is_fieldset` of either."""
        return self

    @property
    def untouched(self) -> str:
        return self.form.untouched(self)

    @property
    def excluded_by(self) -> str:
        return self.form.excluded_by(self.name)

    @property
    def help_id(self) -> str:
        return f"{self.id}_helptext"

    @abstractmethod
    def inside(self) -> Sequence[Entry]: ...
    @abstractmethod
    def read(self) -> Any: ...
    @abstractmethod
    def find(self, loc: Loc) -> Place: ...

    def own(self) -> Sequence[Control]:
        return ()

    def read_now(self) -> Sequence[Entry]:
        """The entries that count, of those inside."""
        return self.inside()

    @property
    def has_errors(self) -> bool:
        return any(entry.has_errors for entry in (*self.own(), *self.read_now()))

    @property
    def is_set(self) -> bool:
        return any(entry.is_set for entry in (*self.own(), *self.read_now()))

    def controls(self) -> Iterator[Control]:
        yield from self.own()
        for entry in self.inside():
            yield from entry.controls()

    def live(self) -> Iterator[Control]:
        yield from self.own()
        for entry in self.read_now():
            yield from entry.live()

    def check(self) -> Flawed:
        for entry in self.read_now():
            yield from entry.check()

    def __str__(self) -> str:
        return render_to_string(self.template, {"field": self})

    __html__ = __str__


def assembled(entries: Sequence[Entry]) -> Iterator[tuple[str, Any]]:
    for entry in entries:
        value = entry.read()
        if value is not UNSET:
            yield entry.spec.key, value
        elif entry.spec.required and entry.spec.nullable:
            yield entry.spec.key, None


def found_among(entries: Sequence[Entry], loc: Loc) -> Place | None:
    for start, part in enumerate(loc):
        for entry in entries:
            if entry.spec.key == part:
                return entry.find(loc[start + 1 :])
    return None
