"""Both ways, for requests that nobody thought of: what can be asked for can be typed, and comes back as it was."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

words = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=60).filter(
    lambda text: text == text.strip()
)
anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | anything,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(anything, inner, max_size=4),
    max_leaves=12,
)


def optional(**fields):
    return st.fixed_dictionaries({}, optional=fields)


proxies = st.booleans() | st.lists(
    st.fixed_dictionaries({"type": st.just("notte")}, optional={"country": st.sampled_from(["de", "us"]), "id": anything})
    | st.fixed_dictionaries({"type": st.just("external"), "server": anything}, optional={"password": st.none() | anything})
    | st.fixed_dictionaries({"type": st.just("tailnet"), "oauth_client_id": anything}),
    max_size=1,
)
sizes = st.integers(500, 4000)
screens = (
    optional(aspect_ratio=st.sampled_from(["5:4", "16:9"]), user_agent=words, headless=st.booleans())
    | st.fixed_dictionaries({"viewport_width": sizes, "viewport_height": sizes})
    | st.fixed_dictionaries({"cdp_url": words}, optional={"headless": st.just(True)})
)
times = st.just({}) | st.builds(
    lambda idle, more: {"idle_timeout_minutes": idle, "max_duration_minutes": idle + more},
    st.integers(1, 15),
    st.integers(0, 1425),
)
others = optional(
    proxies=proxies,
    solve_captchas=st.booleans(),
    browser_type=st.sampled_from(["chromium", "chrome", "firefox"]),
    use_file_storage=st.booleans(),
    screenshot_type=st.sampled_from(["raw", "full", "last_action"]),
    web_bot_auth=st.booleans(),
    vault_id=words,
    extra_http_headers=st.dictionaries(anything, anything, max_size=3),
    profile=st.fixed_dictionaries({"id": words}, optional={"persist": st.booleans()}),
)
chrome_args = st.lists(anything | words, max_size=4)
session_requests = st.builds(
    lambda screen, time, other, args: screen | time | other | ({"chrome_args": args} if "cdp_url" not in screen else {}),
    screens, times, others, chrome_args,
)  # fmt: skip
agent_requests = st.fixed_dictionaries(
    {"task": words, "session_id": words},
    optional={
        "url": words,
        "response_format": json_values,
        "session_offset": st.integers(),
        "reasoning_model": words | st.just("openai/gpt-4o"),
        "use_vision": st.booleans(),
        "max_steps": st.integers(1, 150),
        "vault_id": words,
        "persona_id": words,
        "notifier_config": st.dictionaries(anything, json_values, max_size=3),
    },
)
garbage = st.text(st.characters(codec="utf-8"), max_size=60) | st.integers().map(str) | json_values.map(json.dumps)


def comes_back(form_class, request):
    """Typed straight into the form, and by way of the page that a browser would send back."""
    form = form_class(form_class.data_for(request))
    assert form.is_valid(), form.errors
    return form.to_request()


@SETTINGS
@given(request_body=session_requests)
def test_every_session_request_comes_back_as_it_was(session_form, accepts, drawn, request_body):
    assert accepts("ApiSessionStartRequest", request_body)
    assert comes_back(session_form, request_body) == request_body

    sent = session_form(drawn(session_form(initial=request_body)).values)
    assert sent.is_valid(), sent.errors
    assert sent.to_request() == request_body


@SETTINGS
@given(request_body=agent_requests)
def test_every_agent_request_comes_back_as_it_was(agent_form, accepts, drawn, request_body):
    assert accepts("ApiAgentStartRequest", request_body)
    assert comes_back(agent_form, request_body) == request_body

    sent = agent_form(drawn(agent_form(initial=request_body)).values)
    assert sent.is_valid(), sent.errors
    assert sent.to_request() == request_body


@settings(SETTINGS, max_examples=200)
@given(data=st.data(), typed=garbage)
def test_whatever_is_typed_is_sent_right_or_refused_at_its_control(session_form, control_names, accepts, drawn, data, typed):
    name = data.draw(st.sampled_from(control_names(session_form())))
    form = session_form({name: typed})
    if form.is_valid():
        assert accepts("ApiSessionStartRequest", form.to_request())
    else:
        assert form.errors.keys() <= {name, *blamed_for(name)}, form.errors
    if "\0" not in typed:
        assert drawn(form).values[name] == typed


@settings(SETTINGS, max_examples=200)
@given(data=st.data(), typed=garbage)
def test_whatever_is_typed_for_an_agent_is_sent_right_or_refused_at_its_control(
    agent_form, control_names, accepts, drawn, data, typed
):
    name = data.draw(st.sampled_from(control_names(agent_form())))
    form = agent_form({"task": "Read the title", "session_id": "s-1"} | {name: typed})
    if form.is_valid():
        assert accepts("ApiAgentStartRequest", form.to_request())
    else:
        assert form.errors.keys() == {name}
    if "\0" not in typed:
        assert drawn(form).values[name] == typed


def blamed_for(name):
    """A width alone is refused at the missing height, part of a profile at its missing id, and so on: the rules say where."""
    return {
        "viewport_width": {"viewport_height"},
        "viewport_height": {"viewport_width"},
        "profile-persist": {"profile-id"},
        "max_duration_minutes": {"idle_timeout_minutes"},
    }.get(name, set())


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ({}, {}),
        ({"headless": "", "idle_timeout_minutes": " ", "chrome_args": "\r\n", "profile-id": ""}, {}),
        ({"headless": "true", "idle_timeout_minutes": "3", "browser_type": "chromium"},
         {"headless": True, "idle_timeout_minutes": 3, "browser_type": "chromium"}),
        ({"headless": "false", "proxies": "false"}, {"headless": False, "proxies": False}),
        ({"profile-id": "p", "profile-persist": "false"}, {"profile": {"id": "p", "persist": False}}),
        ({"chrome_args": "--a=1\r\n\r\n  --b \r\n"}, {"chrome_args": ["--a=1", "--b"]}),
        ({"chrome_args": "[]"}, {"chrome_args": []}),
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
