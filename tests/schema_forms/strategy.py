"""Requests that nobody thought of: everything that a JSON Schema of the contract accepts, made from the schema itself."""

from hypothesis import strategies as st

from notte_dashboard.notte_api.rules import broken
from notte_dashboard.schema_forms.contract import contract

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
ODD_TEXTS = st.sampled_from(
    ["", " ", " padded ", '"quoted"', "null", "[]", "{}", "a\nb", "a\r\nb", "true", "list", "-1", "</textarea>", "&amp;"]
)
texts = TEXT | ODD_TEXTS
numbers = st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
anything = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
json_schemas = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["string", "number", "integer", "boolean", "null"])}, optional={"description": texts}
    ),
    lambda inner: (
        st.fixed_dictionaries({"type": st.just("array"), "items": inner})
        | st.builds(
            lambda parts, needed: {"type": "object", "properties": parts} | ({"required": sorted(parts)} if needed else {}),
            st.dictionaries(texts, inner, max_size=4),
            st.booleans(),
        )
    ),
    max_leaves=5,
)  # fmt: skip
known_notifiers = st.fixed_dictionaries({"type": st.just("slack"), "token": texts, "channel_id": texts}) | st.fixed_dictionaries(
    {"type": st.just("discord"), "token": texts, "channel_id": st.integers()}
)
BY_HAND = {
    "response_format": st.none() | json_schemas,
    "notifier_config": st.none() | known_notifiers | st.dictionaries(texts, anything, max_size=3),
}
"""Where the schema says less than there is to say."""


def valid(node, schemas, *, tag=""):
    """What this schema accepts. `tag` must be there, because the service wants it though the schema does not."""
    if "$ref" in node:
        return valid(schemas[node["$ref"].rsplit("/", 1)[1]], schemas, tag=tag)
    members = node.get("anyOf") or node.get("oneOf")
    if members:
        tag = node.get("discriminator", {}).get("propertyName", "")
        return st.one_of([valid(member, schemas, tag=tag) for member in members])
    if "const" in node:
        return st.just(node["const"])
    if "enum" in node:
        return st.sampled_from(node["enum"])
    return OF_TYPE[node["type"]](node, schemas, tag) if "type" in node else anything


def objects(node, schemas, tag):
    if not isinstance(node.get("properties"), dict):
        values = node.get("additionalProperties", True)
        return st.dictionaries(texts, anything if values is True else valid(values, schemas), max_size=3)
    parts = {name: valid(part, schemas) for name, part in node["properties"].items()}
    needed = {*node.get("required", ()), tag} & parts.keys()
    return st.fixed_dictionaries(
        {name: parts[name] for name in parts if name in needed},
        optional={name: part for name, part in parts.items() if name not in needed},
    )


def integers(node, _schemas, _tag):
    above = node.get("exclusiveMinimum")
    low = above + 1 if above is not None else node.get("minimum")
    return st.integers(low, node.get("maximum"))


OF_TYPE = {
    "object": objects,
    "array": lambda node, schemas, _: st.lists(valid(node["items"], schemas), max_size=3),
    "string": lambda *_: texts,
    "boolean": lambda *_: st.booleans(),
    "integer": integers,
    "number": lambda *_: numbers,
    "null": lambda *_: st.none(),
}


def requests(form_class):
    """Valid by the schema and by the rules that no schema shows."""
    schemas = contract()["components"]["schemas"]
    node = schemas[form_class.schema_name]
    parts = {name: BY_HAND[name] if name in BY_HAND else valid(part, schemas) for name, part in node["properties"].items()}
    needed = set(node.get("required", ()))
    whole = st.fixed_dictionaries(
        {name: part for name, part in parts.items() if name in needed},
        optional={name: part for name, part in parts.items() if name not in needed},
    )
    return whole.map(lambda request: kept_to_the_rules(form_class, request))


def kept_to_the_rules(form_class, request):
    defaults = {spec.key: spec.default for spec in form_class.specs if spec.default}
    while found := broken(form_class.rules, request, defaults):
        request = {name: value for name, value in request.items() if name not in found[0].fields}
    return request


def places(value, place=()):
    """Every place in a request, the whole of it left out."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*place, key)
        yield from places(inner, (*place, key))


def changed(value, place, new):
    if not place:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[place[0]] = changed(value[place[0]], place[1:], new)
    return copied
