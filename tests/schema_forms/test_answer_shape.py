"""The shape of an answer: put together from simple fields or written as a JSON Schema; and notifiers, guided where known."""

import pytest

START = {"task": "t", "session_id": "s"}
PRICE = {"response_format-0-name": "price", "response_format-0-type": "number", "response_format-0-description": "EUR"}
SCHEMA = {"type": "object", "properties": {"price": {"type": "number", "description": "EUR"}}}


def test_simple_fields_make_a_flat_schema(agent_form):
    rows = PRICE | {"response_format-0-required": "true", "response_format-3-name": "tags", "response_format-3-type": "list"}
    form = agent_form(START | {"response_format-mode": "fields"} | rows)
    assert form.to_request()["response_format"] == {
        "type": "object",
        "properties": {"price": {"type": "number", "description": "EUR"}, "tags": {"type": "array", "items": {"type": "string"}}},
        "required": ["price"],
    }


def test_rows_that_say_nothing_are_passed_over(agent_form, drawn):
    untouched = START | {name: text for name, text in drawn(agent_form()).values.items() if name not in START}
    assert untouched["response_format-0-required"] == "true"
    assert agent_form(untouched).to_request() == START


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ({"response_format-0-description": "d"}, {"response_format-0-name": ["This field is required."]}),
        ({"response_format-0-name": "a", "response_format-1-name": "a"},
         {"response_format-1-name": ["This name is there twice."]}),
        ({"response_format-0-name": "a", "response_format-0-type": "date"},
         {"response_format-0-type": ["Choose one of the listed values."]}),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_is_told_at_its_row(agent_form, rows, errors):
    assert agent_form(START | {"response_format-mode": "fields"} | rows).errors == errors


@pytest.mark.parametrize(
    ("schema", "mode"),
    [
        (SCHEMA, "fields"),
        (SCHEMA | {"required": ["price"]}, "fields"),
        (SCHEMA | {"title": "Price"}, "json"),
        ({"type": "object", "properties": {}}, "json"),
        ({"type": "object", "properties": {"a": {"type": "object", "properties": {}}}}, "json"),
        ({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["b", "a"]}, "json"),
        ({"type": "object", "properties": {"": {"type": "string"}}}, "json"),
        ({"type": "string"}, "json"),
        ({}, "json"),
    ],
)
def test_a_schema_opens_as_fields_where_they_can_say_it(agent_form, drawn, schema, mode):
    values = drawn(agent_form(initial=START | {"response_format": schema})).values
    assert values["response_format-mode"] == mode
    assert agent_form(values).to_request()["response_format"] == schema


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ('{"type": "text"}', "Not a valid JSON Schema, at type: this is not one of the types that JSON Schema knows."),
        ('{"properties": {"a": 5}}', "Not a valid JSON Schema, at properties.a: this must be of the type object or boolean."),
        ('{"required": "a"}', "Not a valid JSON Schema, at required: this must be of the type array."),
        ('{"pattern": "("}', "Not a valid JSON Schema, at pattern: this cannot be read."),
        ('{"minLength": -1}', "Not a valid JSON Schema, at minLength: this breaks the rule minimum."),
        ('"string"', "A JSON Schema is an object, such as the examples."),
        ('{"a": 1,\n "b"}', "Not valid JSON: Expecting ':' delimiter, line 2, column 5."),
    ],
)
def test_a_text_that_is_no_json_schema_is_refused_with_the_place(agent_form, typed, message):
    assert agent_form(START | {"response_format": typed}).errors == {"response_format": [message]}


def test_both_ways_of_writing_it_are_kept(agent_form, drawn):
    typed = START | PRICE | {"response_format": '{"type": "text"}', "response_format-mode": "fields", "max_steps": "0"}
    form = agent_form(typed)
    assert form.errors.keys() == {"max_steps"}
    assert {name: drawn(form).values[name] for name in typed} == typed
    assert agent_form(typed | {"response_format-mode": "json"}).errors.keys() == {"response_format", "max_steps"}


def test_an_example_joins_what_is_there(agent_form, drawn):
    values = drawn(agent_form(START | PRICE | {"response_format-mode": "fields", "example": "response_format-2"})).values
    assert [values[f"response_format-{index}-name"] for index in (0, 1, 2)] == ["price", "answer", "reason"]
    shape = agent_form(values).to_request()["response_format"]
    assert list(shape["properties"]) == ["price", "answer", "reason"]
    assert shape["required"] == ["answer", "reason"]

    twice = drawn(agent_form(values | {"example": "response_format-2"})).values
    assert agent_form(twice).to_request() == agent_form(values).to_request()

    fresh = drawn(
        agent_form(START | {"response_format-0-name": "", "response_format-0-type": "string", "example": "response_format-0"})
    )
    assert "response_format-0-name" not in fresh.values
    assert fresh.values["response_format-1-name"] == "name"


def test_an_example_overwrites_no_json(agent_form, drawn):
    written = START | {"response_format-mode": "json", "response_format": "{mine", "example": "response_format-0"}
    assert drawn(agent_form(written)).values["response_format"] == "{mine"
    empty = drawn(agent_form(written | {"response_format": " "})).values
    assert agent_form(empty).to_request()["response_format"]["required"] == ["name", "price", "currency", "in_stock"]


@pytest.mark.parametrize(
    ("config", "typed"),
    [
        ({"type": "slack", "token": "t", "channel_id": "C1"}, {"-type": "slack", "-slack-token": "t", "-slack-channel_id": "C1"}),
        ({"type": "discord", "token": "t", "channel_id": 17},
         {"-type": "discord", "-discord-token": "t", "-discord-channel_id": "17"}),
        ({"type": "slack-webhook", "url": "https://h"}, {"-type": "slack-webhook", "-url": "https://h"}),
        ({"type": "email", "config": {"smtp_server": "m", "smtp_port": 25, "sender_email": "a@b", "sender_password": "p",
                                      "receiver_email": "c@d"}},
         {"-type": "email", "-config-smtp_server": "m", "-config-smtp_port": "25", "-config-sender_email": "a@b",
          "-config-sender_password": "p", "-config-receiver_email": "c@d"}),
        ({"type": "slack", "token": "t"}, {"": '{"type": "slack", "token": "t"}'}),
        ({"type": "slack", "token": "t", "channel_id": "C1", "more": 1},
         {"": '{"type": "slack", "token": "t", "channel_id": "C1", "more": 1}'}),
        ({"kind": "pigeon"}, {"": '{"kind": "pigeon"}'}),
        ({}, {"": "{}"}),
    ],
)  # fmt: skip
def test_a_known_notifier_is_guided_and_any_other_is_json(agent_form, drawn, config, typed):
    form = agent_form(initial=START | {"notifier_config": config})
    filled = {name: text for name, text in form.initial.items() if name.startswith("notifier_config")}
    expected = {f"notifier_config{name}": text for name, text in typed.items()}
    assert filled == expected
    assert agent_form(drawn(form).values).to_request()["notifier_config"] == config


def test_a_guided_notifier_wants_what_its_sender_needs(agent_form):
    typed = START | {"notifier_config-type": "email", "notifier_config-config-smtp_port": "99999", "notifier_config-url": "left"}
    errors = agent_form(typed).errors
    assert errors["notifier_config-config-smtp_port"] == ["Must be at most 65535."]
    assert errors["notifier_config-config-sender_password"] == ["This field is required."]
    assert "notifier_config-url" not in errors
    assert agent_form(START | {"notifier_config-type": "email"}).errors["notifier_config-config-smtp_server"] == [
        "This field is required."
    ]
    assert agent_form(START | {"notifier_config-type": "other", "notifier_config": "[]"}).errors == {
        "notifier_config": ["Expected an object or null."]
    }
