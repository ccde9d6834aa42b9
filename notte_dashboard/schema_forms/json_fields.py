"""Controls that take JSON: for what has no control of its own, and for values that the usual controls cannot spell."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from notte_dashboard.schema_forms import json_text
from notte_dashboard.schema_forms.errors import dotted
from notte_dashboard.schema_forms.fields import LONGEST_LINE, SchemaField
from notte_dashboard.schema_forms.widgets import AreaInput, JsonInput

LONGEST_LIST = 20_000


class JsonField(SchemaField):
    longest = json_text.LARGEST_BYTES

    def control(self) -> forms.Widget:
        return JsonInput(rows=self.hint.rows or 4, **self.attrs())

    def read(self, text: str) -> Any:
        try:
            return json_text.read(text)
        except json_text.JsonTextError as error:
            raise ValidationError(str(error), code="invalid_json") from error

    def write(self, value: Any) -> str:
        return json_text.write(value)


class LinesField(JsonField):
    """A list of texts as a whole: one entry per line, or a JSON list."""

    longest = LONGEST_LIST

    def control(self) -> forms.Widget:
        return AreaInput(rows=self.hint.rows or 4, spellcheck="false", **self.attrs())

    def read(self, text: str) -> Any:
        if text.startswith("[") or text == "null":
            return super().read(text)
        lines = [line.strip() for line in text.split("\n")]
        if any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(f"A line holds at most {LONGEST_LINE:,} characters.", code="max_length")
        return [line for line in lines if line]


class JsonSchemaField(JsonField):
    """JSON that is a JSON Schema: a service that cannot use it would say so only when the answer is due."""

    def read(self, text: str) -> Any:
        value = super().read(text)
        if value is None:
            return value
        if not isinstance(value, dict):
            raise ValidationError("A JSON Schema is an object, such as the examples.", code="json_schema")
        if flaw := schema_flaw(value):
            raise ValidationError(flaw, code="json_schema")
        return value


def schema_flaw(value: dict[str, Any]) -> str:
    """What is wrong with it as a JSON Schema, and where; "" when nothing is."""
    try:
        Draft202012Validator.check_schema(value)
    except SchemaError as error:
        where = dotted(tuple(error.absolute_path))
        return f"Not a valid JSON Schema{f', at {where}' if where else ''}: {_reason(error)}"
    return ""


def _reason(error: SchemaError) -> str:
    """Of the rule, not of the value."""
    if error.validator == "anyOf":
        return "this is not one of the types that JSON Schema knows."
    if error.validator == "type":
        named: Any = error.validator_value
        return f"this must be of the type {named if isinstance(named, str) else ' or '.join(named)}."
    return "this cannot be read." if error.validator == "format" else f"this breaks the rule {error.validator}."
