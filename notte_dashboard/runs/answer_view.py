"""An agent's answer as a page shows it: text, or JSON laid out by the format that was asked for."""

import json
from dataclasses import dataclass, field
from typing import Any, Self

from notte_dashboard.runs.reading import mapping

SHOWN_TEXT = 20_000
SHOWN_VALUE = 4_000
DEEPEST = 8
MOST_NODES = 600
MOST_COLUMNS = 10
LONGEST_JSON = 2_000_000
Schema = dict[str, Any]


@dataclass
class Node:
    """One value: a `text`, `number`, `flag` or `nothing`, an `object` of named nodes, a `list`, or a `table` of cells."""

    kind: str
    label: str = ""
    hint: str = ""
    value: str = ""
    nodes: list["Node"] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    rows: list[list["Node"]] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True)
class AnswerView:
    """`root` when the JSON was laid out, `pretty` when there was no format to do it by, `text` when it is no JSON."""

    text: str
    pretty: str = ""
    root: Node | None = None
    note: str = ""

    @classmethod
    def of(cls, answer: str, response_format: Any) -> Self | None:
        if not answer:
            return None
        schema = _schema(response_format)
        is_json, value = parsed(answer)
        if not is_json or not isinstance(value, dict | list):
            asked = schema is not None and not is_json
            return cls(answer[:SHOWN_TEXT], note="This is not the JSON that was asked for." if asked else "")
        if schema is None:
            return cls(answer, pretty=json.dumps(value, indent=2, ensure_ascii=False)[:SHOWN_TEXT])
        return cls(answer, root=_Layout(schema).node(value, schema, ""))


def parsed(answer: str) -> tuple[bool, Any]:
    try:
        return True, json.loads(answer) if len(answer) <= LONGEST_JSON else None
    except (ValueError, RecursionError):
        return False, None


def as_json(answer: str) -> str:
    """For a file: the JSON of the answer, or the answer as a JSON string."""
    is_json, value = parsed(answer)
    return json.dumps(value if is_json else answer, indent=2, ensure_ascii=False) + "\n"


def _schema(response_format: Any) -> Schema | None:
    if isinstance(response_format, str):
        response_format = parsed(response_format)[1]
    return response_format if isinstance(response_format, dict) and response_format else None


class _Layout:
    """Lays out at most so many values: an answer may be as large as its writer likes."""

    def __init__(self, document: Schema) -> None:
        self.document, self.left = document, MOST_NODES

    def node(self, value: Any, schema: Schema, name: str, depth: int = 0) -> Node:
        schema = self.resolved(schema)
        label = str(schema.get("title") or name.replace("_", " ").capitalize() if name else "")[:200]
        hint = str(schema.get("description") or "")[:500] if name else ""
        self.left -= 1
        if isinstance(value, dict | list) and depth >= DEEPEST:
            return Node("text", label, hint, json.dumps(value, ensure_ascii=False)[:SHOWN_VALUE])
        if isinstance(value, dict):
            return self._object(value, schema, Node("object", label, hint), depth)
        if isinstance(value, list):
            return self._list(value, mapping(schema.get("items")), Node("list", label, hint), depth)
        return _scalar(value, label, hint)

    def _object(self, value: dict[str, Any], schema: Schema, node: Node, depth: int) -> Node:
        known = mapping(schema.get("properties"))
        names = [*known, *(name for name in value if name not in known)]
        for name in names[: max(self.left, 0)]:
            node.nodes.append(self.node(value.get(name), mapping(known.get(name)), str(name), depth + 1))
        node.more = len(names) - len(node.nodes)
        return node

    def _list(self, values: list[Any], schema: Schema, node: Node, depth: int) -> Node:
        schema = self.resolved(schema)
        columns = self._columns(values, schema)
        if columns:
            return self._table(values, schema, columns, node, depth)
        for value in values:
            if self.left <= 0:
                break
            node.nodes.append(self.node(value, schema, "", depth + 1))
        node.more = len(values) - len(node.nodes)
        return node

    def _columns(self, values: list[Any], schema: Schema) -> list[str]:
        """The names of a list of alike objects; none when they are too many for a table."""
        if not values or not all(isinstance(value, dict) for value in values):
            return []
        names = dict.fromkeys([*mapping(schema.get("properties")), *(str(name) for value in values for name in value)])
        return list(names) if len(names) <= MOST_COLUMNS else []

    def _table(self, values: list[Any], schema: Schema, columns: list[str], node: Node, depth: int) -> Node:
        known = mapping(schema.get("properties"))
        node.kind = "table"
        node.columns = [self.node(None, mapping(known.get(name)), name).label for name in columns]
        for value in values:
            if self.left <= 0:
                break
            node.rows.append([self.node(value.get(name), mapping(known.get(name)), "", depth + 1) for name in columns])
        node.more = len(values) - len(node.rows)
        return node

    def resolved(self, schema: Schema) -> Schema:
        """Follows references within the document, and takes the first choice that is not null."""
        for _ in range(DEEPEST):
            found = self._referred(schema.get("$ref")) or _first_choice(schema)
            if found is None:
                return schema
            schema = {**found, **{name: told for name, told in schema.items() if name in {"title", "description"}}}
        return schema

    def _referred(self, reference: Any) -> Schema | None:
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return None
        found: Any = self.document
        for part in reference[2:].split("/"):
            found = mapping(found).get(part)
        return found if isinstance(found, dict) else None


def _first_choice(schema: Schema) -> Schema | None:
    lists = (schema.get(name) for name in ("anyOf", "oneOf", "allOf"))
    choices: list[Any] = next((found for found in lists if isinstance(found, list)), [])
    return next((choice for choice in choices if isinstance(choice, dict) and choice.get("type") != "null"), None)


def _scalar(value: Any, label: str, hint: str) -> Node:
    if value is None or value == "":
        return Node("nothing", label, hint)
    if isinstance(value, bool):
        return Node("flag", label, hint, "Yes" if value else "No")
    if isinstance(value, int | float):
        return Node("number", label, hint, str(value)[:SHOWN_VALUE])
    return Node("text", label, hint, str(value)[:SHOWN_VALUE])
