"""What is told of two contracts: every drift that was met or foretold, and nothing where only the spelling differs."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notte_dashboard.contract.differences import Sort, compare, differences
from notte_dashboard.contract.facts import MOST_PLACES, TooLargeError, facts_of
from notte_dashboard.notte_api.contract import contract_with_overrides, published

REQUEST = "Start of a session, request"
ANSWER = "Start of a session, answer"


def drift(change, *, of=contract_with_overrides):
    """Section title -> [(sort, place, text)] after somebody changed the document."""
    after = copy.deepcopy(of())
    change(after["components"]["schemas"], after)
    return told(differences(of(), after))


def told(sections):
    return {section.title: [(change.sort, change.place, change.text) for change in section.changes] for section in sections}


def session(change):
    """A change of the session request's properties."""
    return drift(lambda schemas, _: change(schemas["ApiSessionStartRequest"]["properties"]))


def put(name, schema):
    return lambda properties: properties.update({name: schema})


def edit(name, **keywords):
    return lambda properties: properties[name].update(keywords)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("note", {"type": "string", "title": "Note"}), (Sort.ADDED, "note", "new: string")),
        (
            put("note", {"type": "integer", "minimum": 1, "maximum": 9, "default": 3}),
            (Sort.ADDED, "note", "new: integer, minimum 1, maximum 9, default 3"),
        ),
        (
            put("kind", {"enum": ["a", "b"], "type": "string"}),
            (Sort.ADDED, "kind", "new: string, one of a, b"),
        ),
        (
            put("extra", {"type": "object", "properties": {"deep": {"type": "object", "properties": {"x": {}}}}}),
            (Sort.ADDED, "extra", "new: object"),
        ),
        (put("odd", {"prefixItems": [{"type": "string"}]}), (Sort.ADDED, "odd", "new: anything")),
        (lambda properties: properties.pop("headless"), (Sort.REMOVED, "headless", "gone, was: boolean, default true")),
        (edit("max_duration_minutes", maximum=60), (Sort.CHANGED, "max_duration_minutes", "maximum: 1440 → 60")),
        (edit("max_duration_minutes", minimum=2), (Sort.CHANGED, "max_duration_minutes", "minimum: none → 2")),
        (edit("max_duration_minutes", multipleOf=5), (Sort.CHANGED, "max_duration_minutes", "multipleOf: none → 5")),
        (edit("solve_captchas", default=True), (Sort.CHANGED, "solve_captchas", "default: false → true")),
        (
            lambda properties: properties["browser_type"]["enum"].append("safari"),
            (Sort.CHANGED, "browser_type", "choices: new safari"),
        ),
        (
            lambda properties: properties["browser_type"]["enum"].remove("firefox"),
            (Sort.CHANGED, "browser_type", "choices: gone firefox"),
        ),
        (edit("headless", description="Other words"), (Sort.WORDING, "headless", "Other words")),
        (edit("headless", type="string"), (Sort.CHANGED, "headless", "type: boolean")),
        (
            lambda properties: properties["profile"]["anyOf"].pop(),
            (Sort.CHANGED, "profile", "null accepted: yes → no"),
        ),
        (
            lambda properties: properties["proxies"]["anyOf"].pop(),
            (Sort.CHANGED, "proxies", "type: one of array, boolean"),
        ),
        (
            lambda properties: properties["proxies"]["anyOf"].append({"type": "string"}),
            (Sort.ADDED, "proxies.<string>", "new: string"),
        ),
        (edit("extra_http_headers", **{"x-unheard-of": {"a": 1}}), (Sort.CHANGED, "extra_http_headers", "x-unheard-of: none")),
    ],
)
def test_a_drift_of_the_request_is_told_in_its_place(change, expected):
    sort, place, text = expected
    (found,) = session(change)[REQUEST]
    assert found[:2] == (sort, place)
    assert text in found[2]


def test_a_field_that_becomes_required_is_told():
    def require(schemas, _):
        schemas["ApiSessionStartRequest"]["required"] = ["vault_id"]

    assert drift(require) == {REQUEST: [(Sort.CHANGED, "vault_id", "required: no → yes")]}


def test_a_field_of_a_nested_part_is_told_by_its_whole_place():
    def grow(schemas, _):
        schemas["ExternalProxy"]["properties"]["port"] = {"type": "integer"}
        schemas["ExternalProxy"]["required"].append("username")
        del schemas["NotteProxy"]["properties"]["country"]

    gone = "proxies.<array>[].<notte>.country"
    found = {place: (sort, text) for sort, place, text in drift(grow)[REQUEST]}
    assert found.pop(gone)[0] is Sort.REMOVED
    assert found == {
        "proxies.<array>[].<external>.port": (Sort.ADDED, "new: integer"),
        "proxies.<array>[].<external>.username": (Sort.CHANGED, "required: no → yes"),
    }


def test_a_new_member_of_a_union_is_told_by_its_discriminator():
    def add(schemas, _):
        schemas["TorProxy"] = {"type": "object", "properties": {"type": {"const": "tor"}, "exit": {"type": "string"}}}
        schemas["ApiSessionStartRequest"]["properties"]["proxies"]["anyOf"][0]["items"]["oneOf"].append(
            {"$ref": "#/components/schemas/TorProxy"}
        )

    assert drift(add) == {REQUEST: [(Sort.ADDED, "proxies.<array>[].<tor>", "new: object")]}


def test_an_answer_is_told_once_whoever_gives_it():
    def grow(schemas, _):
        schemas["SessionResponse"]["properties"]["close_reason"] = {"type": "string", "enum": ["manual", "error"]}

    assert drift(grow) == {ANSWER: [(Sort.ADDED, "close_reason", "new: string, one of error, manual")]}


def test_an_operation_that_is_gone_is_told():
    def remove(_, document):
        del document["paths"]["/agents"]

    assert drift(remove) == {"Agents, answer": [(Sort.REMOVED, "GET /agents", "gone, was: an operation")]}


def other_spellings(schemas, document):
    properties = schemas["ApiSessionStartRequest"]["properties"]
    properties["user_agent"] = {**properties["user_agent"], "type": ["string", "null"]}
    del properties["user_agent"]["anyOf"]
    properties["browser_type"]["enum"].reverse()
    document["paths"] = {path.replace("session_id", "id"): item for path, item in document["paths"].items()}
    document["paths"]["/sessions/start/"] = document["paths"].pop("/sessions/start")


def unread_parts(schemas, document):
    document["info"]["version"] = "1.4.41"
    document["tags"] = []
    document["paths"]["/new"] = {"get": {}}
    schemas["Unused"] = {"type": "object"}


@pytest.mark.parametrize("change", [other_spellings, unread_parts])
def test_another_spelling_is_no_difference(change):
    assert drift(change) == {}


def test_a_schema_in_place_of_its_reference_is_no_difference():
    document = contract_with_overrides()
    name = document["components"]["schemas"]["ApiSessionStartRequest"]["properties"]["profile"]["anyOf"][0]["$ref"].split("/")[-1]

    def put_in(schemas, _):
        schemas["ApiSessionStartRequest"]["properties"]["profile"]["anyOf"][0] = schemas[name]

    assert drift(put_in) == {}


def test_both_spellings_of_the_discriminator_are_the_same():
    assert differences(published(), contract_with_overrides()) == []


def test_a_change_inside_an_unforeseen_construct_is_told():
    schemas = {"A": {"not": {"$ref": "#/components/schemas/B"}}, "B": {"type": "string"}}
    before = {"components": {"schemas": schemas}}
    after = {"components": {"schemas": {**schemas, "B": {"type": "integer"}}}}
    (change,) = compare(facts_of(before, schemas["A"]), facts_of(after, schemas["A"]))
    assert change.keyword == "not"


RECURSIVE = {"components": {"schemas": {"Tree": {"properties": {"kids": {"items": {"$ref": "#/components/schemas/Tree"}}}}}}}


@pytest.mark.parametrize("wrap", [lambda node: node, lambda node: {"allOf": [node]}, lambda node: {"not": node}])
def test_a_schema_within_itself_ends(wrap):
    document = copy.deepcopy(RECURSIVE)
    tree = document["components"]["schemas"]["Tree"]
    tree["properties"]["kids"]["items"] = wrap({"$ref": "#/components/schemas/Tree"})
    assert compare(facts_of(document, tree), facts_of(document, tree)) == []


def test_what_refers_to_nothing_is_told_and_harms_nobody():
    broken = {"properties": {"a": {"$ref": "#/components/schemas/Gone"}, "b": {"type": "string"}}}
    assert facts_of({}, broken)["a",]["type"] == "a reference that leads nowhere"
    assert facts_of({}, broken)["b",]["type"] == "string"


def test_a_document_that_grows_without_end_is_refused():
    node = {"type": "string"}
    for _ in range(60):
        node = {"properties": {"a": node, "b": node}}
    with pytest.raises(TooLargeError):
        facts_of({}, node)
    with pytest.raises(TooLargeError):
        facts_of({}, {"enum": list(range(MOST_PLACES + 1))})


@pytest.mark.parametrize("odd", [True, None, 7, "text", [], {"anyOf": 3}, {"properties": 5}, {"enum": 4}, {"required": True}])
def test_a_schema_that_is_none_is_survived(odd):
    assert facts_of({}, odd) == facts_of({}, copy.deepcopy(odd))
    assert facts_of({}, {"properties": {"type": odd}, "anyOf": [odd, {"type": "object", "properties": {"type": odd}}]})


names = st.sampled_from(["a", "b", "c", "d"])
leaves = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "integer", "boolean"])},
    optional={
        "default": st.none() | st.booleans() | st.integers(0, 3),
        "enum": st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True),
        "minimum": st.integers(0, 3),
        "x-new": st.integers(0, 2),
        "description": st.text(max_size=3),
    },
)
schemas = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.fixed_dictionaries(
            {"type": st.just("object"), "properties": st.dictionaries(names, inner, max_size=3)},
            optional={"required": st.lists(names, unique=True), "additionalProperties": inner | st.just(False)},
        ),
        st.fixed_dictionaries({"type": st.just("array"), "items": inner}),
        st.fixed_dictionaries({"anyOf": st.lists(inner | st.just({"type": "null"}), min_size=1, max_size=3)}),
    ),
    max_leaves=10,
)
EFFORT = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def changes(before, after):
    return compare(facts_of({}, before), facts_of({}, after))


@EFFORT
@given(schemas)
def test_nothing_differs_from_itself(schema):
    assert changes(schema, copy.deepcopy(schema)) == []


@EFFORT
@given(schemas, schemas)
def test_something_is_told_exactly_when_something_is_different(before, after):
    assert bool(changes(before, after)) is (json.dumps(flat(before), sort_keys=True) != json.dumps(flat(after), sort_keys=True))


def flat(schema):
    return sorted(
        (place, {key: value for key, value in facts.items() if key != "members"}) for place, facts in facts_of({}, schema).items()
    )


MIRRORED = {Sort.ADDED: Sort.REMOVED, Sort.REMOVED: Sort.ADDED}


@EFFORT
@given(schemas, schemas)
def test_the_way_back_tells_the_same_the_other_way_round(before, after):
    there = {
        (change.sort, change.place, change.keyword, str(change.before), str(change.after)) for change in changes(before, after)
    }
    back = {
        (MIRRORED.get(change.sort, change.sort), change.place, change.keyword, str(change.after), str(change.before))
        for change in changes(after, before)
    }
    assert there == back


@pytest.mark.parametrize("keyword", ["description", "default", "x-unheard-of", "minimum"])
def test_no_change_of_the_session_request_goes_unnoticed(keyword):
    """The keyword set to something else at each field of the real schema, one after another."""
    before = contract_with_overrides()
    names = sorted(before["components"]["schemas"]["ApiSessionStartRequest"]["properties"])
    assert names
    assert {name: places_of(before, name, keyword) for name in names} == {name: [name] for name in names}


def places_of(before, name, keyword):
    """Where a difference is seen after the keyword of that field has changed."""
    after = copy.deepcopy(before)
    after["components"]["schemas"]["ApiSessionStartRequest"]["properties"][name][keyword] = 5417
    return [place for _, place, _ in told(differences(before, after))[REQUEST]]
