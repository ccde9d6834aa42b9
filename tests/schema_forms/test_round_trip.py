"""Both ways, for requests that nobody thought of: what can be asked for can be typed, and comes back as it was."""

import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from notte_dashboard.schema_forms.builder import build_form
from notte_dashboard.schema_forms.layouts import AGENT_START, SESSION_START
from tests.schema_forms.conftest import AGENT, SESSION, draw
from tests.schema_forms.strategy import anything, changed, places, requests, texts

SETTINGS = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
SESSION_FORM, AGENT_FORM = build_form(SESSION, SESSION_START), build_form(AGENT, AGENT_START)
FORMS = {SESSION_FORM: {}, AGENT_FORM: {"task": "Read the title", "session_id": "s-1"}}
both = pytest.mark.parametrize("form_class", FORMS, ids=["session", "agent"])
wrong = st.sampled_from([None, True, -1, 0, 10**6, 1.5, "", "odd", [], {}, [[]], [{}], {"type": "odd"}, {"a": {}}, "\u2028"])
garbage = st.text(st.characters(codec="utf-8"), max_size=60) | texts | st.integers().map(str) | anything.map(json.dumps)


def same(one, other):
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@both
@SETTINGS
@given(data=st.data())
def test_every_request_comes_back_as_it_was(form_class, accepts, data):
    """Typed straight into the form, and by way of the page that a browser would send back."""
    request = data.draw(requests(form_class))
    assert accepts(form_class.schema_name, request)
    typed = form_class(form_class.data_for(request))
    assert typed.is_valid(), typed.errors
    assert same(typed.to_request(), request)

    sent = form_class(draw(form_class(initial=request)).values)
    assert sent.is_valid(), sent.errors
    assert same(sent.to_request(), request)


@both
@SETTINGS
@given(data=st.data())
def test_what_the_contract_does_not_accept_is_refused_at_its_control(form_class, accepts, data):
    request = data.draw(requests(form_class))
    assume(request)
    place = data.draw(st.sampled_from(list(places(request))))
    request = changed(request, place, data.draw(wrong))
    form = form_class(form_class.data_for(request))
    if form.is_valid():
        assert accepts(form_class.schema_name, form.to_request())
        return
    assert not accepts(form_class.schema_name, request) or by_rule(form), form.errors
    blamed = "-".join(map(str, place))
    tops = {place[0], *blamed_for(place[0])}
    for name in form.errors:
        assert name.startswith(blamed) or blamed.startswith(name) or name.partition("-")[0] in tops, (place, form.errors)


@both
@SETTINGS
@given(data=st.data(), typed=garbage)
def test_whatever_is_typed_is_sent_right_or_refused_at_its_control(form_class, accepts, data, typed):
    name = data.draw(st.sampled_from(list(form_class().controls)))
    form = form_class(FORMS[form_class] | {name: typed})
    if form.is_valid():
        assert accepts(form_class.schema_name, form.to_request())
    else:
        tops = {each.partition("-")[0] for each in form.errors}
        assert tops <= {name.partition("-")[0], *blamed_for(name)}, form.errors
    if typed and "\0" not in typed and form.controls[name].template.endswith("control.html"):
        assert draw(form).values.get(name, typed) == typed


@both
@settings(SETTINGS, max_examples=100)
@given(data=st.data())
def test_drawn_again_after_an_error_nothing_typed_is_lost(form_class, data):
    """Of any texts in any controls, in rows and in choices that were not made too."""
    names = [name for name, control in form_class().controls.items() if control.template.endswith("control.html")]
    rows = ["chrome_args-3", "extra_http_headers-7-name", "extra_http_headers-7-value", "proxies-2-server", "proxies-2-username"]
    names += rows if form_class is SESSION_FORM else ["response_format-4-name", "response_format-4-description"]
    own = {"proxies", "chrome_args", "extra_http_headers", "profile", "response_format", "notifier_config"}
    typed = data.draw(
        st.dictionaries(st.sampled_from([name for name in names if name not in own]), texts.filter(bool), max_size=8)
    )
    form = form_class(typed)
    form.is_valid()
    drawn = draw(form).values
    assert {name: drawn[name] for name in typed} == typed


def by_rule(form):
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return bool(codes - {"contract", "required"}) or codes == {"required"}


def blamed_for(name):
    """A width alone is refused at the missing height, and so on: the rules say where."""
    screen = {"aspect_ratio", "viewport_width", "viewport_height", "headless", "user_agent", "chrome_args", "cdp_url"}
    return {
        "viewport_width": screen,
        "viewport_height": screen,
        "aspect_ratio": screen,
        "cdp_url": screen,
        "user_agent": screen,
        "headless": screen,
        "chrome_args": screen,
        "max_duration_minutes": {"idle_timeout_minutes"},
        "solve_captchas": {"proxies"},
        "browser_type": {"proxies"},
    }.get(name, set())


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ({}, {}),
        ({"headless": "", "idle_timeout_minutes": " ", "chrome_args-0": "", "profile-id": ""}, {}),
        ({"headless": "true", "idle_timeout_minutes": "3", "browser_type": "chromium"},
         {"headless": True, "idle_timeout_minutes": 3, "browser_type": "chromium"}),
        ({"headless": "false", "proxies": "false"}, {"headless": False, "proxies": False}),
        ({"profile-id": "p", "profile-persist": "false"}, {"profile": {"id": "p", "persist": False}}),
        ({"chrome_args-0": "--a=1", "chrome_args-1": " ", "chrome_args-5": " --b "}, {"chrome_args": ["--a=1", "--b"]}),
        ({"chrome_args": "--a=1\r\n\r\n  --b \r\n"}, {"chrome_args": ["--a=1", "--b"]}),
        ({"chrome_args": "[]"}, {"chrome_args": []}),
        ({"extra_http_headers-0-name": "A", "extra_http_headers-4-name": "B", "extra_http_headers-4-value": "c"},
         {"extra_http_headers": {"A": "", "B": "c"}}),
        ({"extra_http_headers": '{"A": "b"}'}, {"extra_http_headers": {"A": "b"}}),
        ({"proxies": "list"}, {"proxies": []}),
        ({"proxies-0-type": "external", "proxies-0-server": "http://p"}, {"proxies": [{"type": "external", "server": "http://p"}]}),
        ({"proxies": "", "proxies-0-type": "external", "proxies-0-server": "http://p"}, {}),
        ({"proxies": "list", "proxies-0-type": "notte", "proxies-0-country": "gErmany", "proxies-0-server": "left from before"},
         {"proxies": [{"type": "notte", "country": "de"}]}),
        ({"proxies-0-type": "tailnet", "proxies-0-oauth_client_id": "i", "proxies-0-oauth_client_secret": " s "},
         {"proxies": [{"type": "tailnet", "oauth_client_id": "i", "oauth_client_secret": " s "}]}),
        ({"unheard_of": "x"}, {}),
    ],
)  # fmt: skip
def test_only_what_was_set_is_sent(session_form, typed, sent):
    form = session_form(typed)
    assert form.is_valid(), form.errors
    assert form.to_request() == sent


def test_zero_is_sent(agent_form):
    form = agent_form({"task": "t", "session_id": "s", "session_offset": "0"})
    assert form.is_valid()
    assert form.to_request()["session_offset"] == 0


def test_a_form_with_errors_has_no_request(session_form):
    with pytest.raises(ValueError, match="no request"):
        session_form({"headless": "maybe"}).to_request()
