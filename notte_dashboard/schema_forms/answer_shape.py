"""A JSON Schema as a person puts it together: simple fields, or JSON. Both are kept, one is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notte_dashboard.schema_forms.controls import Control, Flawed, Place
from notte_dashboard.schema_forms.errors import Loc
from notte_dashboard.schema_forms.fields import same
from notte_dashboard.schema_forms.layouts import Hint
from notte_dashboard.schema_forms.messages import REQUIRED
from notte_dashboard.schema_forms.panels import Panels
from notte_dashboard.schema_forms.rows import MOST_ROWS, TWICE, Rows
from notte_dashboard.schema_forms.specs import UNSET

MODE = "mode"
FIELDS, JSON = "fields", "json"
MODES = {FIELDS: "Simple fields", JSON: "JSON Schema"}
TYPES: Mapping[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "string"}},
}
BUILDER: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "type": {"enum": list(TYPES)},
            "description": {"type": "string"},
            "required": {"type": "boolean"},
        },
        "required": ["name", "type", "required"],
    },
}
"""One row for each property of the answer."""
BUILDER_HINTS: Mapping[str, Hint] = {
    "name": Hint(placeholder="price"),
    "type": Hint(
        options={
            "string": "Text", "number": "Number", "integer": "Whole number", "boolean": "Yes or no", "list": "List of texts"
        },
        initial="string",
    ),
    "description": Hint(placeholder="What it is, for the agent"),
    "required": Hint(label="Always there", tick=True, initial="true"),
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    title: str
    schema: dict[str, Any]


def _example(title: str, /, **properties: dict[str, Any]) -> Example:
    return Example(title, {"type": "object", "properties": properties, "required": list(properties)})


EXAMPLES = (
    _example(
        "A product",
        name={"type": "string"},
        price={"type": "number", "description": "Without the currency"},
        currency={"type": "string", "description": "Three letters, such as EUR"},
        in_stock={"type": "boolean"},
    ),
    _example(
        "An article",
        title={"type": "string"},
        summary={"type": "string", "description": "Two or three sentences"},
        authors={"type": "array", "items": {"type": "string"}},
    ),
    _example(
        "Yes or no",
        answer={"type": "boolean"},
        reason={"type": "string", "description": "What on the page says so"},
    ),
)


class AnswerShape(Panels):
    template = "partials/rows/answer_shape.html"

    @property
    def builder(self) -> Rows:
        rows = self.panels[0].entries[0]
        assert isinstance(rows, Rows)
        return rows

    @property
    def json(self) -> Control:
        control = self.panels[1].entries[0]
        assert isinstance(control, Control)
        return control

    @property
    def examples(self) -> Sequence[Example]:
        return EXAMPLES

    @property
    def is_set(self) -> bool:
        return self.json.is_set or any(row.is_described for row in self.builder.rows)

    @property
    def by_fields(self) -> bool:
        return bool(self.choice.field.reading(self.choice.text) == FIELDS)

    def _named(self) -> list[dict[str, Any]]:
        """Rows that say something: a type alone does not. A description alone is told as an error."""
        return [row for row in self.builder.read() or [] if row.get("name")]

    def read(self) -> Any:
        if not self.by_fields:
            return self.json.read()
        rows = self._named()
        return schema_of(rows) if rows else UNSET

    def check(self) -> Flawed:
        if not self.by_fields:
            return
        seen: set[str] = set()
        for row in self.builder.rows:
            controls = {control.spec.key: control for control in row.entries[0].controls()}
            name, described = controls["name"].read(), controls["description"].read()
            if name is UNSET and described is not UNSET:
                yield controls["name"], REQUIRED
            elif name in seen:
                yield controls["name"], TWICE
            seen |= {name} if name is not UNSET else set()

    def find(self, loc: Loc) -> Place:
        return self.json.find(loc) if not self.by_fields else Place(self.choice)


def schema_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    properties = {
        row["name"]: TYPES[row.get("type") or "string"] | ({"description": row["description"]} if row.get("description") else {})
        for row in rows
    }
    required = [row["name"] for row in rows if row.get("required")]
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def rows_of(schema: Any) -> list[dict[str, Any]] | None:
    """The rows that make exactly this schema, or None."""
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(properties, Mapping) or not 0 < len(properties) <= MOST_ROWS:
        return None
    rows = [_row(name, node, schema.get("required", ())) for name, node in properties.items()]
    return rows if same(schema_of(rows), schema) and "" not in properties else None


def _row(name: str, node: Any, required: Any) -> dict[str, Any]:
    node = node if isinstance(node, Mapping) else {}
    kind = next(
        (kind for kind, plain in TYPES.items() if plain == {k: v for k, v in node.items() if k != "description"}), "string"
    )
    needed = isinstance(required, list) and name in required
    return {"name": name, "type": kind, "required": needed} | (
        {"description": node["description"]} if node.get("description") else {}
    )
