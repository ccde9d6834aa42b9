"""$ref in an OpenAPI document: looked up, merged with what stands beside it, and checked before anything relies on it."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

MOVES_THE_BASE = frozenset({"$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef"})


class UnknownReferenceError(LookupError):
    """A $ref leads nowhere, outside the document, or back to itself."""


class References:
    """The schemas of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.is_sound = cache(self._is_sound)

    def lookup(self, reference: str) -> Any:
        if not reference.startswith("#/"):
            raise UnknownReferenceError(reference)
        place: Any = self.document
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(place, Mapping) or key not in place:
                raise UnknownReferenceError(reference)
            place = place[key]
        return place

    def resolved(self, node: Any) -> dict[str, Any]:
        """The schema without a $ref (or a lone allOf) on top; what stands beside the reference wins."""
        followed: set[str] = set()
        while isinstance(node, Mapping):
            if "$ref" in node:
                reference = node["$ref"]
                if reference in followed:
                    raise UnknownReferenceError(reference)
                followed.add(reference)
                node = _merged(self.lookup(reference), node, without="$ref")
            elif len(node.get("allOf", ())) == 1:
                node = _merged(node["allOf"][0], node, without="allOf")
            else:
                return dict(node)
        return {} if node is not False else {"not": {}}

    def usable(self, node: Any) -> bool:
        """Whether a validator can work with this schema and with everything it refers to."""
        try:
            Draft202012Validator.check_schema(node, format_checker=Draft202012Validator.FORMAT_CHECKER)
        except SchemaError:
            return False
        return not _uses(node, MOVES_THE_BASE) and all(self._reachable_sound(_references(node)))

    def _reachable_sound(self, references: Iterator[str]) -> Iterator[bool]:
        waiting, seen = list(references), set[str]()
        while waiting:
            reference = waiting.pop()
            if reference in seen:
                continue
            seen.add(reference)
            sound = self.is_sound(reference)
            yield sound
            if sound:
                waiting.extend(_references(self.lookup(reference)))

    def _is_sound(self, reference: str) -> bool:
        try:
            target = self.lookup(reference)
            self.resolved(target)
            Draft202012Validator.check_schema(target, format_checker=Draft202012Validator.FORMAT_CHECKER)
        except (UnknownReferenceError, SchemaError):
            return False
        return not _uses(target, MOVES_THE_BASE)


def _merged(target: Any, node: Mapping[str, Any], *, without: str) -> Any:
    if not isinstance(target, Mapping):
        return target
    beside = {key: value for key, value in node.items() if key != without}
    if "properties" in target and "properties" in beside:
        beside["properties"] = {**target["properties"], **beside["properties"]}
        beside["required"] = [*target.get("required", ()), *beside.get("required", ())]
    return {**target, **beside}


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for key, value in node.items():
            if key not in {"default", "const", "enum", "example", "examples", "discriminator"}:
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _uses(node: Any, keywords: frozenset[str]) -> bool:
    if isinstance(node, Mapping):
        return not keywords.isdisjoint(node) or any(_uses(value, keywords) for value in node.values())
    return isinstance(node, list) and any(_uses(value, keywords) for value in node)
