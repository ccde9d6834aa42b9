"""How the controls inside a spec are called."""

import json
from typing import Any

from notte_dashboard.schema_forms.specs import ENTRY, VALUE, FieldSpec, Kind, Member


def tag_key(tag: Any) -> str:
    return tag if isinstance(tag, str) else json.dumps(tag)


def part_name(union: FieldSpec, member: Member, part: FieldSpec, name: str) -> str:
    """Two members may have a property of the same name, and both are on the page: then the tag stands in between."""
    having = sum(part.key == other.key for each in union.members for other in each.parts)
    return f"{name}-{part.key}" if having == 1 else f"{name}-{tag_key(member.tags[0])}-{part.key}"


def is_entry(spec: FieldSpec) -> bool:
    """Of a list or a map: it is there because its row is."""
    return spec.path[-1] in {ENTRY, VALUE}


def may_be_empty(spec: FieldSpec) -> bool:
    """Whether {} is something to send, other than nothing."""
    return spec.kind is Kind.OBJECT and not spec.schema.get("required") and not spec.schema.get("minProperties")
