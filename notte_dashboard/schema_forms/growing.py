"""From a spec and what was typed to entries: as many rows as were sent, the panels of every choice."""

from typing import TYPE_CHECKING

from notte_dashboard.schema_forms import answer_shape, labels
from notte_dashboard.schema_forms.controls import Control, Entry
from notte_dashboard.schema_forms.fieldsets import Fieldset
from notte_dashboard.schema_forms.naming import is_entry, may_be_empty, part_name
from notte_dashboard.schema_forms.panels import OTHER, Either, Variants, numbered
from notte_dashboard.schema_forms.rows import Pairs, Row, Rows
from notte_dashboard.schema_forms.specs import FieldSpec, Kind
from notte_dashboard.schema_forms.typed import AS_JSON, Typed

if TYPE_CHECKING:
    from notte_dashboard.schema_forms.form import SchemaForm


class Growing:
    """Makes the entries of one form. `typed` may be another text than the form's: a blank row has its own."""

    def __init__(self, form: "SchemaForm", typed: Typed) -> None:
        self.form, self.typed, self.kit = form, typed, form.kit
        self.makers = {
            Kind.OBJECT: self._fieldset,
            Kind.ROWS: self._list,
            Kind.PAIRS: self._list,
            Kind.VARIANTS: self._variants,
            Kind.EITHER: self._either,
            Kind.JSON_SCHEMA: self._answer_shape,
        }

    def entry(self, spec: FieldSpec, name: str, *, trail: str = "", firm: bool = False) -> Entry:
        """`firm`: what it is a part of is sent in any case."""
        if self.is_json(spec, name):
            return Control(self.form, self.kit.json_fields[spec], name, self.text(name), trail=trail, firm=firm, as_json=True)
        maker = self.makers.get(spec.kind)
        return maker(spec, name, trail, firm) if maker else self.control(spec, name, trail=trail, firm=firm)

    def text(self, name: str) -> str:
        return self.typed.get(name, "")

    def control(self, spec: FieldSpec, name: str, *, trail: str = "", firm: bool = False, text: str | None = None) -> Control:
        field = self.form.offers.get(spec.name) or self.kit.fields[spec]
        return Control(self.form, field, name, self.text(name) if text is None else text, trail=trail, firm=firm)

    def is_json(self, spec: FieldSpec, name: str) -> bool:
        """Whether JSON was typed for the whole of it."""
        text = self.text(name).strip()
        if not text or spec.kind in {Kind.JSON, Kind.JSON_SCHEMA} or (spec.kind is Kind.VARIANTS and spec.open_ended):
            return False
        if spec.kind is Kind.EITHER:
            return text not in self.kit.choices[spec].keys
        if spec.kind in self.makers:
            return not (text == "{}" and (may_be_empty(spec) or is_entry(spec))) and not (text == "[]" and is_entry(spec))
        return self.typed.get(f"{name}{AS_JSON}", "") != ""

    def _fieldset(self, spec: FieldSpec, name: str, trail: str, firm: bool) -> Entry:  # noqa: FBT001 - one of the makers
        hint = self.form.layout.hint(spec)
        inner = trail if is_entry(spec) else _trail(trail, hint.label or labels.label(spec))
        firm = firm and _always_there(spec)
        parts = [self.entry(part, f"{name}-{part.key}", trail=inner, firm=firm) for part in spec.parts]
        presence = (
            Control(self.form, self.kit.presences[spec], name, self.text(name)) if may_be_empty(spec) and not firm else None
        )
        return Fieldset(self.form, spec, name, parts, presence, firm=firm)

    def _list(self, spec: FieldSpec, name: str, trail: str, firm: bool) -> Entry:  # noqa: FBT001 - one of the makers
        anchor = Control(self.form, self.kit.anchors[spec], name, "", trail=trail)
        assert spec.item is not None
        may_stay_blank = spec.kind is Kind.PAIRS or spec.item.kind not in self.makers
        return self._rows(spec, name, trail, anchor, starts=may_stay_blank, firm=firm and _always_there(spec))

    def _rows(self, spec: FieldSpec, name: str, trail: str, anchor: Control, *, starts: bool, firm: bool) -> Rows:
        """`starts`: with a first row to fill in, when there is none."""
        indexes, growing = self.typed.rows(name), self
        if starts and not indexes:
            indexes, growing = [0], Growing(self.form, Typed({**self.typed, **self.kit.blank(spec, f"{name}-0")}))
        rows = [growing.row(spec, name, index, number, trail) for number, index in enumerate(indexes, 1)]
        return (Pairs if spec.kind is Kind.PAIRS else Rows)(self.form, spec, name, rows, anchor, firm=firm)

    def row(self, spec: FieldSpec, name: str, index: int | str, number: int, trail: str = "") -> Row:
        assert spec.item is not None
        item, row_name = spec.item, f"{name}-{index}"
        title = self.form.layout.hint(spec).entry or "Entry"
        inner = _trail(trail, f"{title} {number}")
        if spec.kind is Kind.PAIRS:
            named = self.entry(self.kit.pair_names[spec], f"{row_name}-name", trail=inner)
            entries = [named, self.entry(item, f"{row_name}-value", trail=inner, firm=True)]
            style = "pair" if item.kind not in self.makers else "card"
        else:
            entries = [self.entry(item, row_name, trail=inner, firm=True)]
            style = "line" if isinstance(entries[0], Control) and item.kind not in self.makers else "card"
        marker = {Kind.OBJECT: "{}", Kind.PAIRS: "{}", Kind.ROWS: "[]"}.get(item.kind, "") if style == "card" else ""
        marker = "" if isinstance(entries[-1], Control) else marker
        return Row(row_name, self.form.add_prefix(row_name), number, title, entries, style, marker)

    def _variants(self, spec: FieldSpec, name: str, trail: str, firm: bool) -> Entry:  # noqa: FBT001
        choice_name = f"{name}-{spec.tag}"
        text = self.text(choice_name)
        if spec.open_ended and not text and self.text(name).strip():
            text = self.kit.choices[spec].other
        choice = Control(self.form, self.kit.choices[spec], choice_name, text, trail=trail)
        choice.required = firm and _always_there(spec) and not is_entry(spec)
        panels = [
            (member.title, [
                self.entry(part, part_name(spec, member, part, name), trail=trail, firm=True) for part in member.parts
            ]) for member in spec.members
        ]  # fmt: skip
        opens = {tag: number for number, member in enumerate(spec.members, 1) for tag in member.tags}
        if spec.open_ended:
            json = Control(self.form, self.kit.json_fields[spec], name, self.text(name), trail=trail)
            json.label, json.help_text = "JSON", ""
            panels.append(("", [json]))
            opens[OTHER] = len(panels)
        return Variants(self.form, spec, name, choice, list(numbered(panels)), opens)

    def _either(self, spec: FieldSpec, name: str, trail: str, firm: bool) -> Entry:  # noqa: FBT001
        assert spec.item is not None
        field = self.kit.choices[spec]
        text = self.text(name)
        if name not in self.typed and self.typed.below(name):
            text = field.other
        choice = Control(self.form, field, name, text, trail=trail, firm=firm)
        item: Entry
        if spec.item.kind in {Kind.ROWS, Kind.PAIRS}:
            # While it is not chosen, there is a first row in it: choosing it is then enough to go on.
            item = self._rows(spec.item, name, trail, choice, starts=text != field.other, firm=True)
        else:
            item = self.makers[spec.item.kind](spec.item, name, trail, True)
        return Either(self.form, spec, name, choice, list(numbered([("", [item])])), {OTHER: 1})

    def _answer_shape(self, spec: FieldSpec, name: str, trail: str, firm: bool) -> Entry:  # noqa: FBT001
        assert spec.item is not None
        json = self.control(spec, name, trail=trail, firm=firm)
        json.label, json.help_text = "JSON", ""
        mode = self.text(f"{name}-{answer_shape.MODE}") or (answer_shape.JSON if json.text.strip() else answer_shape.FIELDS)
        choice = Control(self.form, self.kit.choices[spec], f"{name}-{answer_shape.MODE}", mode, trail=trail)
        rows = self._rows(spec.item, name, trail, json, starts=True, firm=True)
        panels = list(numbered([("", [rows]), ("", [json])]))
        return answer_shape.AnswerShape(self.form, spec, name, choice, panels, {answer_shape.FIELDS: 1, answer_shape.JSON: 2})


def _always_there(spec: FieldSpec) -> bool:
    """Wherever that which it is a part of is."""
    return is_entry(spec) or (spec.required and not spec.nullable)


def _trail(trail: str, label: str) -> str:
    return f"{trail}: {label}" if trail else label
