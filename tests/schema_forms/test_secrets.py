"""Nothing secret stays in the public part, and nothing is lost on the way back."""

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from notte_dashboard.schema_forms.again import without_secrets
from notte_dashboard.schema_forms.layouts import AGENT_START, SESSION_START
from notte_dashboard.schema_forms.secrets import join, split

MARK = {"$secret": True}
names = st.sampled_from(
    ["proxies", "username", "password", "a/b", "~1", "", "0", "notifier_config", "token", "$secret"]
) | st.text(max_size=4)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)
requests = st.dictionaries(
    st.sampled_from(["proxies", "extra_http_headers", "cdp_url", "chrome_args", "notifier_config", "url", "api_key", "x"]),
    anything,
)


@settings(max_examples=200, deadline=None)
@given(request_body=requests, layout=st.sampled_from([SESSION_START, AGENT_START]))
def test_join_undoes_split_for_any_request(request_body, layout):
    before = copy.deepcopy(request_body)
    public, secret = split(request_body, layout)
    stored_public, stored_secret = json.loads(json.dumps(public)), json.loads(json.dumps(secret))
    assert join(stored_public, stored_secret) == before
    assert request_body == before


def test_secrets_of_a_session_leave_their_shape_behind():
    request = {
        "headless": False,
        "cdp_url": "wss://x?token=1",
        "proxies": [
            {"type": "external", "server": "http://p:1", "username": "bob", "password": "pw"},
            {"type": "external", "server": "http://bob:pw@p:1", "password": None},
            {"type": "tailnet", "oauth_client_id": "id", "oauth_client_secret": "s"},
        ],
        "extra_http_headers": {"X/Y": "v"},
        "chrome_args": ["--mute-audio", "--proxy-server=http://a:b@h"],
    }
    public, secret = split(request, SESSION_START)
    assert public == {
        "headless": False,
        "cdp_url": MARK,
        "proxies": [
            {"type": "external", "server": "http://p:1", "username": MARK, "password": MARK},
            {"type": "external", "server": MARK, "password": None},
            {"type": "tailnet", "oauth_client_id": "id", "oauth_client_secret": MARK},
        ],
        "extra_http_headers": {"X/Y": MARK},
        "chrome_args": ["--mute-audio", MARK],
    }
    assert secret["/extra_http_headers/X~1Y"] == "v"
    assert secret["/proxies/2/oauth_client_secret"] == "s"


def test_secrets_of_an_agent():
    request = {
        "task": "say ?token=1 aloud",
        "url": "https://oauth.example.com/login?next=/secret-garden",
        "notifier_config": {"kind": "mail", "to": ["a@b.c"], "port": 25, "tls": {}},
        "response_format": {"properties": {"password": {"type": "string"}}, "required": ["password"]},
    }
    public, _ = split(request, AGENT_START)
    assert public == request | {"notifier_config": {"kind": MARK, "to": [MARK], "port": MARK, "tls": {}}}
    assert split({"url": "https://u:p@h/"}, AGENT_START)[0] == {"url": MARK}
    assert split({"url": "https://h/?api_key=1"}, AGENT_START)[0] == {"url": MARK}


def test_a_field_that_the_contract_gains_is_kept_safe_by_its_name():
    public, _ = split({"captcha": {"api_key": "k", "site": "s"}, "max_tokens": 5}, SESSION_START)
    assert public == {"captcha": {"api_key": MARK, "site": "s"}, "max_tokens": 5}


def test_an_old_request_fills_a_new_form_without_its_secrets():
    public, _ = split({"cdp_url": "wss://x", "headless": True, "chrome_args": ["--a", "--password=x"]}, SESSION_START)
    assert without_secrets(public) == {"headless": True, "chrome_args": ["--a"]}
