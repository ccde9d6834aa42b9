"""Lists, maps and unions: what is sent of their rows, where errors are told, and how the buttons work without a script."""

import pytest

EXTERNAL = {"proxies-0-type": "external", "proxies-0-server": "http://p:1", "proxies-0-password": "hunter22"}


def test_an_empty_form_offers_a_first_row_everywhere(session_form, drawn):
    found = drawn(session_form())
    first = {"chrome_args-0", "extra_http_headers-0-name", "extra_http_headers-0-value", "proxies-0-type", "proxies-0-server"}
    assert first <= found.tags.keys()
    assert found.options["proxies"] == ["", "false", "true", "list"]
    assert found.options["proxies-0-type"] == ["notte", "external", "tailnet"]


def test_the_choice_tells_what_each_value_means(session_form):
    control = str(session_form()["proxies"])
    for shown in ("Default: no proxies", "No proxies", "Default proxies", "My own list"):
        assert f">{shown}</option>" in control


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"proxies-0-type": "external"}, {"proxies-0-server": ["This field is required."]}),
        ({"proxies-0-type": "external", "proxies-1-type": "tailnet"},
         {"proxies-0-server": ["This field is required."], "proxies-1-oauth_client_id": ["This field is required."]}),
        ({"proxies-4-type": "warp"}, {"proxies-4-type": ["Choose one of the listed values."]}),
        ({"proxies-4-server": "x"}, {"proxies-4-type": ["This field is required."]}),
        ({"proxies-0-type": "notte", "proxies-0-country": "Narnia"}, {"proxies-0-country": ["Choose one of the listed values."]}),
        ({"proxies-0-type": "notte", "proxies-1-type": "notte"}, {"proxies": ["More than one proxy is not supported yet."]}),
        ({"extra_http_headers-0-value": "v"}, {"extra_http_headers-0-name": ["This field is required."]}),
        ({"extra_http_headers-0-name": "A", "extra_http_headers-3-name": "A"},
         {"extra_http_headers-3-name": ["This name is there twice."]}),
        ({"chrome_args-0": "ok", "chrome_args-2": "x" * 4001},
         {"chrome_args-2": ["At most 4,000 characters; these are 4,001."]}),
        ({"profile-persist": "true"}, {"profile-id": ["This field is required."]}),
    ],
)  # fmt: skip
def test_an_error_is_told_at_the_control_of_its_row(session_form, typed, errors):
    form = session_form({"proxies": "list", **typed} if any("proxies" in name for name in typed) else typed)
    assert form.errors == errors
    assert form.advanced_open


@pytest.mark.parametrize(
    ("loc", "control", "message"),
    [
        (("body", "proxies", 0, "external", "password"), "proxies-0-password", "No."),
        (("body", "proxies", 0, "password"), "proxies-0-password", "No."),
        (("body", "proxies", "list[tagged-union[...]]", 0, "external", "server"), "proxies-0-server", "No."),
        (("body", "proxies", 0), "proxies-0-type", "No."),
        (("body", "proxies", 0, "external"), "proxies-0-type", "No."),
        (("body", "proxies", 0, "external", "port"), "proxies-0-type", "port: No."),
        (("body", "proxies", 7, "external", "server"), "proxies", "server: No."),
        (("body", "proxies"), "proxies", "No."),
        (("body", "proxies", "bool"), "proxies", "No."),
        (("body", "extra_http_headers", "B"), "extra_http_headers-2-value", "No."),
        (("body", "extra_http_headers", "dict[str,str]", "B", "[key]"), "extra_http_headers-2-name", "No."),
        (("body", "extra_http_headers"), "extra_http_headers", "No."),
        (("body", "chrome_args", 1), "chrome_args-5", "No."),
        (("body", "chrome_args", "list[str]", 0), "chrome_args-0", "No."),
        (("body", "chrome_args"), "chrome_args", "No."),
    ],
)
def test_a_refusal_of_the_api_lands_in_the_row_it_speaks_of(session_form, drawn, loc, control, message):
    """Positions are those of what was sent: empty rows have none."""
    typed = {"proxies": "list", **EXTERNAL, "extra_http_headers-0-name": "A", "extra_http_headers-1-name": "",
             "extra_http_headers-2-name": "B", "chrome_args-0": "--a", "chrome_args-3": " ", "chrome_args-5": "--b"}  # fmt: skip
    form = session_form(typed)
    form.add_api_errors([Refusal(loc, "No.")])
    assert form.errors == {control: [message]}
    assert drawn(form).texts[f"id_{control}_error"].strip() == message


class Refusal:
    def __init__(self, loc, msg):
        self.loc, self.msg = loc, msg


def test_refusals_do_not_repeat_what_was_typed_into_a_row(session_form):
    form = session_form({"proxies": "list", **EXTERNAL})
    form.add_api_errors([Refusal(("body", "proxies", 0, "external", "server"), "no way to hunter22@http://p:1"),
                         Refusal(("header",), "hunter22?")])  # fmt: skip
    assert form.errors == {"proxies-0-server": ["no way to •••@•••"], "__all__": ["header: •••?"]}
    wrong = session_form({"proxies": "list", **EXTERNAL, "headless": "maybe"})
    wrong.add_api_errors([Refusal(("header",), "hunter22?")])
    assert wrong.non_field_errors() == ["header: •••?"]


def test_what_was_typed_for_another_type_is_kept_and_not_sent(session_form, drawn):
    typed = {"proxies": "list", **EXTERNAL, "proxies-0-country": "Nowhere", "proxies-0-type": "tailnet", "headless": "maybe"}
    form = session_form(typed)
    assert form.errors.keys() == {"proxies-0-oauth_client_id", "headless"}
    assert {name: drawn(form).values[name] for name in typed} == typed


def test_a_secret_is_hidden_but_not_lost(session_form, drawn):
    attrs = drawn(session_form({"proxies": "list", **EXTERNAL, "headless": "maybe"})).attrs
    assert {key: attrs["proxies-0-password"][key] for key in ("type", "autocomplete", "value")} == {
        "type": "password", "autocomplete": "off", "value": "hunter22",
    }  # fmt: skip
    assert attrs["proxies-0-oauth_client_secret"]["type"] == "password"
    assert attrs["proxies-0-username"]["type"] == "text"
    assert attrs["vault_id"]["type"] == "text"


def test_a_secret_mark_fills_nothing_in(session_form, drawn):
    mark = {"$secret": True}
    request = {"proxies": [{"type": "external", "server": "http://p", "password": mark}], "extra_http_headers": {"X": mark},
               "chrome_args": ["--a", mark], "cdp_url": mark, "profile": mark}  # fmt: skip
    values = drawn(session_form(initial=request)).values
    assert (values["proxies-0-password"], values["extra_http_headers-0-name"]) == ("", "X")
    assert (values["extra_http_headers-0-value"], values["chrome_args-1"], values["cdp_url"], values["profile-id"]) == ("",) * 4


@pytest.mark.parametrize(
    ("name", "new"),
    [("chrome_args", {"chrome_args-4": ""}), ("proxies", {"proxies-1-type": "notte", "proxies-1-server": ""}),
     ("extra_http_headers", {"extra_http_headers-3-name": "", "extra_http_headers-3-value": ""})],
)  # fmt: skip
def test_another_row_without_a_script(session_form, drawn, name, new):
    typed = {"chrome_args-3": "--a", "proxies": "list", **EXTERNAL, "extra_http_headers-2-name": "A", "headless": "maybe",
             "proxies-0-country": "typed before"}  # fmt: skip
    form = session_form({**typed, "add": name})
    assert form.rearranged
    assert not form.is_valid()
    assert form.errors == {}
    found = drawn(form)
    assert {each: found.values[each] for each in typed | new} == typed | new
    assert [each for each, attrs in found.attrs.items() if "autofocus" in attrs] == [next(iter(new))]


def test_one_row_less_without_a_script(session_form, drawn):
    typed = {
        "proxies": "list",
        **EXTERNAL,
        "proxies-3-type": "notte",
        "proxies-3-id": "x",
        "chrome_args-0": "--a",
        "chrome_args-1": "--b",
    }
    found = drawn(session_form({**typed, "remove": "proxies-0"})).values
    assert "proxies-0-server" not in found
    assert (found["proxies-3-id"], found["chrome_args-1"]) == ("x", "--b")
    assert drawn(session_form({**typed, "remove": "chrome_args-0"})).values["chrome_args-1"] == "--b"


@pytest.mark.parametrize(
    "asked", [{"add": "nowhere"}, {"remove": "proxies-9"}, {"add": "task"}, {"as_json": "headless"}, {"example": "x-1"},
              {"add": ""}],
)  # fmt: skip
def test_a_button_that_is_not_there_asks_for_nothing(session_form, asked):
    form = session_form({"headless": "false", **asked})
    assert not form.rearranged
    assert form.to_request() == {"headless": False}


def test_everything_can_be_written_as_json_and_back(session_form, drawn):
    typed = {"proxies": "list", **EXTERNAL, "chrome_args-0": "--a"}
    written = drawn(session_form({**typed, "as_json": "proxies"})).values
    assert written["proxies"] == '[{"type": "external", "server": "http://p:1", "password": "hunter22"}]'
    assert session_form(written).to_request() == session_form(typed).to_request()
    again = drawn(session_form({**written, "as_fields": "proxies"})).values
    assert {name: again[name] for name in typed} == typed

    empty = drawn(session_form({"as_json": "chrome_args"})).values
    assert session_form(empty).to_request() == {"chrome_args": []}


def test_what_cannot_be_read_is_not_written_as_json(session_form, drawn):
    typed = {"extra_http_headers-0-name": "A", "extra_http_headers-1-name": "A", "extra_http_headers-1-value": "b"}
    values = drawn(session_form({**typed, "as_json": "extra_http_headers"})).values
    assert {name: values[name] for name in typed} == typed
    odd = {"chrome_args": '["--a", 5]'}
    assert drawn(session_form({**odd, "as_fields": "chrome_args"})).values["chrome_args-1"] == "5"
    wrong = {"chrome_args": '["--a"'}
    assert drawn(session_form({**wrong, "as_fields": "chrome_args"})).values["chrome_args"] == '["--a"'


def test_a_row_number_as_large_as_a_page_can_ask_for_costs_nothing(session_form):
    names = [f"chrome_args-{10**n}" for n in range(12)] + [
        "-".join(["chrome_args", *["0"] * 400]),
        "chrome_args-٣",
        "chrome_args--1",
    ]
    form = session_form(dict.fromkeys(names, "--x"))
    assert form.to_request() == {"chrome_args": ["--x"] * 4}
