"""One Django field per kind. They read text into a JSON value and write it back; the schema's validator judges the value."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape

from notte_dashboard.schema_forms import json_text, labels
from notte_dashboard.schema_forms.layouts import Hint
from notte_dashboard.schema_forms.specs import UNSET, FieldSpec, Kind
from notte_dashboard.schema_forms.widgets import AreaInput, JsonInput, LineInput, NumberLine, SelectInput

WHOLE = re.compile(r"-?[0-9]+", re.ASCII)
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
LONGEST_LINE = 4_000
LONGEST_LIST = 20_000
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
        text = str(value if value is not None else "").replace("\r\n", "\n").replace("\r", "\n").strip()
        if not text:
            return UNSET
        if reason := json_text.unportable(text):
            raise ValidationError(reason, code="unportable")
        longest = self.hint.max_length or self.longest
        if len(text) > longest:
            raise ValidationError(f"At most {longest:,} characters; these are {len(text):,}.", code="max_length")
        return self.read(text)

    def validate(self, value: Any) -> None:
        if value is UNSET and self.required:
            raise ValidationError("This field is required.", code="required")

    def read(self, text: str) -> Any:
        return text

    def write(self, value: Any) -> str:
        """The text that reads as this value; a value of another type is shown as JSON, for the person to correct."""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class TextField(SchemaField):
    def control(self) -> forms.Widget:
        if self.hint.rows:
            return AreaInput(rows=self.hint.rows, **self.attrs())
        kinds = {"uri": "url", "email": "email", "date-time": "text"}
        kind = kinds.get(str(self.spec.schema.get("format")), "text")
        control = LineInput(suggestions=map(str, self.spec.values), **self.attrs())
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


class ChoiceField(SchemaField):
    """Choosing nothing leaves the field out; choosing the default sends it."""

    def control(self) -> forms.Widget:
        self.keys = _option_keys(self.spec.values)
        only = self.spec.required and len(self.keys) == 1
        empty = [] if only else [("", labels.empty_option(self.spec))]
        return SelectInput([*empty, *((key, labels.option(value)) for key, value in self.keys.items())])

    def read(self, text: str) -> Any:
        if text not in self.keys:
            raise ValidationError("Choose one of the listed values.", code="invalid_choice")
        return self.keys[text]

    def write(self, value: Any) -> str:
        matching = [key for key, known in self.keys.items() if known == value and type(known) is type(value)]
        return matching[0] if matching else super().write(value)


class OfferedField(SchemaField):
    """A string of the contract, to be chosen from what the caller knows; an empty key means: left out, the caller fills it in."""

    def __init__(self, spec: FieldSpec, hint: Hint, options: Sequence[tuple[str, str]]) -> None:
        self.keys = {key for key, _ in options}
        self.left_to_caller = "" in self.keys
        empty = [] if self.left_to_caller else [("", labels.empty_option(spec))]
        super().__init__(spec, hint, SelectInput([*empty, *options]))
        self.required = self.required and not self.left_to_caller
        self.widget.is_required = self.required

    def read(self, text: str) -> Any:
        if text not in self.keys:
            raise ValidationError("Choose one of the listed values.", code="invalid_choice")
        return text


class LinesField(SchemaField):
    """One entry per line; a text that starts with "[" is a JSON list, for entries that no line can hold."""

    longest = LONGEST_LIST

    def control(self) -> forms.Widget:
        return AreaInput(rows=self.hint.rows or 4, spellcheck="false", **self.attrs())

    def read(self, text: str) -> Any:
        if text.startswith("["):
            return _read_json(text)
        lines = [line.strip() for line in text.split("\n")]
        if any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(f"A line holds at most {LONGEST_LINE:,} characters.", code="max_length")
        return [line for line in lines if line]

    def write(self, value: Any) -> str:
        fits = isinstance(value, list) and value and all(map(_is_line, value)) and not value[0].startswith("[")
        return "\n".join(value) if fits else super().write(value)


class JsonField(SchemaField):
    longest = json_text.LARGEST_BYTES

    def control(self) -> forms.Widget:
        return JsonInput(rows=self.hint.rows or 4, **self.attrs())

    def read(self, text: str) -> Any:
        return _read_json(text)

    def write(self, value: Any) -> str:
        return json_text.write(value)


FIELDS: dict[Kind, type[SchemaField]] = {
    Kind.TEXT: TextField,
    Kind.SUGGEST: TextField,
    Kind.INTEGER: WholeNumberField,
    Kind.NUMBER: NumberField,
    Kind.CHOICE: ChoiceField,
    Kind.LINES: LinesField,
    Kind.JSON: JsonField,
}


def _read_json(text: str) -> Any:
    try:
        return json_text.read(text)
    except json_text.JsonTextError as error:
        raise ValidationError(str(error), code="invalid_json") from error


def _option_keys(values: Sequence[Any]) -> dict[str, Any]:
    """The text a browser sends for each value; "" is taken by "nothing chosen", and "1" beside 1 must be told apart."""
    keys = [value if isinstance(value, str) else json.dumps(value) for value in values]
    if "" in keys or len(set(keys)) < len(keys):
        keys = [json.dumps(value) for value in values]
    return dict(zip(keys, values, strict=True))


def _is_line(entry: Any) -> bool:
    return isinstance(entry, str) and bool(entry) and entry == entry.strip() and not {"\n", "\r"} & set(entry)


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
