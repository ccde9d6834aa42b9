"""What the buttons beside rows ask for when there is no script: the same form again, with a row more or less."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from notte_dashboard.schema_forms.answer_shape import EXAMPLES, FIELDS, MODE, AnswerShape, rows_of
from notte_dashboard.schema_forms.controls import Control, Entry
from notte_dashboard.schema_forms.rows import Rows
from notte_dashboard.schema_forms.specs import UNSET
from notte_dashboard.schema_forms.spelling import Speller
from notte_dashboard.schema_forms.typed import Typed

if TYPE_CHECKING:
    from notte_dashboard.schema_forms.form import SchemaForm


class Rearrangement(NamedTuple):
    typed: Typed
    focus: str
    """The control to go on with."""


def asks_for_rows(data: Mapping[str, Any]) -> bool:
    """Whether it was such a button that sent the form: if there is a row to it, nothing is to be started."""
    return any(data.get(command) for command in COMMANDS)


def rearranged(form: "SchemaForm") -> Rearrangement | None:
    """None when nothing of this kind was asked for."""
    for command, answer in COMMANDS.items():
        wanted = form.typed.get(command, "")
        for entry in _all(form.entries) if wanted else ():
            if change := answer(form, entry, wanted):
                return change._replace(typed=Typed({name: text for name, text in change.typed.items() if name != command}))
    return None


def _all(entries: list[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from _all(list(entry.inside()))


def _added(form: "SchemaForm", entry: Entry, wanted: str) -> Rearrangement | None:
    if not isinstance(entry, Rows) or entry.name != wanted:
        return None
    typed = _as_drawn(form, entry)
    name = f"{entry.name}-{entry.next_index}"
    blank = form.kit.blank(entry.spec, name)
    return Rearrangement(Typed(typed | blank), next((key for key in blank if key != name), name))


def _removed(form: "SchemaForm", entry: Entry, wanted: str) -> Rearrangement | None:
    if not isinstance(entry, Rows) or wanted not in {row.name for row in entry.rows}:
        return None
    return Rearrangement(_as_drawn(form, entry).without(wanted), entry.name)


def _as_drawn(form: "SchemaForm", rows: Rows) -> Typed:
    """With the rows that nobody has typed anything into yet."""
    there = {control.name: control.text for row in rows.rows for entry in row.entries for control in entry.controls()}
    markers = {row.name: row.marker for row in rows.rows if row.marker}
    return Typed({**there, **markers, **form.typed})


def _as_json(form: "SchemaForm", entry: Entry, wanted: str) -> Rearrangement | None:
    """All of it as one text, if all of it can be read; otherwise nothing is changed."""
    if isinstance(entry, Control) or entry.name != wanted or entry.spec not in form.kit.json_fields:
        return None
    texts = [(control.field, control.text) for control in entry.live()]
    form.cleaned_data = {control.name: control.field.reading(control.text) for control in entry.live()}
    unreadable = any(field.reading(text) is UNSET and text.strip() for field, text in texts)
    value = entry.read()
    if unreadable or any(True for _ in entry.check()):
        return Rearrangement(form.typed, wanted)
    text = form.kit.json_fields[entry.spec].write({} if value is UNSET and entry.spec.parts else [] if value is UNSET else value)
    return Rearrangement(Typed(form.typed.without(wanted) | {wanted: text}), wanted)


def _as_fields(form: "SchemaForm", entry: Entry, wanted: str) -> Rearrangement | None:
    """The controls again, if they can spell it."""
    if not isinstance(entry, Control) or entry.name != wanted or not entry.stands_for_fields:
        return None
    value = entry.field.reading(entry.text)
    if value is UNSET and entry.text.strip():
        return Rearrangement(form.typed, wanted)
    texts = Speller(form.kit).texts(entry.spec, wanted, value) if value is not UNSET else {}
    return Rearrangement(Typed(form.typed.without(wanted) | texts), wanted)


def _with_example(form: "SchemaForm", entry: Entry, wanted: str) -> Rearrangement | None:
    """Its rows, after those that are there; as JSON only where there is none yet."""
    name, _, number = wanted.rpartition("-")
    if not isinstance(entry, AnswerShape) or entry.name != name or number not in map(str, range(len(EXAMPLES))):
        return None
    schema = EXAMPLES[int(number)].schema
    if not entry.by_fields:
        text = form.typed.get(name, "").strip() or form.kit.json_fields[entry.spec].write(schema)
        return Rearrangement(Typed({**form.typed, name: text}), name)
    named = {control.text for control in entry.builder.controls() if control.spec.key == "name"}
    rows, first = [row for row in rows_of(schema) or [] if row["name"] not in named], entry.builder.next_index
    empty = [row.name for row in entry.builder.rows if not row.is_described]
    typed = _as_drawn(form, entry.builder)
    for row in empty:
        typed = typed.without(row)
    assert entry.spec.item is not None
    speller, item = Speller(form.kit), entry.spec.item.item
    assert item is not None
    for index, row_value in enumerate(rows, first):
        typed = Typed(typed | speller.texts(item, f"{name}-{index}", row_value))
    return Rearrangement(Typed(typed | {f"{name}-{MODE}": FIELDS}), f"{name}-{first}-name")


COMMANDS: dict[str, Callable[["SchemaForm", Entry, str], Rearrangement | None]] = {
    "add": _added,
    "remove": _removed,
    "as_json": _as_json,
    "as_fields": _as_fields,
    "example": _with_example,
}
"""Name of the button -> what it does, told by the button's value which row or list is meant."""
