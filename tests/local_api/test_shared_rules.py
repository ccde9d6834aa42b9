"""One table of rules: what the form refuses, the local API refuses, in the same words and at the same place."""

from collections.abc import Iterator
from typing import Any

import pytest

from notte_dashboard.local_api import rules as local_rules
from notte_dashboard.notte_api.contract import published
from notte_dashboard.notte_api.generated import ApiSessionStartRequest
from notte_dashboard.notte_api.rules import RULES
from notte_dashboard.schema_forms.builder import build_form
from notte_dashboard.schema_forms.contract import contract
from notte_dashboard.schema_forms.layouts import SESSION_START
from tests.local_api.serving import LocalApi

SESSION = "ApiSessionStartRequest"
CDP = {"cdp_url": "wss://browser.example"}
SIZE = {"viewport_width": 800, "viewport_height": 600}
BROKEN: dict[str, dict[str, Any]] = {
    "aspect_ratio_and_viewport": {**SIZE, "aspect_ratio": "5:4"},
    "viewport_width_missing": {"viewport_height": 600},
    "viewport_height_missing": {"viewport_width": 800},
    "cdp_url_headless": {**CDP, "headless": False},
    "cdp_url_user_agent": {**CDP, "user_agent": "Agent"},
    "cdp_url_chrome_args": {**CDP, "chrome_args": ["--mute-audio"]},
    "cdp_url_viewport_width": {**CDP, **SIZE},
    "cdp_url_viewport_height": {**CDP, **SIZE},
    "idle_beyond_maximum": {"max_duration_minutes": 2},
    "captchas_without_proxies": {"solve_captchas": True, "browser_type": "chrome-nightly"},
    "several_proxies": {"proxies": [{"type": "external", "server": "http://a:1"}] * 2},
}
NEWER: dict[str, dict[str, Any]] = {
    "viewport_width_too_small": {**SIZE, "viewport_width": 499},
    "viewport_height_too_small": {**SIZE, "viewport_height": 499},
}
RULE = {rule.code: rule for rule in RULES[SESSION]}


def test_every_rule_is_broken_here():
    assert {**BROKEN, **NEWER}.keys() == RULE.keys()


@pytest.mark.parametrize("code", BROKEN)
def test_form_and_local_api_say_the_same_at_the_same_place(local_api: LocalApi, code: str):
    rule, body = RULE[code], BROKEN[code]
    form_class = build_form(SESSION, SESSION_START)
    form = form_class(form_class.data_for(body))
    answer = local_api.post("/sessions/start", body)

    assert rule.message in form.errors[rule.blames]
    assert answer.status_code == 422
    assert {"loc": ["body", rule.blames], "msg": rule.message, "type": "value_error"} in answer.json()["detail"]


@pytest.fixture
def newer_contract(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    info = {"version": "1.10.0"}
    monkeypatch.setattr(local_rules, "published", lambda: {**published(), "info": info})
    local_rules.session_rules.cache_clear()
    yield {**contract(), "info": info}
    local_rules.session_rules.cache_clear()


def problems(body: dict[str, Any]) -> list[tuple[str, str]]:
    found = local_rules.session_problems(ApiSessionStartRequest.model_validate(body), display=True)
    return [(problem.field, problem.msg) for problem in found]


@pytest.mark.parametrize("code", NEWER)
def test_both_wait_for_the_contract_that_brings_a_rule(code: str):
    form_class = build_form(SESSION, SESSION_START)
    assert form_class(form_class.data_for(NEWER[code])).is_valid()
    assert problems(NEWER[code]) == []


@pytest.mark.parametrize("code", NEWER)
def test_both_have_the_rules_of_a_newer_contract(newer_contract: dict[str, Any], code: str):
    rule = RULE[code]
    form_class = build_form(SESSION, SESSION_START, document=newer_contract)
    assert form_class(form_class.data_for(NEWER[code])).errors == {rule.blames: [rule.message]}
    assert problems(NEWER[code]) == [(rule.blames, rule.message)]
