"""The form that a schema becomes. See SchemaForm for what a template may rely on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from jsonschema.protocols import Validator

from notte_dashboard.notte_api.rules import Rule, broken
from notte_dashboard.schema_forms import secrets
from notte_dashboard.schema_forms.choices import Offer, OfferedField, offered
from notte_dashboard.schema_forms.commands import Rearrangement, rearranged
from notte_dashboard.schema_forms.controls import Control, Entry, Place, assembled
from notte_dashboard.schema_forms.errors import ApiError, Loc, dotted, sentence_at, texts_in, without_values
from notte_dashboard.schema_forms.fields import SchemaField
from notte_dashboard.schema_forms.growing import Growing
from notte_dashboard.schema_forms.kit import Kit
from notte_dashboard.schema_forms.layouts import Exclusion, Group, Layout, Presets
from notte_dashboard.schema_forms.messages import REQUIRED, flaws
from notte_dashboard.schema_forms.rows import Rows, drawn_row
from notte_dashboard.schema_forms.specs import UNSET, FieldSpec, everything
from notte_dashboard.schema_forms.spelling import Speller
from notte_dashboard.schema_forms.typed import Typed

MOST_FLAWS = 5
Choices = Mapping[str, Offer | Sequence[tuple[str, str]]]


class Told(NamedTuple):
    name: str
    """Of a control; "" for the request as a whole."""
    message: str
    code: str


class SchemaForm(forms.Form):
    """A request of the API as a form; made by `builder.build_form`.

    `initial` is a request (nested, as the API takes it); a secret mark in it is an empty control. `choices` turns a string
    property into a select (or, as an `Offer` that is free, into suggestions); an option with the key "" leaves the property
    out of `to_request()`, also a required one: the caller fills it in. Names are those of `FieldSpec.name`, such as
    "profile-id".

    `rearranged`: what was sent is no wish to start but asks for another row, or for one less. Then the form is neither valid
    nor wrong; it is to be drawn again, with status 200.

    For templates: `basic` and `advanced` are lists of (group title, entries), each drawn by partials/field.html. An entry is a
    Control (a BoundField: `label`, `help_text` already escaped, `errors`, `id_for_label`, `{{ entry }}` draws the input) or
    is made of others (`is_fieldset` true, `template` names what draws it). Ids that inputs name in `aria-describedby`:
    `help_id` for the help (when there is help), `error_id` for the first error (when there is one). `advanced_open` says that
    something in there is set or wrong. `datalists` is to be drawn once. Errors of no single field: `non_field_errors`.
    """

    schema_name: ClassVar[str]
    specs: ClassVar[tuple[FieldSpec, ...]]
    layout: ClassVar[Layout]
    kit: ClassVar[Kit]
    rules: ClassVar[tuple[Rule, ...]]
    validator: ClassVar[Validator]
    basic_groups: ClassVar[tuple[Group, ...]]
    advanced_groups: ClassVar[tuple[Group, ...]]
    drawn: ClassVar[dict[str, SafeString]]
    """What is the same in all forms of a class: entries that nobody touched, and blank rows."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        choices: Choices | None = None,
        prefix: str | None = None,
    ) -> None:
        super().__init__(data, initial=self.data_for(initial or {}), prefix=prefix)
        self.offers = dict(self._offers(choices or {}))
        self.guides = self.kit.guides
        self.focus = ""
        self.typed = Typed.sent(data, f"{prefix}-" if prefix else "") if data is not None else Typed(self.initial)
        self._grow()
        change = rearranged(self) if data is not None else None
        self.rearranged = change is not None
        if change:
            self._rearrange(change)
        self._read_data = self.data

    @classmethod
    def data_for(cls, request: Mapping[str, Any]) -> dict[str, str]:
        """What a person would have typed to send this request."""
        speller, typed = Speller(cls.kit), dict[str, str]()
        for spec in cls.specs:
            if spec.key in request:
                typed |= speller.texts(spec, spec.name, request[spec.key])
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

    def is_valid(self) -> bool:
        return super().is_valid() and not self.rearranged

    def full_clean(self) -> None:
        """A form that is only drawn again is not judged yet; what of it can be read is."""
        super().full_clean()
        if self.rearranged:
            self._errors = ErrorDict()

    def _clean_fields(self) -> None:
        """Only what is in force: the fields of a choice that was not made are kept as they are."""
        for control in self.live():
            try:
                self.cleaned_data[control.name] = control.field.clean(control.text)
            except ValidationError as error:
                self.add_error(control.name, error)

    def clean(self) -> dict[str, Any]:
        request = self._request()
        # All of it is found before any of it is told: a control that was blamed has no value to speak about any more.
        told = list(dict.fromkeys(self._found_wrong(request)))
        for name, message, code in told:
            if len(self.errors.get(name, ())) < MOST_FLAWS:
                self.add_error(name or None, ValidationError(message, code=code))
        self._check_rules(request)
        return self.cleaned_data

    def _found_wrong(self, request: dict[str, Any]) -> Iterator[Told]:
        unread = frozenset(self.errors)
        for control, sentence in (flaw for entry in self.entries for flaw in entry.check()):
            if control.name not in unread:
                yield _told(Place(control), sentence)
        for flaw in flaws(self.validator, request):
            place = self._place(flaw.path)
            if place is None:
                yield Told("", _named(flaw.path, flaw.sentence), "contract")
            elif place.control.name not in unread and not self._left_to_caller(place.control, flaw.sentence):
                yield _told(place, flaw.sentence)

    def _check_rules(self, request: dict[str, Any]) -> None:
        defaults = {spec.key: spec.default for spec in self.specs if spec.default is not UNSET}
        wrong = {entry.spec.key for entry in self.entries if any(control.name in self.errors for control in entry.controls())}
        places = {rule: self._place((rule.blames,)) for rule in broken(self.rules, request, defaults)}
        for rule, place in places.items():
            if wrong.isdisjoint(rule.fields):
                wrong.add(rule.blames)
                self.add_error(place.control.name if place else None, ValidationError(rule.message, code=rule.code))

    def add_api_errors(self, detail: Iterable[ApiError]) -> None:
        """Puts the errors of the API's 422 at the controls they speak of; for a bound form."""
        request = self._request() if self.is_valid() else {}
        hidden = [*texts_in(secrets.split(request, self.layout)[1]), *self._secret_texts()]
        for name, message, code in [self._api_error(error, hidden) for error in detail]:
            self.add_error(name or None, ValidationError(message, code=code))

    def _api_error(self, error: ApiError, hidden: list[str]) -> Told:
        loc = tuple(error.loc)[1:] if tuple(error.loc[:1]) == ("body",) else tuple(error.loc)
        place = self._place(loc)
        if place is None:
            return Told("", without_values(_named(loc, error.msg), hidden), "api")
        message = without_values(error.msg, [*hidden, *texts_in(place.control.read())])
        return Told(place.control.name, sentence_at(place, message), "api")

    @cached_property
    def basic(self) -> list[tuple[str, list[Entry]]]:
        return self._grouped(self.basic_groups)

    @cached_property
    def advanced(self) -> list[tuple[str, list[Entry]]]:
        return self._grouped(self.advanced_groups)

    @property
    def advanced_open(self) -> bool:
        return self.rearranged or any(entry.is_set or entry.has_errors for _, entries in self.advanced for entry in entries)

    @property
    def datalists(self) -> SafeString:
        """What several controls search in."""
        return self.kit.datalists

    def __getitem__(self, name: str) -> Control:
        return self.controls[name]

    def live(self) -> Iterator[Control]:
        return (control for entry in self.entries for control in entry.live())

    def text_of(self, control: Control) -> str:
        """What to draw: another text than was read, after `data` was replaced."""
        if self.data is self._read_data:
            return control.text
        shown = Typed.sent(self.data, f"{self.prefix}-" if self.prefix else "")
        return shown.get(control.name, "" if control.name in self.typed else control.text)

    def excluded_by(self, name: str) -> str:
        """Fields that cannot be sent together with this one."""
        sides = [(each.fields, each.others) for each in self.layout.exclusions]
        both = [*sides, *((others, fields) for fields, others in sides)]
        return " ".join(self.add_prefix(other) for fields, others in both if name in others for other in fields)

    def exclusion_at(self, name: str) -> Exclusion | None:
        return next((each for each in self.layout.exclusions if each.fields[0] == name), None)

    def presets_before(self, name: str) -> Presets | None:
        return next((presets for presets in self.layout.presets if presets.fields[0] == name), None)

    def blank_row(self, rows: Rows) -> SafeString:
        key = f"{self.prefix or ''}/{rows.name}"
        if key not in self.drawn or self._offers_in(rows.spec.name):
            growing = Growing(self, Typed(self.kit.blank(rows.spec, f"{rows.name}-{rows.level}")))
            self.drawn[key] = drawn_row(growing.row(rows.spec, rows.name, rows.level, 0))
        return self.drawn[key]

    def untouched(self, entry: Entry) -> str:
        """The whole of it, drawn once for all forms; "" when there is something of this form's own in it."""
        name = entry.name
        typed = self.typed.get(name) or self.typed.below(name)
        if self.prefix or self.focus or typed or self.by_key.get(name) is not entry or self._offers_in(name):
            return ""
        if self.errors and any(control.name in self.errors for control in entry.controls()):
            return ""
        if name not in self.drawn:
            self.drawn[name] = render_to_string(entry.template, {"field": entry})
        return self.drawn[name]

    def _grow(self) -> None:
        growing = Growing(self, self.typed)
        self.entries = [growing.entry(spec, spec.name, firm=True) for spec in self.specs]
        self.by_key = {entry.spec.key: entry for entry in self.entries}
        self.controls = {control.name: control for entry in self.entries for control in entry.controls()}
        self.fields = {name: control.field for name, control in self.controls.items()}

    def _rearrange(self, change: Rearrangement) -> None:
        self.typed, self.focus = change.typed, change.focus
        self.data = {self.add_prefix(name): text for name, text in change.typed.items()}
        self._grow()

    def _grouped(self, groups: tuple[Group, ...]) -> list[tuple[str, list[Entry]]]:
        return [(title, [self.by_key[key] for key in keys]) for title, keys in groups]

    def _offers(self, choices: Choices) -> Iterator[tuple[str, SchemaField]]:
        """A property that the contract no longer has needs no choices."""
        for spec in everything(self.specs) if choices else ():
            if spec.name in choices and spec.kind in {"text", "suggest"}:
                yield spec.name, offered(spec, self.layout.hint(spec), choices[spec.name])

    def _offers_in(self, name: str) -> bool:
        return any(offered_name == name or offered_name.startswith(f"{name}-") for offered_name in self.offers)

    def _request(self) -> dict[str, Any]:
        return dict(assembled(self.entries))

    def _place(self, loc: Loc) -> Place | None:
        entry = self.by_key.get(str(loc[0])) if loc else None
        return entry.find(tuple(loc[1:])) if entry else None

    def _secret_texts(self) -> list[str]:
        return [control.text for control in self.controls.values() if control.is_secret]

    def _left_to_caller(self, control: Control, sentence: str) -> bool:
        return sentence == REQUIRED and isinstance(control.field, OfferedField) and control.field.left_to_caller


def _told(place: Place, sentence: str) -> Told:
    return Told(place.control.name, sentence_at(place, sentence), "required" if sentence == REQUIRED else "contract")


def _named(loc: Loc, sentence: str) -> str:
    return f"{dotted(loc)}: {sentence}" if loc else sentence
