"""JSON Schema to field specs. A construct this walk does not know becomes a JSON field: it shows, validates and can be sent."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from notte_dashboard.schema_forms.references import References
from notte_dashboard.schema_forms.specs import ENTRY, UNSET, VALUE, FieldSpec, Kind, Member
from notte_dashboard.schema_forms.unions import tagged_members

DEEPEST = 4
NOT_A_FIELDSET = frozenset({"patternProperties", "allOf", "if", "not"})
SCALARS = (str, int, float, bool, type(None))
PLAIN_KINDS = {"string": Kind.TEXT, "integer": Kind.INTEGER, "number": Kind.NUMBER}


class UnknownSchemaError(LookupError):
    """The contract has no request of this name (any more)."""


class SchemaWalk:
    """One request schema of a document: its field specs, and the schema that a body must validate against."""

    def __init__(self, document: Mapping[str, Any], schema_name: str) -> None:
        self.references = References(document)
        schemas = document.get("components", {}).get("schemas", {})
        if schema_name not in schemas:
            raise UnknownSchemaError(schema_name)
        self.request = self.references.resolved(schemas[schema_name])
        self.properties: dict[str, Any] = self.request.get("properties", {})
        self.broken = {name for name, node in self.properties.items() if not self.references.usable(node)}
        self.components = document["components"]

    def specs(self) -> tuple[FieldSpec, ...]:
        return self._parts((), self.request)

    def body_schema(self) -> dict[str, Any]:
        """Self-contained; a property whose schema no validator understands accepts anything, as the API is the judge of it."""
        properties = {name: {} if name in self.broken else node for name, node in self.properties.items()}
        return {**self.request, "properties": properties, "components": self.components}

    def spec(self, path: tuple[str, ...], node: Any, *, required: bool = False, siblings: tuple[str, ...] = ()) -> FieldSpec:
        written = node if isinstance(node, Mapping) else {}
        plain = FieldSpec(path, Kind.JSON, required, _text(written, "title"), _text(written, "description"), {})
        if len(path) == 1 and path[0] in self.broken:
            return plain
        core, nullable = self._without_null(node)
        default = UNSET if core.get("default") is None else core["default"]
        description = plain.description or _text(core, "description")
        spec = replace(plain, schema=core, nullable=nullable, default=default, description=description)
        return self._classified(spec, siblings)

    def _parts(self, path: tuple[str, ...], node: Mapping[str, Any], without: str = "") -> tuple[FieldSpec, ...]:
        required, names = set(node.get("required", ())), tuple(node.get("properties", {}))
        return tuple(
            self.spec((*path, name), part, required=name in required, siblings=names)
            for name, part in node.get("properties", {}).items()
            if name != without
        )

    def _without_null(self, node: Any) -> tuple[dict[str, Any], bool]:
        """The schema of what is not null, unions of one member dissolved, and whether null is accepted."""
        core, nullable = self.references.resolved(node), False
        if isinstance(core.get("type"), list) and "null" in core["type"]:
            others = [name for name in core["type"] if name != "null"]
            core, nullable = {**core, "type": others[0] if len(others) == 1 else others}, True
        for _ in range(DEEPEST):
            union = [keyword for keyword in ("anyOf", "oneOf") if keyword in core]
            if len(union) != 1:
                break
            resolved = [(member, self.references.resolved(member)) for member in core[union[0]]]
            # References stay written where the union stays: a discriminator names its members by them.
            others = [(member, found) for member, found in resolved if found.get("type") != "null"]
            nullable = nullable or len(others) < len(resolved)
            beside = {key: value for key, value in core.items() if key != union[0]}
            if len(others) != 1:
                return {**beside, union[0]: [member for member, _ in others]}, nullable
            core = {**others[0][1], **beside}
        return core, nullable

    def _classified(self, spec: FieldSpec, siblings: tuple[str, ...]) -> FieldSpec:
        core = spec.schema
        closed, open_ended = self._choices(core)
        if closed is not None:
            kind = Kind.SUGGEST if open_ended else Kind.CHOICE
            spec = replace(spec, kind=kind, values=closed)
        elif (plain := PLAIN_KINDS.get(str(core.get("type")))) and not _is_union(core):
            spec = replace(spec, kind=plain)
        elif len(spec.path) < DEEPEST and not any(name.startswith(f"{spec.key}-") for name in siblings):
            spec = self._of_parts(spec)
        return _with_null_distinct(spec)

    def _of_parts(self, spec: FieldSpec) -> FieldSpec:
        """Made of other controls, if we know how; names that two controls would share cannot be drawn apart."""
        core = spec.schema
        if _is_union(core):
            return self._tagged(spec) or self._either(spec) or spec
        if _is_object(core):
            parts = core["properties"]
            return spec if any("-" in name for name in parts) else replace(
                spec, kind=Kind.OBJECT, parts=self._parts(spec.path, core)
            )  # fmt: skip
        if core.get("type") == "array" and "items" in core and "prefixItems" not in core:
            return self._holding(spec, Kind.ROWS, self.spec((*spec.path, ENTRY), core["items"]))
        values = core.get("additionalProperties")
        is_map = core.get("type") == "object" and not core.get("properties") and NOT_A_FIELDSET.isdisjoint(core)
        if is_map and isinstance(values, Mapping):
            return self._holding(spec, Kind.PAIRS, self.spec((*spec.path, VALUE), values))
        return spec

    def _holding(self, spec: FieldSpec, kind: Kind, item: FieldSpec) -> FieldSpec:
        """Rows of JSON would be no easier to fill in than JSON."""
        return spec if item.kind is Kind.JSON else replace(spec, kind=kind, item=item)

    def _tagged(self, spec: FieldSpec) -> FieldSpec | None:
        tag, members = tagged_members(spec.schema, self.references)
        if not tag or not all(_is_object(member.schema) and tag in member.schema["properties"] for member in members):
            return None
        if any("-" in name for member in members for name in member.schema["properties"]):
            return None
        made = tuple(
            Member(tags, _text(schema, "title"), self._parts(spec.path, schema, without=tag), schema) for tags, schema in members
        )
        return replace(spec, kind=Kind.VARIANTS, tag=tag, members=made)

    def _either(self, spec: FieldSpec) -> FieldSpec | None:
        """Some fixed values (mostly: on and off), or one thing that takes controls of its own."""
        members = self._members(spec.schema)
        fixed = [values for member in members if (values := _values(self.references.resolved(member))) is not None]
        others = [member for member in members if _values(self.references.resolved(member)) is None]
        values = tuple(value for group in fixed for value in group)
        if not values or not others:
            return None
        several = {key: spec.schema[key] for key in ("discriminator",) if key in spec.schema} | {"oneOf": others}
        item = self.spec(spec.path, others[0] if len(others) == 1 else several, required=True)
        known = item.kind in {Kind.ROWS, Kind.PAIRS, Kind.OBJECT, Kind.VARIANTS}
        return replace(spec, kind=Kind.EITHER, values=values, item=item) if known and not item.nullable else None

    def _members(self, core: Mapping[str, Any]) -> list[Any]:
        return list(core.get("anyOf") or core.get("oneOf") or [])

    def _choices(self, core: Mapping[str, Any]) -> tuple[tuple[Any, ...] | None, bool]:
        """Values to choose from, and whether any other text is welcome too."""
        if not _is_union(core):
            return _values(core), False
        members = [self.references.resolved(member) for member in self._members(core)]
        named = [values for member in members if (values := _values(member)) is not None]
        free = [member for member in members if _values(member) is None]
        everything = tuple(dict.fromkeys(value for values in named for value in values))
        if not free and everything:
            return everything, False
        texts = all(isinstance(value, str) for value in everything)
        if len(free) == 1 and free[0].get("type") == "string" and everything and texts:
            return everything, True
        return None, False


def _text(node: Mapping[str, Any], keyword: str) -> str:
    value = node.get(keyword)
    return value if isinstance(value, str) else ""


def _is_union(node: Mapping[str, Any]) -> bool:
    return "anyOf" in node or "oneOf" in node


def _is_object(core: Mapping[str, Any]) -> bool:
    """Of known properties and no others."""
    if core.get("type", "object") != "object" or not core.get("properties") or _is_union(core):
        return False
    return core.get("additionalProperties", False) is False and NOT_A_FIELDSET.isdisjoint(core)


def _values(node: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The only values this schema accepts, if it names them."""
    if "const" in node:
        values: list[Any] = [node["const"]]
    elif node.get("type") == "boolean" and "enum" not in node:
        values = [True, False]
    else:
        values = node.get("enum", [])
    return tuple(values) if values and all(isinstance(value, SCALARS) for value in values) else None


def _with_null_distinct(spec: FieldSpec) -> FieldSpec:
    """Beside a default of its own, null says something that leaving the field out does not: it must be sendable."""
    if spec.kind is Kind.CHOICE:
        values = tuple(value for value in spec.values if value is not None)
        nullable = spec.nullable or len(values) < len(spec.values)
        distinct = nullable and spec.default is not UNSET
        return replace(spec, nullable=nullable, values=(*values, None) if distinct else values)
    if spec.nullable and spec.default is not UNSET:
        return replace(spec, kind=Kind.JSON, values=(), parts=(), item=None, members=(), tag="")
    return spec
