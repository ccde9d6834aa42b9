"""The form that a schema becomes. See SchemaForm for what a template may rely on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from jsonschema.protocols import Validator

from notte_dashboard.notte_api.rules import Rule, broken
from notte_dashboard.schema_forms import secrets
from notte_dashboard.schema_forms.controls import Control, Fieldset
from notte_dashboard.schema_forms.errors import ApiError, Loc, Place, dotted, place_of, sentence_at, texts_in, without_values
from notte_dashboard.schema_forms.fields import OfferedField, SchemaField
from notte_dashboard.schema_forms.layouts import NO_HINT, Group, Layout
from notte_dashboard.schema_forms.messages import REQUIRED, flaws
from notte_dashboard.schema_forms.specs import UNSET, FieldSpec, Kind, leaves

MOST_FLAWS = 5
Choices = Mapping[str, Sequence[tuple[str, str]]]


class SchemaForm(forms.Form):
    """A request of the API as a form; made by `builder.build_form`.

    `initial` is a request (nested, as the API takes it). `choices` turns a string property into a select; an option with
    the key "" leaves the property out of `to_request()`, also a required one: the caller fills it in.

    For templates: `basic` and `advanced` are lists of (group title, entries). An entry is a Control (a BoundField:
    `label`, `help_text` already escaped, `errors`, `id_for_label`, `{{ entry }}` draws the input) or a Fieldset
    (`is_fieldset` true, `legend`, `help_text`, `id`, `subfields`: entries again). Ids that inputs name in
    `aria-describedby`: `help_id` for the help (when there is help), `error_id` for the first error (when there is one).
    `advanced_open` says that something in there is set or wrong. Errors of no single field: `non_field_errors`.
    """

    bound_field_class = Control
    schema_name: ClassVar[str]
    specs: ClassVar[tuple[FieldSpec, ...]]
    layout: ClassVar[Layout]
    rules: ClassVar[tuple[Rule, ...]]
    validator: ClassVar[Validator]
    basic_groups: ClassVar[tuple[Group, ...]]
    advanced_groups: ClassVar[tuple[Group, ...]]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        choices: Choices | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, initial=self.data_for(initial or {}), prefix=prefix)
        for name, options in (choices or {}).items():
            self._offer(name, options)

    @classmethod
    def data_for(cls, request: Mapping[str, Any]) -> dict[str, str]:
        """What a person would have typed to send this request."""
        typed: dict[str, str] = {}
        for spec in leaves(cls.specs):
            value = _dig(request, spec.path)
            says_nothing = value is None and spec.kind is not Kind.JSON and None not in spec.values
            if value is not UNSET and not says_nothing:
                typed[spec.name] = _field(cls.base_fields, spec.name).write(value)
        return typed

    def to_request(self) -> dict[str, Any]:
        """What the person set, and nothing else. Ask only a valid form."""
        if not self.is_valid():
            raise ValueError("The form has errors: there is no request to send.")
        return self._request()

    def valid_part(self) -> dict[str, Any]:
        """What of the request is right so far: for showing and keeping, never for sending."""
        self.is_valid()
        return self._request()

    def clean(self) -> dict[str, Any]:
        request, unread = self._request(), frozenset(self.errors)
        for flaw in flaws(self.validator, request):
            place = place_of(self.specs, flaw.path)
            if place is None:
                self.add_error(None, ValidationError(_named(flaw.path, flaw.sentence), code="contract"))
            elif place.spec.name not in unread and not self._left_to_caller(place.spec.name, flaw.sentence):
                self._blame(place, flaw.sentence, request)
        defaults = {spec.key: spec.default for spec in self.specs if spec.default is not UNSET}
        for rule in broken(self.rules, request, defaults):
            if not any(name in self.errors for name in rule.fields):
                self.add_error(rule.blames if rule.blames in self.fields else None, ValidationError(rule.message, code=rule.code))
        return self.cleaned_data

    def add_api_errors(self, detail: Iterable[ApiError]) -> None:
        """Puts the errors of the API's 422 at the controls they speak of; for a bound form."""
        request = self._request() if self.is_valid() else {}
        hidden = list(texts_in(secrets.split(request, self.layout)[1]))
        for error in detail:
            loc = tuple(error.loc)[1:] if tuple(error.loc[:1]) == ("body",) else tuple(error.loc)
            place = place_of(self.specs, loc)
            if place is None:
                self.add_error(None, ValidationError(without_values(_named(loc, error.msg), hidden), code="api"))
                continue
            value = _dig(request, place.spec.path)
            message = without_values(error.msg, [*hidden, *texts_in(value)])
            self.add_error(place.spec.name, ValidationError(sentence_at(place, message, value), code="api"))

    @cached_property
    def basic(self) -> list[tuple[str, list[Control | Fieldset]]]:
        return self._grouped(self.basic_groups)

    @cached_property
    def advanced(self) -> list[tuple[str, list[Control | Fieldset]]]:
        return self._grouped(self.advanced_groups)

    @property
    def advanced_open(self) -> bool:
        return any(entry.is_set or entry.has_errors for _, entries in self.advanced for entry in entries)

    def _grouped(self, groups: tuple[Group, ...]) -> list[tuple[str, list[Control | Fieldset]]]:
        by_key = {spec.key: spec for spec in self.specs}
        return [(title, [self._entry(by_key[key]) for key in keys]) for title, keys in groups]

    def _entry(self, spec: FieldSpec) -> Control | Fieldset:
        if spec.kind is Kind.OBJECT:
            return Fieldset(self, spec, [self._entry(part) for part in spec.parts])
        control = self[spec.name]
        assert isinstance(control, Control)
        return control

    def _offer(self, name: str, options: Sequence[tuple[str, str]]) -> None:
        """A property that the contract no longer has needs no choices."""
        spec = next((spec for spec in leaves(self.specs) if spec.name == name), None)
        if spec is not None and spec.kind in {Kind.TEXT, Kind.SUGGEST}:
            self.fields[name] = OfferedField(spec, self.layout.hints.get(name, NO_HINT), options)

    def _request(self) -> dict[str, Any]:
        return dict(_assembled(self.specs, self.cleaned_data))

    def _blame(self, place: Place, sentence: str, request: Mapping[str, Any]) -> None:
        if len(self.errors.get(place.spec.name, ())) < MOST_FLAWS:
            message = sentence_at(place, sentence, _dig(request, place.spec.path))
            self.add_error(place.spec.name, ValidationError(message, code="contract"))

    def _left_to_caller(self, name: str, sentence: str) -> bool:
        field = self.fields[name]
        return sentence == REQUIRED and isinstance(field, OfferedField) and field.left_to_caller


def _named(loc: Loc, sentence: str) -> str:
    return f"{dotted(loc)}: {sentence}" if loc else sentence


def _assembled(specs: Iterable[FieldSpec], cleaned: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for spec in specs:
        if spec.kind is Kind.OBJECT:
            parts = dict(_assembled(spec.parts, cleaned))
            if parts or (spec.required and not spec.nullable):
                yield spec.key, parts
                continue
            value: Any = UNSET
        else:
            value = cleaned.get(spec.name, UNSET)
        if value is not UNSET:
            yield spec.key, value
        elif spec.required and spec.nullable:
            yield spec.key, None


def _dig(request: Mapping[str, Any], path: Sequence[str]) -> Any:
    value: Any = request
    for part in path:
        if not isinstance(value, Mapping) or part not in value:
            return UNSET
        value = value[part]
    return value


def _field(fields: Mapping[str, forms.Field], name: str) -> SchemaField:
    found = fields[name]
    assert isinstance(found, SchemaField)
    return found
