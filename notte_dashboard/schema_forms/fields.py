"""One Django field per kind. They read text into a JSON value and write it back; the schema's validator judges the value."""

import json
import math
import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape

from notte_dashboard.schema_forms import json_text, labels
from notte_dashboard.schema_forms.layouts import Hint
from notte_dashboard.schema_forms.secrets import SECRET_NAME
from notte_dashboard.schema_forms.specs import UNSET, FieldSpec, Kind
from notte_dashboard.schema_forms.widgets import AreaInput, LineInput, NumberLine, SecretInput

WHOLE = re.compile(r"-?[0-9]+", re.ASCII)
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
LONGEST_LINE = 4_000
LONGEST_DIGITS = 300


class SchemaField(forms.Field):
    """Cleans to a JSON value, or to UNSET when nothing was typed."""

    longest: ClassVar[int] = LONGEST_LINE

    def __init__(self, spec: FieldSpec, hint: Hint, widget: forms.Widget | None = None) -> None:
        self.spec, self.hint = spec, hint
        super().__init__(
            required=spec.required and not spec.nullable and len(spec.path) == 1,
            label=hint.label or labels.label(spec),
            # Escaped here: stock templates print help text unescaped, and these words come from a document fetched elsewhere.
            help_text=escape(hint.help or labels.help_text(spec)),
            widget=widget or self.control(),
        )

    def control(self) -> forms.Widget:
        return LineInput(**self.attrs())

    def attrs(self) -> dict[str, Any]:
        placeholder = self.hint.placeholder or labels.example(self.spec)
        found: dict[str, Any] = {"placeholder": placeholder} if placeholder else {}
        if self.hint.inputmode:
            found["inputmode"] = self.hint.inputmode
        return {**found, "autofocus": True} if self.hint.autofocus else found

    def to_python(self, value: Any) -> Any:
        text = self.trimmed(str(value if value is not None else "").replace("\r\n", "\n").replace("\r", "\n"))
        if not text:
            return UNSET
        if reason := json_text.unportable(text):
            raise ValidationError(reason, code="unportable")
        longest = self.hint.max_length or self.longest
        if len(text) > longest:
            raise ValidationError(f"At most {longest:,} characters; these are {len(text):,}.", code="max_length")
        return self.read(text)

    def trimmed(self, text: str) -> str:
        return text.strip()

    def validate(self, value: Any) -> None:
        if value is UNSET and self.required:
            raise ValidationError("This field is required.", code="required")

    def read(self, text: str) -> Any:
        return text

    def write(self, value: Any) -> str:
        """The text that reads as this value; a value of another type is shown as JSON, for the person to correct."""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def reading(self, text: str) -> Any:
        """What this text would be cleaned to; UNSET when it cannot be."""
        try:
            return self.to_python(text)
        except ValidationError:
            return UNSET

    def spelled(self, value: Any) -> str | None:
        """The text for this value, if it reads as exactly this value again."""
        text = self.write(value)
        try:
            again = self.to_python(text)
        except ValidationError:
            return None
        return text if same(again, value) else None


class TextField(SchemaField):
    @property
    def is_secret(self) -> bool:
        schema = self.spec.schema
        if self.spec.kind is not Kind.TEXT:
            return False
        return bool(schema.get("format") == "password" or schema.get("writeOnly") or SECRET_NAME.search(self.spec.key))

    def trimmed(self, text: str) -> str:
        """A blank belongs to a password; around anything else it is a slip of copying."""
        return text if self.is_secret and text.strip() else text.strip()

    def control(self) -> forms.Widget:
        if self.is_secret:
            return SecretInput(**self.attrs())
        if self.hint.rows:
            return AreaInput(rows=self.hint.rows, **self.attrs())
        kinds = {"uri": "url", "email": "email", "date-time": "text"}
        kind = kinds.get(str(self.spec.schema.get("format")), "text")
        control = LineInput(suggestions=((str(value), "") for value in self.spec.values), **self.attrs())
        control.input_type = kind
        return control

    def attrs(self) -> dict[str, Any]:
        example = {"date-time": "2026-01-31T12:00:00Z", "uri": "https://"}.get(str(self.spec.schema.get("format")), "")
        return {**({"placeholder": example} if example else {}), **super().attrs()}


class WholeNumberField(SchemaField):
    longest = LONGEST_DIGITS

    def control(self) -> forms.Widget:
        return NumberLine(**self.attrs())

    def attrs(self) -> dict[str, Any]:
        schema = self.spec.schema
        low = _tightest([schema.get("minimum")], [schema.get("exclusiveMinimum")], up=True)
        high = _tightest([schema.get("maximum")], [schema.get("exclusiveMaximum")], up=False)
        return {**_bounds(low, high, schema.get("multipleOf"), step=1), **super().attrs()}

    def read(self, text: str) -> Any:
        if not WHOLE.fullmatch(text):
            raise ValidationError("Enter a whole number.", code="invalid")
        return int(text)

    def write(self, value: Any) -> str:
        return str(int(value)) if isinstance(value, float) and value.is_integer() else super().write(value)


class NumberField(SchemaField):
    longest = LONGEST_DIGITS

    def control(self) -> forms.Widget:
        return NumberLine(**self.attrs())

    def attrs(self) -> dict[str, Any]:
        schema = self.spec.schema
        low = schema.get("minimum", schema.get("exclusiveMinimum"))
        high = schema.get("maximum", schema.get("exclusiveMaximum"))
        return {**_bounds(low, high, schema.get("multipleOf"), step="any"), **super().attrs()}

    def read(self, text: str) -> Any:
        if WHOLE.fullmatch(text):
            return int(text)
        if not DECIMAL.fullmatch(text) or not math.isfinite(float(text)):
            raise ValidationError("Enter a number.", code="invalid")
        return float(text)


def same(one: Any, other: Any) -> bool:
    """As JSON sees it: 1 is 1.0 but not true."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _bounds(low: Any, high: Any, multiple: Any, *, step: int | str) -> dict[str, Any]:
    """A browser counts steps from `min`: a multiple that does not start there would forbid what the schema allows."""
    if multiple and (low is None or low % multiple == 0):
        step = multiple
    return {key: value for key, value in {"min": low, "max": high, "step": step}.items() if value is not None}


def _tightest(closed: Iterable[Any], beyond: Iterable[Any], *, up: bool) -> int | None:
    """The whole number nearest to the bounds that is still inside all of them."""
    step, turn = (1, math.ceil) if up else (-1, math.floor)
    inside = [turn(bound) for bound in closed if isinstance(bound, int | float)]
    inside += [turn(bound) if turn(bound) != bound else int(bound) + step for bound in beyond if isinstance(bound, int | float)]
    return (max(inside) if up else min(inside)) if inside else None
