"""Which objects a union is made of, and by which property they are told apart."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from notte_dashboard.schema_forms.references import References

MOST_MEMBERS = 12
"""The style sheet shows the chosen one of so many."""
SCALARS = (str, int, float, bool)


class Tagged(NamedTuple):
    tags: tuple[Any, ...]
    schema: dict[str, Any]


def tagged_members(union: Mapping[str, Any], references: References) -> tuple[str, list[Tagged]]:
    """The tag's name and the members; ("", []) when nothing tells them apart for certain."""
    nodes = union.get("oneOf") or union.get("anyOf") or []
    members = [references.resolved(node) for node in nodes]
    if not 1 < len(members) <= MOST_MEMBERS or not all(isinstance(member.get("properties"), Mapping) for member in members):
        return "", []
    discriminator = union.get("discriminator")
    named = discriminator.get("propertyName") if isinstance(discriminator, Mapping) else None
    mapping = tags_by_reference(discriminator)
    for tag in [named] if named else _common(members):
        tags = [_tags(member["properties"].get(tag), references) or mapping.get(_reference(node), ())
                for node, member in zip(nodes, members, strict=True)]  # fmt: skip
        everyone = [value for values in tags for value in values]
        if all(tags) and len({(type(value), value) for value in everyone}) == len(everyone):
            return str(tag), [Tagged(values, member) for values, member in zip(tags, members, strict=True)]
    return "", []


def _common(members: Sequence[Mapping[str, Any]]) -> list[str]:
    """Properties that all members have, in the order of the first."""
    return [name for name in members[0]["properties"] if all(name in member["properties"] for member in members)]


def _tags(node: Any, references: References) -> tuple[Any, ...]:
    written = references.resolved(node) if isinstance(node, Mapping) else {}
    values = [written["const"]] if "const" in written else written.get("enum", [])
    return tuple(values) if values and all(isinstance(value, SCALARS) for value in values) else ()


def tags_by_reference(discriminator: Any) -> dict[str, tuple[str, ...]]:
    """From the mapping, whose targets are written as the standard has it ("#/…") or as some publish it ({"$ref": "#/…"})."""
    given = discriminator.get("mapping") if isinstance(discriminator, Mapping) else None
    found: dict[str, tuple[str, ...]] = {}
    for tag, target in given.items() if isinstance(given, Mapping) else ():
        reference = target.get("$ref", "") if isinstance(target, Mapping) else str(target)
        reference = reference if "/" in reference else f"#/components/schemas/{reference}"
        found[reference] = (*found.get(reference, ()), tag)
    return found


def _reference(node: Any) -> str:
    return str(node.get("$ref", "")) if isinstance(node, Mapping) else ""
