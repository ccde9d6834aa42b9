"""A contract that somebody changed: the form follows, and none of our code did."""

import pytest

from notte_dashboard.schema_forms.builder import build_form
from notte_dashboard.schema_forms.contract import contract
from notte_dashboard.schema_forms.layouts import AGENT_START, SESSION_START, Layout
from notte_dashboard.schema_forms.schema import UnknownSchemaError

SHOWN_IN_MORE = pytest.mark.parametrize(
    ("node", "tag", "typed", "sent"),
    [
        ({"type": "string"}, "input", "x", "x"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "input", "x", "x"),
        ({"type": ["string", "null"]}, "input", "x", "x"),
        ({"type": "number", "minimum": 0.5}, "input", "0.75", 0.75),
        ({"type": ["integer", "string"]}, "textarea", '"x"', "x"),
        ({"enum": [1, "1", None, True]}, "select", '"1"', "1"),
        ({"enum": [1, 2.5]}, "select", "2.5", 2.5),
        ({"enum": ["", "a"]}, "select", '""', ""),
        ({"const": "only"}, "select", "only", "only"),
        ({"oneOf": [{"const": "a"}, {"const": "b"}]}, "select", "b", "b"),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, "select", "false", False),
        ({"$ref": "#/components/schemas/ProxyGeolocationCountry"}, "input", "de", "de"),
        ({"allOf": [{"$ref": "#/components/schemas/ProxyGeolocationCountry"}], "default": "us"}, "input", "DE", "de"),
        ({"anyOf": [{"enum": ["a"]}, {"type": "string"}]}, "input", "anything", "anything"),
        ({"type": "array", "items": {}}, "textarea", "[1, []]", [1, []]),
        ({"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}}, "textarea", '["a", 1]', ["a", 1]),
        ({"type": "object", "additionalProperties": True}, "textarea", '{"a": 1}', {"a": 1}),
        ({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "integer"}},
         "textarea", '{"a": "x", "b": 1}', {"a": "x", "b": 1}),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}], "default": 5}, "textarea", "null", None),
        ({"enum": ["a", None], "default": "a"}, "select", "null", None),
        ({"type": "string", "format": "date-time"}, "input", "2026-01-31T12:00:00+01:00", "2026-01-31T12:00:00+01:00"),
        ({"type": "integer", "minimum": 3, "maximum": 3}, "input", "3", 3),
        (True, "textarea", '{"a": []}', {"a": []}),
        ({}, "textarea", "1.5", 1.5),
        ({"type": "frobnicate"}, "textarea", '{"a": 1}', {"a": 1}),
        ({"type": "string", "pattern": "\\p{L}("}, "textarea", '"x"', "x"),
        ({"$ref": "#/components/schemas/Nowhere"}, "textarea", "1", 1),
        ({"$ref": "https://example.com/schema.json"}, "textarea", "1", 1),
        ({"$id": "elsewhere", "type": "string"}, "textarea", '"x"', "x"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Loop"}}, "textarea", "1", 1),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Broken"}}, "textarea", "1", 1),
        ({"allOf": [True], "default": 5}, "textarea", "1", 1),
        ({"type": "number", "format": "uri"}, "input", "1", 1),
        ({"type": "string", "format": "uri"}, "input", "https://example.com/a", "https://example.com/a"),
        ({"type": "string", "format": "email"}, "input", "a@example.com", "a@example.com"),
        ({"if": {"type": "string"}, "then": {"minLength": 2}}, "textarea", '"ab"', "ab"),
    ],
)  # fmt: skip


@SHOWN_IN_MORE
def test_a_property_that_nobody_foresaw_has_a_control_and_can_be_sent(drifted, drawn, node, tag, typed, sent):
    def add(schema, schemas):
        schemas["Loop"], schemas["Broken"] = {"$ref": "#/components/schemas/Loop"}, {"type": 5}
        schema["properties"]["novelty"] = node

    form_class = drifted(add)
    blank = form_class()
    assert blank.advanced[-1][0] == "More"
    assert [entry.name for entry in blank.advanced[-1][1]] == ["novelty"]
    assert drawn(blank).tags["novelty"] == tag

    form = form_class({"novelty": typed})
    assert form.is_valid(), form.errors
    assert form.to_request() == {"novelty": sent}
    assert type(form.to_request()["novelty"]) is type(sent)
    again = form_class(form_class.data_for({"novelty": sent}))
    assert again.is_valid()
    assert again.to_request() == {"novelty": sent}


@pytest.mark.parametrize(
    ("node", "typed", "message"),
    [
        ({"type": "string", "format": "date-time"}, "2026-01-31 noon", "This is not a valid date-time."),
        ({"type": "string", "format": "date-time"}, "2026-01-31T25:00:00Z", "This is not a valid date-time."),
        ({"type": "string", "format": "uri"}, "not a uri", "This is not a valid uri."),
        ({"type": "string", "format": "uri"}, "http://[", "This is not a valid uri."),
        ({"type": "string", "format": "email"}, "nobody", "This is not a valid email."),
        ({"type": "string", "pattern": "^a+$"}, "b", "Must have the form ^a+$"),
        ({"type": "string", "minLength": 3}, "ab", "At least 3 characters."),
        ({"type": "integer", "multipleOf": 5}, "6", "Must be a multiple of 5."),
        ({"type": "number"}, "1e999", "Enter a number."),
        ({"type": "array", "items": {"enum": ["a"], "type": "string"}}, "a\nb", "Line 2: Must be one of: a."),
        ({"type": "array", "items": {"type": "string"}, "uniqueItems": True}, "a\na", "Every entry may occur only once."),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, '{"a": "x"}', "a: Expected a whole number."),
        ({"anyOf": [{"type": "integer"}, {"type": "object"}]}, "[]", "Expected a whole number or an object."),
        ({"not": {"type": "string"}}, '"x"', "The contract does not accept this (not)."),
    ],
)
def test_what_a_new_construct_forbids_is_refused_at_its_control(drifted, node, typed, message):
    form = drifted(lambda schema, _: schema["properties"].update(novelty=node))({"novelty": typed})
    assert form.errors == {"novelty": [message]}


def test_a_new_enum_value_can_be_chosen(drifted, drawn):
    form_class = drifted(lambda schema, _: schema["properties"]["browser_type"]["enum"].append("lynx"))
    assert "lynx" in drawn(form_class()).options["browser_type"]
    assert form_class({"browser_type": "lynx"}).is_valid()


def test_a_dropped_enum_value_stays_visible_but_is_refused(drifted, drawn):
    form_class = drifted(lambda schema, _: schema["properties"]["browser_type"]["enum"].remove("firefox"))
    form = form_class({"browser_type": "firefox"})
    assert form.errors == {"browser_type": ["Choose one of the listed values."]}
    assert drawn(form).values["browser_type"] == "firefox"


def test_a_changed_bound_and_default_change_the_control_and_the_check(drifted, drawn):
    change = {"maximum": 30, "default": 10}
    form_class = drifted(lambda schema, _: schema["properties"]["idle_timeout_minutes"].update(change))
    attrs = drawn(form_class()).attrs["idle_timeout_minutes"]
    assert (attrs["min"], attrs["max"], attrs["placeholder"]) == ("1", "30", "10")
    assert form_class({"idle_timeout_minutes": "30", "max_duration_minutes": "30"}).is_valid()
    assert form_class({"idle_timeout_minutes": "31", "max_duration_minutes": "40"}).errors.keys() == {"idle_timeout_minutes"}


def test_a_new_nested_object_becomes_a_fieldset(drifted, drawn):
    def add(schema, schemas):
        schemas["Recording"] = {
            "type": "object",
            "required": ["quality"],
            "properties": {
                "quality": {"type": "integer"},
                "target": {"type": "object", "properties": {"bucket": {"type": "string"}}},
            },
        }
        schema["properties"]["recording"] = {"anyOf": [{"$ref": "#/components/schemas/Recording"}, {"type": "null"}]}

    form_class = drifted(add)
    fieldset = form_class().advanced[-1][1][0]
    assert (fieldset.is_fieldset, fieldset.legend) == (True, "Recording")
    assert {"recording-quality", "recording-target-bucket"} <= drawn(form_class()).tags.keys()
    form = form_class({"recording-quality": "3", "recording-target-bucket": "b"})
    assert form.is_valid()
    assert form.to_request() == {"recording": {"quality": 3, "target": {"bucket": "b"}}}
    assert form_class({"recording-target-bucket": "b"}).errors == {"recording-quality": ["This field is required."]}


def test_what_stands_beside_a_reference_belongs_to_the_object(drifted, drawn):
    node = {"$ref": "#/components/schemas/SessionProfile", "deprecated": True, "properties": {"more": {"type": "string"}}}
    form_class = drifted(lambda schema, _: schema["properties"].update(second=node))
    assert {"second-id", "second-persist", "second-more"} <= drawn(form_class()).tags.keys()
    assert form_class().advanced[-1][1][0].help_text == "Deprecated."


def test_a_rule_for_the_whole_request_is_told_on_top(drifted):
    form = drifted(lambda schema, _: schema.update(minProperties=1))({})
    assert form.errors == {"__all__": ["At least 1 key."]}


def test_an_object_that_holds_itself_ends_as_json(drifted, drawn):
    def add(schema, schemas):
        schemas["Tree"] = {
            "type": "object",
            "properties": {"leaf": {"type": "string"}, "below": {"$ref": "#/components/schemas/Tree"}},
        }
        schema["properties"]["tree"] = {"$ref": "#/components/schemas/Tree"}

    form_class = drifted(add)
    assert drawn(form_class()).tags["tree-below-below-below"] == "textarea"
    form = form_class({"tree-below-below-below": '{"below": {"leaf": 1}}'})
    assert form.errors == {"tree-below-below-below": ["below.leaf: Expected a string."]}


def test_two_names_that_would_share_a_control_are_kept_apart(drifted):
    def add(schema, _):
        schema["properties"]["profile-id"] = {"type": "string"}

    form = drifted(add)({"profile-id": "own", "profile": '{"id": "nested"}'})
    assert form.is_valid()
    assert form.to_request() == {"profile-id": "own", "profile": {"id": "nested"}}


def test_a_removed_field_is_gone_with_its_rules_and_choices(drifted, drawn):
    form_class = drifted(lambda schema, _: schema["properties"].pop("headless"))
    form = form_class({"headless": "false", "cdp_url": "wss://x"}, choices={"headless": [("a", "A")]})
    assert "headless" not in drawn(form).tags
    assert form.is_valid()
    assert form.to_request() == {"cdp_url": "wss://x"}


def test_a_new_required_field_stands_in_sight(drifted, drawn):
    def add(schema, _):
        schema["properties"]["region"] = {"type": "string"}
        schema["required"] = ["region"]

    form_class = drifted(add)
    assert [entry.name for entry in form_class().basic[-1][1]] == ["region"]
    assert "required" in drawn(form_class()).attrs["region"]
    assert form_class({}).errors == {"region": ["This field is required."]}


def test_a_required_nullable_field_left_empty_is_sent_as_null(drifted):
    def add(schema, _):
        schema["properties"]["region"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
        schema["required"] = ["region"]

    form = drifted(add)({})
    assert form.is_valid()
    assert form.to_request() == {"region": None}


def test_a_required_constant_needs_no_choice(drifted, drawn):
    def add(schema, _):
        schema["properties"]["version"] = {"const": 2}
        schema["required"] = ["version"]

    form_class = drifted(add)
    assert drawn(form_class()).options["version"] == ["2"]


def test_a_new_member_of_a_union_is_accepted(drifted):
    def add(schema, schemas):
        schemas["TorProxy"] = {
            "type": "object",
            "properties": {"type": {"const": "tor"}, "hops": {"type": "integer"}},
            "required": ["hops"],
        }
        schema["properties"]["proxies"]["anyOf"][0]["items"]["oneOf"].append({"$ref": "#/components/schemas/TorProxy"})

    form_class = drifted(add)
    assert form_class({"proxies": '[{"type": "tor", "hops": 3}]'}).is_valid()
    assert form_class({"proxies": '[{"type": "tor"}]'}).errors == {"proxies": ["[0].hops: This field is required."]}


def test_a_request_that_the_contract_lost_is_named():
    with pytest.raises(UnknownSchemaError, match="ApiAgentStartRequest"):
        build_form("ApiAgentStartRequest", AGENT_START, document={"components": {"schemas": {}}})


@pytest.mark.parametrize("layout", [SESSION_START, Layout(basic=())])
def test_every_property_of_the_session_request_has_its_controls(layout):
    form = build_form("ApiSessionStartRequest", layout)()
    assert {name.partition("-")[0] for name in form.controls} == {spec.key for spec in form.specs}
    assert [entry.spec.key for entry in form.entries] == [spec.key for spec in form.specs]


@pytest.mark.parametrize("layout", [AGENT_START, Layout(basic=())])
def test_every_property_of_the_agent_request_has_its_controls(layout):
    form = build_form("ApiAgentStartRequest", layout)()
    assert {name.partition("-")[0] for name in form.controls} == {spec.key for spec in form.specs}
    assert [entry.spec.key for entry in form.entries] == [spec.key for spec in form.specs]


@pytest.mark.parametrize(
    ("schema_name", "layout"), [("ApiSessionStartRequest", SESSION_START), ("ApiAgentStartRequest", AGENT_START)]
)
def test_specs_hold_every_property_of_the_document(schema_name, layout):
    properties = contract()["components"]["schemas"][schema_name]["properties"]
    assert [spec.key for spec in build_form(schema_name, layout).specs] == list(properties)


def test_the_walk_happens_once():
    assert build_form("ApiSessionStartRequest", SESSION_START) is build_form("ApiSessionStartRequest", SESSION_START)
