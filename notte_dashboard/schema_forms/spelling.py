"""A request as the texts that a person would have typed for it. What the controls cannot spell is written as JSON."""

from collections.abc import Mapping
from typing import Any

from notte_dashboard.schema_forms import answer_shape, json_text
from notte_dashboard.schema_forms.kit import Kit
from notte_dashboard.schema_forms.messages import flaws
from notte_dashboard.schema_forms.naming import is_entry, may_be_empty, part_name
from notte_dashboard.schema_forms.panels import OTHER
from notte_dashboard.schema_forms.rows import MOST_ROWS
from notte_dashboard.schema_forms.secrets import MARK
from notte_dashboard.schema_forms.specs import FieldSpec, Kind, Member
from notte_dashboard.schema_forms.typed import AS_JSON

Texts = dict[str, str]


class Speller:
    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.spellers = {
            Kind.OBJECT: self._object,
            Kind.ROWS: self._rows,
            Kind.PAIRS: self._pairs,
            Kind.VARIANTS: self._variants,
            Kind.EITHER: self._either,
            Kind.JSON_SCHEMA: self._json_schema,
        }

    def texts(self, spec: FieldSpec, name: str, value: Any) -> Texts:
        if value is None and spec.required and spec.nullable:
            return {}
        if value == MARK:
            return {name: ""}
        speller = self.spellers.get(spec.kind)
        if speller is None:
            text = self.kit.fields[spec].spelled(value)
            return {name: text} if text is not None else self._json(name, value) | {f"{name}{AS_JSON}": "1"}
        found = speller(spec, name, value)
        return self._json(name, value) if found is None else found

    def _json(self, name: str, value: Any) -> Texts:
        return {name: json_text.write(without_marks(value))}

    def _object(self, spec: FieldSpec, name: str, value: Any) -> Texts | None:
        known = {part.key: part for part in spec.parts}
        if not isinstance(value, Mapping) or not value.keys() <= known.keys():
            return None
        texts: Texts = {}
        for key, inner in value.items():
            texts |= self.texts(known[key], f"{name}-{key}", inner)
        if is_entry(spec):
            return {name: "{}"} | texts
        if any(texts.values()) or (spec.required and not spec.nullable):
            return texts
        return {name: "{}"} if may_be_empty(spec) and not value else None

    def _rows(self, spec: FieldSpec, name: str, value: Any) -> Texts | None:
        if value == [] and isinstance(value, list) and is_entry(spec):
            return {name: "[]"}
        return self._filled_rows(spec, name, value) or None

    def _filled_rows(self, spec: FieldSpec, name: str, value: Any) -> Texts | None:
        if not isinstance(value, list) or len(value) > MOST_ROWS or spec.item is None:
            return None
        texts: Texts = {}
        for index, inner in enumerate(value):
            texts |= self.texts(spec.item, f"{name}-{index}", inner)
        return texts

    def _pairs(self, spec: FieldSpec, name: str, value: Any) -> Texts | None:
        if value == {} and isinstance(value, dict) and is_entry(spec):
            return {name: "{}"}
        return self._filled_pairs(spec, name, value) or None

    def _filled_pairs(self, spec: FieldSpec, name: str, value: Any) -> Texts | None:
        item = spec.item
        if not isinstance(value, Mapping) or len(value) > MOST_ROWS or item is None:
            return None
        texts: Texts = {}
        for index, (key, inner) in enumerate(value.items()):
            texts |= self.texts(self.kit.pair_names[spec], f"{name}-{index}-name", key)
            left_empty = inner == "" and item.kind in {Kind.TEXT, Kind.SUGGEST}
            texts |= {f"{name}-{index}-value": ""} if left_empty else self.texts(item, f"{name}-{index}-value", inner)
        return texts

    def _variants(self, spec: FieldSpec, name: str, value: Any) -> Texts | None:
        tag = value.get(spec.tag) if isinstance(value, Mapping) else None
        member = next((each for each in spec.members if _means(each, tag)), None)
        guide = self.kit.guides.get((spec, tag)) if member else None
        if member is None or (guide and flaws(guide, value)):
            return None
        known = {part.key: part for part in member.parts}
        if not value.keys() <= known.keys() | {spec.tag}:
            return None
        texts = {f"{name}-{spec.tag}": self.kit.choices[spec].write(tag)}
        for key, inner in value.items():
            if key != spec.tag:
                texts |= self.texts(known[key], part_name(spec, member, known[key], name), inner)
        return texts

    def _either(self, spec: FieldSpec, name: str, value: Any) -> Texts | None:
        choice, item = self.kit.choices[spec], spec.item
        if value is None or isinstance(value, str | bool | int | float):
            text = choice.write(value)
            return {name: text} if choice.keys.get(text, OTHER) is not OTHER else None
        fillers = {Kind.ROWS: self._filled_rows, Kind.PAIRS: self._filled_pairs}
        filled = fillers.get(item.kind, self.spellers[item.kind])(item, name, value) if item else None
        return None if filled is None or name in filled else {name: choice.other} | filled

    def _json_schema(self, spec: FieldSpec, name: str, value: Any) -> Texts | None:
        rows = answer_shape.rows_of(value)
        texts = self._filled_rows(spec.item, name, rows) if rows and spec.item else None
        return {f"{name}-{answer_shape.MODE}": answer_shape.FIELDS} | texts if texts else None


def without_marks(value: Any) -> Any:
    """With nothing where a secret was."""
    if value == MARK:
        return ""
    if isinstance(value, dict):
        return {name: without_marks(inner) for name, inner in value.items()}
    return [without_marks(inner) for inner in value] if isinstance(value, list) else value


def _means(member: Member, tag: Any) -> bool:
    return any(tag == known and type(tag) is type(known) for known in member.tags)
