"""A schema flattened: what it says at each place, references followed, so that two spellings of it are equal. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from notte_dashboard.schema_forms.references import References, UnknownReferenceError

Place = tuple[str, ...]
Facts = dict[str, Any]
MOST_PLACES = 20_000
DEEPEST = 24
UNION = "one of"
AGAIN = "again"
STRUCTURE = frozenset(
    {"type", "properties", "required", "items", "additionalProperties", "anyOf", "oneOf", "discriminator", "nullable", "$defs"}
)


class TooLargeError(ValueError):
    """The document holds more than can be compared."""

    def __init__(self) -> None:
        super().__init__("The document is too large, or too deeply nested, to be compared.")


def facts_of(document: Mapping[str, Any], node: Any, *, stop: frozenset[str] = frozenset()) -> dict[Place, Facts]:
    """From each place under this schema to its keywords, parents first. References in `stop` are named, not followed."""
    walk = _Walk(document, stop)
    walk.visit((), node, {}, ())
    return walk.found


class _Walk:
    def __init__(self, document: Mapping[str, Any], stop: frozenset[str]) -> None:
        self.references = References(document)
        self.stop = stop
        self.found: dict[Place, Facts] = {}
        self.seen = 0

    def visit(self, place: Place, node: Any, said: Facts, trail: tuple[str, ...]) -> None:
        self._count(len(place))
        reference = _reference(node)
        if reference and (reference in trail or (place and reference in self.stop)):
            self.found[place] = {**said, "type": _last_part(reference)}
            return
        trail = (*trail, reference) if reference else trail
        try:
            core, members, nullable = self._core(node)
        except (UnknownReferenceError, RecursionError):
            self.found[place] = {**said, "type": "a reference that leads nowhere", "$ref": reference}
            return
        if nullable:
            said = {**said, "null": True}
        if members:
            self._union(place, core, members, said, trail)
        else:
            self._plain(place, core, said, trail)

    def _core(self, node: Any) -> tuple[dict[str, Any], list[Any], bool]:
        """The schema without null and without unions of one; the members of a true union; whether null is accepted."""
        core, nullable = self.references.resolved(node), False
        for _ in range(DEEPEST):
            nullable = nullable or core.get("nullable") is True
            keyword = next((each for each in ("anyOf", "oneOf") if isinstance(core.get(each), list)), None)
            members = core[keyword] if keyword else _by_type(core)
            kept = [member for member in members if not self._is_null(member)]
            nullable = nullable or len(kept) < len(members)
            beside = {key: value for key, value in core.items() if key not in {keyword, "nullable"}}
            if len(kept) != 1:
                return beside, kept, nullable
            core = {**self.references.resolved(kept[0]), **beside} if keyword else kept[0]
            if not keyword and not isinstance(core.get("type"), list):
                return core, [], nullable
        raise RecursionError

    def _is_null(self, member: Any) -> bool:
        resolved = self.references.resolved(member)
        return resolved.get("type") == "null" or ("const" in resolved and resolved["const"] is None)

    def _union(self, place: Place, core: dict[str, Any], members: list[Any], said: Facts, trail: tuple[str, ...]) -> None:
        labels: dict[str, Any] = {}
        for member in members:
            label = self._label(member, core)
            number = sum(1 for known in labels if known.partition(" #")[0] == label)
            labels[f"{label} #{number + 1}" if number else label] = member
        self.found[place] = {**said, "type": UNION, "members": sorted(labels), **self._keywords(core, trail)}
        for label, member in labels.items():
            self.visit((*place, f"<{label}>"), member, {}, trail)

    def _label(self, member: Any, union: dict[str, Any]) -> str:
        resolved = self.references.resolved(member)
        if "enum" in resolved or "const" in resolved:
            return "choice"
        properties = _mapping(resolved.get("properties"))
        if resolved.get("type", "object") != "object" or not properties:
            return str(resolved.get("type", "anything"))
        tag = self.references.resolved(properties.get(str(_mapping(union.get("discriminator")).get("propertyName", "type"))))
        named = tag.get("const") or next(iter(_list(tag.get("enum"))), None) or tag.get("default")
        return str(named or _last_part(_reference(member)) or resolved.get("title") or "object")

    def _plain(self, place: Place, core: dict[str, Any], said: Facts, trail: tuple[str, ...]) -> None:
        properties = _mapping(core.get("properties"))
        kind = core.get("type", "object" if properties else "anything")
        self.found[place] = {**said, "type": kind, **self._keywords(core, trail)}
        required = _list(core.get("required"))
        for name, part in properties.items():
            self.visit((*place, str(name)), part, {"required": True} if name in required else {}, trail)
        if isinstance(core.get("items"), dict):
            self.visit((*place, "[]"), core["items"], {}, trail)
        if isinstance(core.get("additionalProperties"), dict):
            self.visit((*place, "{}"), core["additionalProperties"], {}, trail)

    def _keywords(self, core: dict[str, Any], trail: tuple[str, ...]) -> Facts:
        facts = {key: self._expanded(value, trail, 0) for key, value in core.items() if key not in STRUCTURE}
        if isinstance(facts.get("enum"), list):
            facts["enum"] = sorted(facts["enum"], key=lambda value: (str(type(value)), str(value)))
        if core.get("additionalProperties") is False:
            facts["additionalProperties"] = False
        if "propertyName" in _mapping(core.get("discriminator")):
            facts["discriminator"] = core["discriminator"]["propertyName"]
        return facts

    def _expanded(self, value: Any, trail: tuple[str, ...], depth: int) -> Any:
        """With the schemas that it refers to in place: a change in one of them is a change here."""
        self._count(depth)
        if isinstance(value, list):
            return [self._expanded(item, trail, depth + 1) for item in value]
        if not isinstance(value, Mapping):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str):
            if reference in trail:
                return {AGAIN: _last_part(reference)}
            try:
                value = self.references.resolved(value)
            except UnknownReferenceError:
                return dict(value)
            trail = (*trail, reference)
        return {key: self._expanded(item, trail, depth + 1) for key, item in value.items()}

    def _count(self, depth: int) -> None:
        self.seen += 1
        if self.seen > MOST_PLACES or depth > DEEPEST:
            raise TooLargeError


def _by_type(core: dict[str, Any]) -> list[dict[str, Any]]:
    """A list of types is a union written shortly; a lone schema is its only member."""
    if not isinstance(core.get("type"), list):
        return [core]
    return [{**core, "type": kind} for kind in core["type"]]


def _reference(node: Any) -> str:
    """Of a schema that is a reference, be it wrapped in a lone allOf."""
    if not isinstance(node, Mapping):
        return ""
    inner = node.get("allOf")
    if "$ref" not in node and isinstance(inner, list) and len(inner) == 1:
        return _reference(inner[0])
    return node["$ref"] if isinstance(node.get("$ref"), str) else ""


def _last_part(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def written(place: Place) -> str:
    """As in `proxies[].<external>.server`."""
    return "".join(_joined(place)) or "(the whole)"


def _joined(place: Place) -> Iterator[str]:
    for position, part in enumerate(place):
        yield part if part in {"[]", "{}"} or not position else f".{part}"
