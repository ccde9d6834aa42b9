"""Lists, maps, unions and objects that a changed contract brings: they are drawn and sent, and none of our code changed."""

import pytest


def with_property(name, node, **schemas):
    def change(schema, known):
        known.update(schemas)
        schema["properties"][name] = node

    return change


def sends(form_class, typed, request):
    """Typed by hand, and filled in from the request: the same comes out."""
    form = form_class(typed)
    assert form.is_valid(), form.errors
    assert form.to_request() == request
    again = form_class(form_class.data_for(request))
    assert again.is_valid(), again.errors
    assert again.to_request() == request


def new_proxy(schema, schemas, **more):
    schemas["TorProxy"] = {
        "type": "object", "required": ["hops"], "additionalProperties": False,
        "properties": {"type": {"const": "tor"}, "hops": {"type": "integer", "minimum": 2}, "server": {"type": "string"}},
    }  # fmt: skip
    schema["properties"]["proxies"]["anyOf"][0]["items"]["oneOf"].append({"$ref": "#/components/schemas/TorProxy"})


def test_a_new_member_of_a_union_is_a_new_type_with_its_own_fields(drifted, drawn):
    form_class = drifted(new_proxy)
    found = drawn(form_class())
    assert found.options["proxies-0-type"] == ["notte", "external", "tailnet", "tor"]
    assert "Tor</option>" in str(form_class()["proxies-0-type"])
    # `server` now belongs to two types: each has its own, so that switching loses nothing.
    assert {"proxies-0-hops", "proxies-0-external-server", "proxies-0-tor-server"} <= found.tags.keys()
    typed = {"proxies": "list", "proxies-0-type": "tor", "proxies-0-hops": "3", "proxies-0-tor-server": "s"}
    sends(form_class, typed, {"proxies": [{"type": "tor", "hops": 3, "server": "s"}]})
    assert form_class(typed | {"proxies-0-hops": "1"}).errors == {"proxies-0-hops": ["Must be at least 2."]}
    assert form_class(typed | {"proxies-0-hops": ""}).errors == {"proxies-0-hops": ["This field is required."]}
    sends(form_class, {"proxies": '[{"type": "tor", "hops": 3}]'}, {"proxies": [{"type": "tor", "hops": 3}]})


def test_a_removed_member_of_a_union_stays_readable_and_is_refused(drifted, drawn):
    form_class = drifted(lambda schema, _: schema["properties"]["proxies"]["anyOf"][0]["items"]["oneOf"].pop(1))
    form = form_class(initial={"proxies": [{"type": "external", "server": "s"}]})
    assert drawn(form).values["proxies-0"] == '{"type": "external", "server": "s"}'
    assert form_class(drawn(form).values).errors.keys() == {"proxies-0"}
    assert form_class({"proxies": "list", "proxies-0-type": "external"}).errors == {
        "proxies-0-type": ["Choose one of the listed values."]
    }


A = {"type": "object", "properties": {"kind": {"const": "a"}, "size": {"type": "integer"}}}
B = {"type": "object", "properties": {"kind": {"enum": ["b", "bb"]}, "name": {"type": "string"}}, "required": ["name"]}
REFS = [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]
AB = {"A": A, "B": B}
PLAIN_TAG = {"type": "string"}


@pytest.mark.parametrize(
    ("node", "schemas"),
    [
        ({"oneOf": [A, B]}, {}),
        ({"anyOf": [A, B, {"type": "null"}]}, {}),
        ({"oneOf": REFS, "discriminator": {"propertyName": "kind"}}, {"A": A, "B": B}),
        ({"oneOf": REFS, "discriminator": {"propertyName": "kind", "mapping": {
            "a": "#/components/schemas/A", "b": "#/components/schemas/B", "bb": "#/components/schemas/B"}}}, None),
        ({"oneOf": REFS, "discriminator": {"propertyName": "kind", "mapping": {"a": "A", "b": "B", "bb": "B"}}}, None),
        ({"oneOf": REFS, "discriminator": {"propertyName": "kind", "mapping": {
            "a": {"$ref": "#/components/schemas/A"}, "b": {"$ref": "#/components/schemas/B"},
            "bb": {"$ref": "#/components/schemas/B"}}}}, None),
    ],
)  # fmt: skip
def test_however_a_union_tells_its_members_apart(drifted, drawn, node, schemas):
    """By constants, or by the discriminator's mapping in either spelling, where the property itself is any text."""
    if schemas is None:
        plain = {"additionalProperties": False}
        schemas = {name: each | plain | {"properties": each["properties"] | {"kind": PLAIN_TAG}} for name, each in AB.items()}
    form_class = drifted(with_property("store", node, **schemas))
    assert drawn(form_class()).options["store-kind"] == ["", "a", "b", "bb"]
    sends(form_class, {"store-kind": "a", "store-size": "3", "store-name": "not sent"}, {"store": {"kind": "a", "size": 3}})
    sends(form_class, {"store-kind": "bb", "store-name": "n"}, {"store": {"kind": "bb", "name": "n"}})
    sends(form_class, {"store-kind": "", "store-name": "n"}, {})
    assert form_class({"store-kind": "b"}).errors == {"store-name": ["This field is required."]}


@pytest.mark.parametrize(
    "node",
    [
        {"oneOf": [A, A]},
        {"oneOf": [A, {"type": "object", "properties": {"other": {"const": "x"}}}]},
        {"oneOf": [A, B | {"additionalProperties": True}]},
        {"oneOf": [A, {"type": "string"}]},
        {"oneOf": [A | {"properties": {"kind": {"const": str(number)}}} for number in range(40)]},
        {"oneOf": [A, {"type": "object", "properties": {"kind": {"const": "b"}, "a-b": {"type": "string"}}}]},
    ],
)
def test_a_union_that_nobody_can_tell_apart_is_json(drifted, drawn, node):
    form_class = drifted(with_property("store", node))
    assert drawn(form_class()).tags["store"] == "textarea"
    assert form_class({"store": "[5]"}).errors.keys() == {"store"}


def test_lists_of_objects_and_lists_inside_them(drifted, drawn):
    step = {
        "type": "object", "required": ["name"],
        "properties": {"name": {"type": "string"}, "tags": {"type": "array", "items": {"type": "integer"}}},
    }  # fmt: skip
    form_class = drifted(with_property("steps", {"type": "array", "items": step, "minItems": 2}))
    assert "steps-0-name" not in drawn(form_class()).tags
    opened = form_class({"add": "steps"})
    assert drawn(opened).tags.keys() >= {"steps-0-name", "steps-0-tags-0"}
    request = {"steps": [{"name": "a", "tags": [1, 2]}, {"name": "b"}]}
    sends(form_class, {"steps-0-name": "a", "steps-0-tags-0": "1", "steps-0-tags-3": "2", "steps-1-name": "b"}, request)
    assert form_class({"steps-0-name": "a"}).errors == {"steps": ["At least 2 entries."]}
    assert form_class({"steps-0-name": "a", "steps-1": "{}"}).errors == {"steps-1-name": ["This field is required."]}
    assert form_class({"steps-0-tags-1": "x", "steps-1-name": "b"}).errors == {
        "steps-0-name": ["This field is required."], "steps-0-tags-1": ["Enter a whole number."],
    }  # fmt: skip
    more = form_class({"steps-0-name": "a", "add": "steps-0-tags"})
    assert {"steps-0-tags-0", "steps-0-tags-1"} <= drawn(more).tags.keys()
    sends(form_class, {"steps": '[{"name": ""}, {"name": " "}]'}, {"steps": [{"name": ""}, {"name": " "}]})


def test_the_blank_row_of_a_list_in_a_list_keeps_its_places_apart(drifted, page_of):
    steps = {"type": "array", "items": {"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string"}}}}}
    html = page_of(drifted(with_property("steps", steps))())
    assert 'name="steps-__0__-tags-0"' in html
    assert 'name="steps-__0__-tags-__1__"' in html


def test_maps_of_anything_that_has_a_control(drifted, drawn):
    form_class = drifted(with_property("limits", {"type": "object", "additionalProperties": {"type": "integer", "maximum": 9}}))
    typed = {"limits-0-name": "a", "limits-0-value": "3", "limits-2-name": "b", "limits-2-value": "4"}
    sends(form_class, typed, {"limits": {"a": 3, "b": 4}})
    assert form_class(typed | {"limits-2-value": "10"}).errors == {"limits-2-value": ["Must be at most 9."]}
    assert form_class(typed | {"limits-2-value": "x"}).errors == {"limits-2-value": ["Enter a whole number."]}
    assert form_class(typed | {"limits-2-value": ""}).errors == {"limits-2-value": ["This field is required."]}
    sends(form_class, {"limits": "{}"}, {"limits": {}})

    nested = {"type": "object", "additionalProperties": {"type": "object", "properties": {"on": {"type": "boolean"}}}}
    form_class = drifted(with_property("flags", nested))
    assert drawn(form_class({"add": "flags"})).tags["flags-1-value-on"] == "select"
    sends(form_class, {"flags-0-name": "x", "flags-0-value-on": "true"}, {"flags": {"x": {"on": True}}})


@pytest.mark.parametrize(
    ("node", "typed", "request_value"),
    [
        ({"anyOf": [{"type": "boolean"}, {"type": "object", "properties": {"level": {"type": "integer"}}}]},
         {"": "other", "-level": "3"}, {"level": 3}),
        ({"anyOf": [{"enum": ["low", "high"]}, {"type": "object", "properties": {"level": {"type": "integer"}}}]},
         {"": "low"}, "low"),
        ({"anyOf": [{"const": "list"}, {"type": "array", "items": {"type": "string"}}]}, {"": "other", "-0": "x"}, ["x"]),
        ({"anyOf": [{"const": "list"}, {"type": "array", "items": {"type": "string"}}]}, {"": "list"}, "list"),
        ({"anyOf": [{"type": "boolean"}, {"type": "object", "additionalProperties": {"type": "string"}}]},
         {"": "other", "-0-name": "a", "-0-value": "b"}, {"a": "b"}),
        ({"anyOf": [{"type": "boolean"}, A, B]}, {"": "other", "-kind": "a", "-size": "1"}, {"kind": "a", "size": 1}),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}, {"type": "array", "items": {"type": "string"}}]}, {"": "true"}, True),
    ],
)  # fmt: skip
def test_some_fixed_values_or_something_of_its_own(drifted, node, typed, request_value):
    form_class = drifted(with_property("mode", node))
    sends(form_class, {f"mode{name}": text for name, text in typed.items()}, {"mode": request_value})
    sends(form_class, {}, {})


def test_an_object_that_may_be_empty_has_a_box_for_that(drifted, drawn):
    node = {"anyOf": [{"type": "object", "properties": {"bucket": {"type": "string"}}}, {"type": "null"}]}
    form_class = drifted(with_property("recording", node))
    attrs = drawn(form_class()).attrs
    assert (attrs["recording"]["type"], attrs["recording"]["value"]) == ("checkbox", "{}")
    assert "profile" not in attrs
    sends(form_class, {"recording": "{}"}, {"recording": {}})
    sends(form_class, {"recording-bucket": "b"}, {"recording": {"bucket": "b"}})
    sends(form_class, {"recording": "null"}, {"recording": None})
    sends(form_class, {}, {})


def test_what_is_odd_inside_a_row_is_json_there(drifted, drawn):
    def change(schema, schemas):
        schemas["TailnetProxy"]["properties"]["routes"] = {"if": {"type": "string"}, "then": {"minLength": 2}}

    form_class = drifted(change)
    assert drawn(form_class()).tags["proxies-0-routes"] == "textarea"
    typed = {"proxies": "list", "proxies-0-type": "tailnet", "proxies-0-oauth_client_id": "i", "proxies-0-routes": '["x"]'}
    sends(form_class, typed, {"proxies": [{"type": "tailnet", "oauth_client_id": "i", "routes": ["x"]}]})
    wrong = form_class(typed | {"proxies-0-routes": '"x"'})
    assert wrong.errors.keys() == {"proxies-0-routes"}


def test_many_choices_are_searched_for_by_name(drifted, drawn, page_of):
    countries = {"$ref": "#/components/schemas/ProxyGeolocationCountry"}
    form_class = drifted(with_property("where", countries))
    attrs = drawn(form_class()).attrs
    assert attrs["where"]["list"] != attrs["proxies-0-country"]["list"]
    html = page_of(form_class())
    assert html.count(f'<datalist id="{attrs["proxies-0-country"]["list"]}">') == 1
    assert '<option value="Germany (de)"></option>' in html
    assert '<option value="de"></option>' in html
    for typed in ("Germany (de)", "germany", "DE", "Germany"):
        assert form_class({"proxies-0-type": "notte", "proxies-0-country": typed}).to_request() == {
            "proxies": [{"type": "notte", "country": "de"}]
        }


def test_names_of_buttons_do_not_take_a_property_away(drifted):
    form_class = drifted(with_property("add", {"type": "string"}))
    sends(form_class, {"add": "x"}, {"add": "x"})


def test_a_property_that_the_hints_know_differently_is_drawn_as_it_is(drifted, drawn):
    def change(schema, _):
        schema["properties"]["proxies"] = {"type": "string"}
        schema["properties"]["chrome_args"] = {"type": "object", "additionalProperties": {"type": "boolean"}}
        schema["properties"]["extra_http_headers"] = {"type": "array", "items": {"type": "string"}}

    form_class = drifted(change)
    assert {"proxies", "chrome_args-0-name", "extra_http_headers-0"} <= drawn(form_class()).tags.keys()
    sends(
        form_class,
        {"proxies": "p", "chrome_args-0-name": "a", "chrome_args-0-value": "true", "extra_http_headers-0": "h"},
        {"proxies": "p", "chrome_args": {"a": True}, "extra_http_headers": ["h"]},
    )
