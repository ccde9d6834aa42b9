"""The rules that no schema shows, each broken once and kept once."""

import pytest

from notte_dashboard.notte_api.rules import RULES
from notte_dashboard.schema_forms.builder import build_form
from notte_dashboard.schema_forms.contract import contract
from notte_dashboard.schema_forms.layouts import SESSION_START

SIZE = {"viewport_width": "800", "viewport_height": "600"}
CASES = [
    ("aspect_ratio_and_viewport", SIZE | {"aspect_ratio": "16:9"}, SIZE, "aspect_ratio"),
    ("viewport_height_missing", {"viewport_width": "800"}, SIZE, "viewport_height"),
    ("viewport_width_missing", {"viewport_height": "800"}, SIZE, "viewport_width"),
    ("cdp_url_headless", {"cdp_url": "wss://x", "headless": "false"}, {"cdp_url": "wss://x", "headless": "true"}, "headless"),
    ("cdp_url_user_agent", {"cdp_url": "wss://x", "user_agent": "u"}, {"user_agent": "u"}, "user_agent"),
    ("cdp_url_chrome_args", {"cdp_url": "wss://x", "chrome_args": "--a"}, {"chrome_args": "--a"}, "chrome_args"),
    ("cdp_url_viewport_width", SIZE | {"cdp_url": "wss://x"}, {"cdp_url": "wss://x"}, "viewport_width"),
    ("cdp_url_viewport_height", SIZE | {"cdp_url": "wss://x"}, {"cdp_url": "wss://x"}, "viewport_height"),
    ("idle_beyond_maximum", {"idle_timeout_minutes": "10", "max_duration_minutes": "9"},
     {"idle_timeout_minutes": "9", "max_duration_minutes": "9"}, "idle_timeout_minutes"),
    ("idle_beyond_maximum", {"max_duration_minutes": "2"}, {"max_duration_minutes": "3"}, "idle_timeout_minutes"),
    ("captchas_without_proxies", {"solve_captchas": "true", "browser_type": "chrome-turbo"},
     {"solve_captchas": "true", "browser_type": "chrome-turbo", "proxies": "true"}, "proxies"),
    ("captchas_without_proxies", {"solve_captchas": "true", "browser_type": "chrome-nightly", "proxies": "[]"},
     {"solve_captchas": "true", "browser_type": "chrome"}, "proxies"),
    ("several_proxies", {"proxies": '[{"type": "notte"}, {"type": "notte"}]'}, {"proxies": '[{"type": "notte"}]'}, "proxies"),
]  # fmt: skip
NEWER = [
    ("viewport_width_too_small", SIZE | {"viewport_width": "499"}, SIZE | {"viewport_width": "500"}, "viewport_width"),
    ("viewport_height_too_small", SIZE | {"viewport_height": "499"}, SIZE | {"viewport_height": "500"}, "viewport_height"),
]  # fmt: skip


def form_of(version):
    return build_form("ApiSessionStartRequest", SESSION_START, document={**contract(), "info": {"version": version}})


@pytest.mark.parametrize(("code", "broken", "kept", "blamed"), CASES)
def test_a_broken_rule_is_told_at_the_field_it_blames(session_form, code, broken, kept, blamed):
    errors = session_form(broken).errors.as_data()
    assert [error.code for error in errors[blamed]] == [code]
    assert session_form(kept).is_valid()


@pytest.mark.parametrize(("code", "broken", "kept", "blamed"), NEWER)
def test_a_rule_of_a_newer_api_waits_for_its_contract(session_form, code, broken, kept, blamed):
    assert session_form(broken).is_valid()
    newer = form_of("1.10.0")
    assert [error.code for error in newer(broken).errors.as_data()[blamed]] == [code]
    assert newer(kept).is_valid()


@pytest.mark.parametrize("version", ["1.4.40", "1.9.9", "1.3", "", "unknown"])
def test_older_and_unnamed_contracts_have_the_published_rules(version):
    assert {rule.code for rule in form_of(version).rules} == {code for code, *_ in CASES}


@pytest.mark.parametrize("version", ["1.10", "1.10.0-rc1", "1.11.2", "2.0"])
def test_newer_contracts_have_them_all(version):
    assert set(form_of(version).rules) == set(RULES["ApiSessionStartRequest"])


def test_every_rule_has_a_case():
    assert {rule.code for rule in RULES["ApiSessionStartRequest"]} == {code for code, *_ in [*CASES, *NEWER]}


def test_every_rule_speaks_of_fields_that_exist(session_form):
    for rule in RULES["ApiSessionStartRequest"]:
        assert {*rule.fields, rule.blames} <= {spec.key for spec in session_form.specs}


def test_a_rule_waits_until_its_fields_can_be_read(session_form):
    form = session_form({"viewport_width": "wide"})
    assert form.errors == {"viewport_width": ["Enter a whole number."]}


def test_a_null_is_not_given():
    body = {"aspect_ratio": "5:4", "viewport_width": None, "viewport_height": None}
    assert not [rule.code for rule in RULES["ApiSessionStartRequest"] if rule.broken(body)]
