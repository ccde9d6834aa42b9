"""An answer laid out by the format that was asked for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notte_dashboard.runs.answer_view import MOST_NODES, AnswerView, as_json

FORMAT = {
    "type": "object",
    "properties": {
        "total": {"type": "number", "title": "Total price", "description": "With postage"},
        "paid": {"type": "boolean"},
        "order_lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}},
        "address": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/Address"}], "title": "Where to"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "note": {"type": "string"},
    },
    "$defs": {
        "Line": {"type": "object", "properties": {"name": {"title": "Product"}, "price": {"type": "number"}}},
        "Address": {"type": "object", "properties": {"city": {"title": "Town"}}},
    },
}
ANSWER = {
    "paid": True,
    "total": 34.5,
    "order_lines": [{"price": 24, "name": "Teapot"}, {"name": "Cup", "colour": "red"}],
    "address": {"city": "Whitby"},
    "tags": ["gift", None],
    "more": 1,
}


def laid(answer=ANSWER, response_format=FORMAT):
    return AnswerView.of(json.dumps(answer), response_format).root


def named(node):
    return {entry.label: entry for entry in node.nodes}


def test_fields_come_in_the_order_and_with_the_names_of_the_format_and_others_after_them():
    assert list(named(laid())) == ["Total price", "Paid", "Order lines", "Where to", "Tags", "Note", "More"]
    assert named(laid())["Total price"].hint == "With postage"


def test_values_are_drawn_by_what_they_are():
    found = named(laid())

    assert {label: node.kind for label, node in found.items()} == {
        "Total price": "number",
        "Paid": "flag",
        "Order lines": "table",
        "Where to": "object",
        "Tags": "list",
        "Note": "nothing",
        "More": "number",
    }
    assert (found["Total price"].value, found["Paid"].value) == ("34.5", "Yes")
    assert [entry.kind for entry in found["Tags"].nodes] == ["text", "nothing"]


def test_a_list_of_objects_is_a_table_with_the_names_of_the_referred_format():
    table = named(laid())["Order lines"]

    assert table.columns == ["Product", "Price", "Colour"]
    assert [[cell.value for cell in row] for row in table.rows] == [["Teapot", "24", ""], ["Cup", "", "red"]]


def test_a_choice_with_null_and_a_reference_is_followed():
    (town,) = named(laid())["Where to"].nodes

    assert (town.label, town.value) == ("Town", "Whitby")


def test_json_without_a_format_is_indented_and_text_stays_text():
    assert AnswerView.of('{"a":[1]}', None).pretty == '{\n  "a": [\n    1\n  ]\n}'
    assert AnswerView.of("£24.00", None) == AnswerView("£24.00")
    assert AnswerView.of("42", FORMAT).note == ""
    assert "not the JSON" in AnswerView.of("I could not", FORMAT).note
    assert AnswerView.of("", FORMAT) is None


def test_a_format_may_come_as_text():
    assert named(laid(response_format=json.dumps(FORMAT)))["Total price"].value == "34.5"


@pytest.mark.parametrize(
    "endless", [{"$ref": "#/a", "a": {"$ref": "#/a"}}, {"$ref": "#"}, {"$ref": "#/no/where"}, {"anyOf": [{"anyOf": 1}]}]
)
def test_a_format_that_refers_to_itself_ends(endless):
    assert laid({"a": 1}, endless).nodes[0].value == "1"


def test_a_large_or_deep_answer_is_drawn_in_part_and_says_so():
    found = laid({"many": list(range(5 * MOST_NODES))}, {"type": "object"})

    assert found.nodes[0].more >= 4 * MOST_NODES
    deep: object = 1
    for _ in range(50):
        deep = [deep]
    assert laid({"deep": deep}).kind == "object"


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(
    VALUES,
    st.dictionaries(
        st.sampled_from(["type", "properties", "items", "$ref", "anyOf", "title", "description"]), VALUES, max_size=5
    ),
)
def test_any_answer_is_drawn_by_any_format(answer, response_format):
    found = AnswerView.of(json.dumps(answer), response_format)

    assert found is not None
    assert json.loads(as_json(json.dumps(answer))) == answer


def test_a_text_as_a_json_file_is_a_json_string():
    assert as_json('£24 "x"') == '"£24 \\"x\\""\n'
