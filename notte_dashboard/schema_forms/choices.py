"""Controls for values that somebody listed: the contract, a table of names, or the caller who knows what there is."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from notte_dashboard.schema_forms import labels
from notte_dashboard.schema_forms.countries import COUNTRIES
from notte_dashboard.schema_forms.fields import SchemaField, TextField
from notte_dashboard.schema_forms.layouts import Hint
from notte_dashboard.schema_forms.specs import FieldSpec
from notte_dashboard.schema_forms.widgets import LineInput, SearchInput, SelectInput, TickInput

NOT_LISTED = "Choose one of the listed values."
MOST_IN_A_SELECT = 30
NAMES: Mapping[str, Mapping[str, str]] = {"countries": COUNTRIES}


@dataclass(frozen=True)
class Offer:
    """What a caller knows for a string of the contract; an empty key leaves the property out."""

    options: Sequence[tuple[str, str]] = ()
    free: bool = False
    """Any other text is welcome too."""
    list_id: str = ""
    """Of a datalist that the page will have, in place of the options; for free ones."""


class ChoiceField(SchemaField):
    """Choosing nothing leaves the field out; choosing the default sends it."""

    def control(self) -> forms.Widget:
        self.keys = option_keys(self.spec.values)
        only = self.spec.required and len(self.keys) == 1
        empty = [] if only else [("", labels.empty_option(self.spec, self.hint.options))]
        return SelectInput([*empty, *((key, self.named(key)) for key in self.keys)])

    def named(self, key: str) -> str:
        return self.hint.options.get(key) or labels.option(self.keys[key])

    def read(self, text: str) -> Any:
        if text not in self.keys:
            raise ValidationError(NOT_LISTED, code="invalid_choice")
        return self.keys[text]

    def write(self, value: Any) -> str:
        matching = [key for key, known in self.keys.items() if known == value and type(known) is type(value)]
        return matching[0] if matching else super().write(value)


class SearchField(ChoiceField):
    """More values than anybody wants to scroll through: found by typing a part of the name."""

    def control(self) -> forms.Widget:
        self.keys = option_keys(self.spec.values)
        self.shown = {key: self.named(key) for key in self.keys}
        self.spellings = {}
        for key, shown in self.shown.items():
            for spelling in (shown, shown.removesuffix(f" ({key})"), key):
                self.spellings[spelling.casefold()] = key
        return SearchInput(self.shown.values(), placeholder=self.hint.placeholder or labels.empty_option(self.spec))

    def named(self, key: str) -> str:
        name = NAMES.get(self.hint.names, {}).get(key)
        return f"{name} ({key})" if name else super().named(key)

    def read(self, text: str) -> Any:
        return super().read(self.spellings.get(text.casefold(), text))

    def write(self, value: Any) -> str:
        key = super().write(value)
        return self.shown.get(key, key)


class TickField(SchemaField):
    """On or off, with nothing in between."""

    def control(self) -> forms.Widget:
        return TickInput("true")

    def to_python(self, value: Any) -> Any:
        return bool(value)

    def write(self, value: Any) -> str:
        return "true" if value is True else ""


class OfferedField(SchemaField):
    """A string of the contract, to be chosen from what the caller knows."""

    def __init__(self, spec: FieldSpec, hint: Hint, options: Sequence[tuple[str, str]]) -> None:
        self.keys = {key for key, _ in options}
        self.left_to_caller = "" in self.keys
        empty = [] if self.left_to_caller else [("", labels.empty_option(spec))]
        super().__init__(spec, hint, SelectInput([*empty, *options]))
        self.required = self.required and not self.left_to_caller
        self.widget.is_required = self.required

    def read(self, text: str) -> Any:
        if text not in self.keys:
            raise ValidationError(NOT_LISTED, code="invalid_choice")
        return text


class SuggestedField(TextField):
    """A string of the contract: one that the caller knows, or any other."""

    def __init__(self, spec: FieldSpec, hint: Hint, offer: Offer) -> None:
        self.offer = offer
        super().__init__(spec, hint)

    def control(self) -> forms.Widget:
        if self.offer.list_id:
            return LineInput(**self.attrs(), list=self.offer.list_id)
        return LineInput(suggestions=[(key, label) for key, label in self.offer.options if key], **self.attrs())


def offered(spec: FieldSpec, hint: Hint, given: Offer | Sequence[tuple[str, str]]) -> SchemaField:
    offer = given if isinstance(given, Offer) else Offer(given)
    return SuggestedField(spec, hint, offer) if offer.free else OfferedField(spec, hint, offer.options)


def option_keys(values: Iterable[Any]) -> dict[str, Any]:
    """The text a browser sends for each value; "" is taken by "nothing chosen", and "1" beside 1 must be told apart."""
    listed = list(values)
    keys = [value if isinstance(value, str) else json.dumps(value) for value in listed]
    if "" in keys or len(set(keys)) < len(keys):
        keys = [json.dumps(value) for value in listed]
    return dict(zip(keys, listed, strict=True))
