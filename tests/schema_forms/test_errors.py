"""The API's own refusals, at the control they speak of, in words that give nothing away."""

from dataclasses import dataclass

import pytest


@dataclass
class Refusal:
    loc: tuple
    msg: str


EXTERNAL = '[{"type": "external", "server": "http://p:1", "username": "bob", "password": "hunter22"}]'


@pytest.mark.parametrize(
    ("loc", "control", "message"),
    [
        (("body", "vault_id"), "vault_id", "No."),
        (("body", "profile", "id"), "profile-id", "No."),
        (("body", "profile", "SessionProfile", "id"), "profile-id", "No."),
        (("body", "profile"), "profile-id", "No."),
        (("body", "proxies", 0, "server"), "proxies", "[0].server: No."),
        (("body", "proxies", "list[tagged-union[...]]", 0, "external", "server"), "proxies", "[0].server: No."),
        (("body", "proxies", 0, "external", "bypass"), "proxies", "[0].bypass: No."),
        (("body", "proxies", "bool"), "proxies", "No."),
        (("body", "chrome_args", 1), "chrome_args", "Line 2: No."),
        (("body", "browser_type", "str"), "browser_type", "No."),
        (("body", "timeout"), "__all__", "timeout: No."),
        (("query", "x", 0), "__all__", "query.x[0]: No."),
        (("body",), "__all__", "No."),
        ((), "__all__", "No."),
    ],
)
def test_a_refusal_lands_where_it_belongs(session_form, loc, control, message):
    form = session_form({"proxies": EXTERNAL, "chrome_args": "--a\n--b", "profile-id": "p"})
    form.add_api_errors([Refusal(loc, "No.")])
    assert form.errors == {control: [message]}


def test_messages_never_repeat_what_was_typed(session_form):
    form = session_form({"proxies": EXTERNAL, "vault_id": "v-123456", "extra_http_headers": '{"X-A": "ab"}'})
    form.add_api_errors(
        [
            Refusal(("body", "proxies", 0), "cannot reach bob:hunter22@http://p:1"),
            Refusal(("body", "vault_id"), "no vault 'v-123456'"),
            Refusal(("header",), "hunter22, ab, about"),
        ]
    )
    assert form.errors == {
        "proxies": ["[0]: cannot reach •••:•••@•••"],
        "vault_id": ["no vault '•••'"],
        "__all__": ["header: •••, •••, about"],
    }


def test_a_refusal_without_end_is_cut(session_form):
    form = session_form({})
    form.add_api_errors([Refusal(("body", "x" * 9000), "y" * 9000)])
    assert len(form.non_field_errors()[0]) < 520


def test_refusals_join_the_errors_of_a_form_that_is_wrong_itself(session_form):
    form = session_form({"vault_id": "v", "headless": "maybe"})
    form.add_api_errors([Refusal(("body", "vault_id"), "No such vault.")])
    assert form.errors == {"headless": ["Choose one of the listed values."], "vault_id": ["No such vault."]}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("{", "Not valid JSON: Expecting property name enclosed in double quotes, line 1, column 2."),
        ('{"a": 1,\n  "b" 2}', "Not valid JSON: Expecting ':' delimiter, line 2, column 7."),
        ("[NaN]", "NaN and Infinity are not JSON."),
        ("1e999", "A number in the JSON is too large."),
        ("1" * 5000, "A number in the JSON has too many digits."),
        ("[" * 60 + "]" * 60, "The JSON is nested too deeply."),
        ("[" * 30_000, "The JSON is nested too deeply."),
        ('{"a": 1, "a": 2}', "An object in the JSON has the same key twice."),
        ('"\\u0000"', "Null characters are not allowed."),
        ('{"\\ud800": 1}', "This holds half a character (an unpaired surrogate)."),
        ('"' + "é" * 40_000 + '"', "This is more than 64 KB of JSON."),
        (" " * 9 + '"' + "e" * 70_000 + '"', "At most 65,536 characters; these are 70,002."),
    ],
)
def test_json_that_cannot_be_used_says_why_and_where(agent_form, typed, message):
    form = agent_form({"task": "t", "session_id": "s", "response_format": typed})
    assert form.errors == {"response_format": [message]}


@pytest.mark.parametrize(
    ("typed", "messages"),
    [
        ('[{"type": "external"}]', ["[0].server: This field is required."]),
        ('[{"server": "http://p"}]', ["[0].type: This field is required."]),
        ("[{}]", ["[0].type: This field is required."]),
        ('[{"type": "external", "server": 5, "port": 1}]',
         ["[0].server: Expected a string.", "[0].port: The contract has no such field."]),
        ('[{"type": "notte", "country": "xx"}]', ["[0].country: This is not one of the values that the contract accepts."]),
        ('[{"type": "warp"}]', ["[0]: This fits none of the forms that the contract accepts."]),
        ('"us"', ["Expected a list or true or false."]),
        ("[5]", ["[0]: Expected an object."]),
    ],
)  # fmt: skip
def test_a_wrong_proxy_is_told_by_its_own_kind(session_form, typed, messages):
    assert session_form({"proxies": typed}).errors == {"proxies": messages}


def test_a_control_lists_a_few_of_many_flaws(session_form):
    form = session_form({"extra_http_headers": "{" + ",".join(f'"{n}": {n}' for n in range(900)) + "}"})
    assert len(form.errors["extra_http_headers"]) == 5


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("task", "x" * 20_001, "At most 20,000 characters; these are 20,001."),
        ("vault_id", "x" * 4_001, "At most 4,000 characters; these are 4,001."),
        ("vault_id", "a\0b", "Null characters are not allowed."),
        ("task", " \r\n ", "This field is required."),
        ("max_steps", "1_0", "Enter a whole number."),
        ("max_steps", "٣", "Enter a whole number."),
        ("max_steps", "0", "Must be at least 1."),
        ("max_steps", "9" * 301, "At most 300 characters; these are 301."),
    ],
)
def test_text_that_cannot_be_used_says_why(agent_form, name, typed, message):
    form = agent_form({"task": "t", "session_id": "s"} | {name: typed})
    assert form.errors == {name: [message]}


def test_a_line_that_is_too_long_is_refused(session_form):
    form = session_form({"chrome_args": "--a\n" + "x" * 4_001})
    assert form.errors == {"chrome_args": ["A line holds at most 4,000 characters."]}
