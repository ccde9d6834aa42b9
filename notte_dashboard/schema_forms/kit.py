"""The fields of a form class, made once: every form of a process draws and reads with the same ones."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from jsonschema.protocols import Validator

from notte_dashboard.schema_forms import answer_shape, labels
from notte_dashboard.schema_forms.choices import MOST_IN_A_SELECT, ChoiceField, SearchField, TickField, option_keys
from notte_dashboard.schema_forms.fields import NumberField, SchemaField, TextField, WholeNumberField
from notte_dashboard.schema_forms.json_fields import JsonField, JsonSchemaField, LinesField
from notte_dashboard.schema_forms.layouts import Hint, Layout
from notte_dashboard.schema_forms.messages import FORMATS, ContractValidator
from notte_dashboard.schema_forms.naming import is_entry, may_be_empty, tag_key
from notte_dashboard.schema_forms.panels import OTHER
from notte_dashboard.schema_forms.specs import UNSET, FieldSpec, Kind, everything
from notte_dashboard.schema_forms.widgets import SearchInput, SelectInput, TickInput, joined

FIELDS: dict[Kind, type[SchemaField]] = {
    Kind.TEXT: TextField,
    Kind.SUGGEST: TextField,
    Kind.INTEGER: WholeNumberField,
    Kind.NUMBER: NumberField,
    Kind.CHOICE: ChoiceField,
    Kind.JSON: JsonField,
    Kind.JSON_SCHEMA: JsonSchemaField,
}
OWN = {Kind.ROWS: "My own list", Kind.PAIRS: "My own entries"}
SOMETHING_ELSE = "Something else (JSON)"


class PanelField(ChoiceField):
    """The choice that opens a panel; `other` is the key of what is none of the contract's values."""

    def __init__(self, spec: FieldSpec, hint: Hint, opens: Mapping[Any, int], other: str = "", *, empty: str = "") -> None:
        self.keys = option_keys(spec.values)
        wanted = ("list" if spec.item and spec.item.kind is Kind.ROWS else "other", "other", "other_", "other__")
        key = next(key for key in wanted if key not in self.keys) if other else ""
        self.other, self.shown_other, self.opens, self.empty = key, other, opens, empty
        super().__init__(spec, hint)

    def control(self) -> SelectInput:
        known: dict[str, Any] = self.keys | ({self.other: OTHER} if self.other else {})
        order = [*self.hint.options, *known]
        self.keys = {key: known[key] for key in sorted(known, key=order.index)}
        named = [(key, self.named(key)) for key in self.keys]
        panels = {key: self.opens[value] for key, value in self.keys.items() if value in self.opens}
        return SelectInput([("", self.empty), *named] if self.empty else named, panels)

    def named(self, key: str) -> str:
        shown = self.hint.options.get(key) or (self.shown_other if key == self.other else "")
        return shown or (labels.tag(self.keys[key], key) if self.spec.kind is Kind.CHOICE else super().named(key))


class PresenceField(TickField):
    """Says that an object is sent though nothing in it is set."""

    def __init__(self, spec: FieldSpec, hint: Hint) -> None:
        super().__init__(spec, hint, TickInput("{}"))
        self.label = "Send it empty"
        self.help_text = ""


class AnchorField(SchemaField):
    """No control: where the errors of a list as a whole are told."""


class Kit:
    def __init__(self, specs: Iterable[FieldSpec], layout: Layout) -> None:
        self.layout = layout
        self.fields: dict[FieldSpec, SchemaField] = {}
        self.json_fields: dict[FieldSpec, SchemaField] = {}
        self.anchors: dict[FieldSpec, SchemaField] = {}
        self.presences: dict[FieldSpec, SchemaField] = {}
        self.choices: dict[FieldSpec, PanelField] = {}
        self.pair_names: dict[FieldSpec, FieldSpec] = {}
        self.guides: dict[tuple[FieldSpec, Any], Validator] = {}
        for spec in everything(specs):
            self._prepare(spec, layout.hint(spec))

    @cached_property
    def datalists(self) -> SafeString:
        widgets = (field.widget for field in self.fields.values())
        found = {widget.list_id: widget for widget in widgets if isinstance(widget, SearchInput)}
        return joined(widget.datalist for widget in found.values())

    def _prepare(self, spec: FieldSpec, hint: Hint) -> None:
        lines = spec.kind is Kind.ROWS and spec.item is not None and spec.item.schema.get("type") == "string"
        self.json_fields[spec] = (LinesField if lines else JsonField)(spec, replace(hint, placeholder=hint.placeholder))
        if spec.kind in FIELDS:
            self.fields[spec] = _field(spec, hint)
        if spec.kind in {Kind.ROWS, Kind.PAIRS}:
            self.anchors[spec] = AnchorField(spec, hint)
        if spec.kind is Kind.PAIRS:
            self.pair_names[spec] = self._name_spec(spec)
        if may_be_empty(spec):
            self.presences[spec] = PresenceField(spec, hint)
        if spec.kind is Kind.EITHER:
            own = OWN.get(spec.item.kind, "My own") if spec.item else ""
            self.choices[spec] = PanelField(spec, hint, {OTHER: 1}, own, empty=labels.empty_option(spec, hint.options))
        if spec.kind is Kind.JSON_SCHEMA:
            modes = replace(spec, values=tuple(answer_shape.MODES), title="Written as", description="", default=UNSET)
            opens = {mode: number for number, mode in enumerate(answer_shape.MODES, 1)}
            self.choices[spec] = PanelField(modes, Hint(label="Written as", options=answer_shape.MODES), opens)
        if spec.kind is Kind.VARIANTS:
            self._prepare_variants(spec)

    def _name_spec(self, spec: FieldSpec) -> FieldSpec:
        """Of a map's keys."""
        named = FieldSpec((*spec.path, "name"), Kind.TEXT, required=True, title="Name", description="", schema={})
        hint = self.layout.hint(named)
        self.fields[named], self.json_fields[named] = TextField(named, hint), JsonField(named, hint)
        return named

    def _prepare_variants(self, spec: FieldSpec) -> None:
        tags = tuple(tag for member in spec.members for tag in member.tags)
        node = spec.members[0].schema["properties"][spec.tag]
        title = node.get("title", "") if isinstance(node, Mapping) else ""
        tag_spec = FieldSpec((*spec.path, spec.tag), Kind.CHOICE, True, title, "", {}, values=tags)
        opens: dict[Any, int] = {tag: number for number, member in enumerate(spec.members, 1) for tag in member.tags}
        other = SOMETHING_ELSE if spec.open_ended else ""
        if other:
            opens[OTHER] = len(spec.members) + 1
        empty = "" if is_entry(spec) else labels.empty_option(spec)
        self.choices[spec] = PanelField(tag_spec, self.layout.hint(tag_spec), opens, other, empty=empty)
        if spec.open_ended:
            for member in spec.members:
                validator = ContractValidator(member.schema, format_checker=FORMATS)
                self.guides |= {(spec, tag): validator for tag in member.tags}

    def blank(self, spec: FieldSpec, row: str) -> dict[str, str]:
        """The texts of a new row."""
        item = spec.item
        assert item is not None
        if spec.kind is Kind.PAIRS:
            return {f"{row}-name": ""}
        if item.kind is Kind.VARIANTS:
            return {f"{row}-{item.tag}": tag_key(next(iter(self.choices[item].keys)))}
        if item.kind is Kind.OBJECT:
            initial = {f"{row}-{part.key}": self.layout.hint(part).initial for part in item.parts}
            return {row: "{}"} | {name: text for name, text in initial.items() if text}
        return {row: {Kind.ROWS: "[]", Kind.PAIRS: "{}"}.get(item.kind, "")}


def _field(spec: FieldSpec, hint: Hint) -> SchemaField:
    if spec.kind is Kind.CHOICE and hint.tick:
        return TickField(spec, hint)
    if spec.kind is Kind.CHOICE and len(spec.values) > MOST_IN_A_SELECT:
        return SearchField(spec, hint)
    return FIELDS[spec.kind](spec, hint)
