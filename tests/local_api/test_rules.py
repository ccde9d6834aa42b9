"""What a start is refused for, at which field, and that nothing is started then."""

from typing import Any

import pytest

from notte_dashboard.local_api import chrome_args
from notte_dashboard.notte_api.generated import HTTPValidationError
from tests.local_api.serving import LocalApi

EXTERNAL = {"type": "external", "server": "http://proxy.example:3128"}
REFUSED: list[tuple[dict[str, Any], list[str | int]]] = [
    ({"solve_captchas": True}, ["solve_captchas"]),
    ({"web_bot_auth": True}, ["web_bot_auth"]),
    ({"profile": {"id": "p1"}}, ["profile"]),
    ({"vault_id": "v1"}, ["vault_id"]),
    ({"cdp_url": "wss://elsewhere.example/"}, ["cdp_url"]),
    ({"use_file_storage": True}, ["use_file_storage"]),
    ({"headless": False}, ["headless"]),
    ({"browser_type": "firefox"}, ["browser_type"]),
    ({"browser_type": "chrome-nightly"}, ["browser_type"]),
    ({"browser_type": "chrome-turbo"}, ["browser_type"]),
    ({"browser_type": "lynx"}, ["browser_type"]),
    ({"proxies": True}, ["proxies"]),
    ({"proxies": [{"type": "notte"}]}, ["proxies", 0, "notte"]),
    ({"proxies": [{"type": "tailnet", "oauth_client_id": "x"}]}, ["proxies", 0, "tailnet"]),
    ({"proxies": [EXTERNAL, EXTERNAL]}, ["proxies"]),
    ({"proxies": [{**EXTERNAL, "server": "not a server"}]}, ["proxies", 0, "external", "server"]),
    ({"proxies": [{**EXTERNAL, "server": "socks5://h:1", "username": "u"}]}, ["proxies", 0, "external", "username"]),
    ({"aspect_ratio": "16:9", "viewport_width": 1280, "viewport_height": 720}, ["aspect_ratio"]),
    ({"viewport_width": 1280}, ["viewport_height"]),
    ({"viewport_height": 720}, ["viewport_width"]),
    ({"solve_captchas": True, "browser_type": "chrome-turbo"}, ["solve_captchas"]),
    ({"viewport_width": 99, "viewport_height": 720}, ["viewport_width"]),
    ({"viewport_width": 1280, "viewport_height": 3841}, ["viewport_height"]),
    ({"idle_timeout_minutes": 10, "max_duration_minutes": 5}, ["idle_timeout_minutes"]),
    ({"idle_timeout_minutes": 16, "max_duration_minutes": 20}, ["idle_timeout_minutes"]),
    ({"max_duration_minutes": 1441}, ["max_duration_minutes"]),
    ({"max_duration_minutes": 0}, ["max_duration_minutes"]),
    ({"headless": None}, ["headless"]),
    ({"user_agent": "two\nlines"}, ["user_agent"]),
    ({"user_agent": ""}, ["user_agent"]),
    ({"extra_http_headers": {"X-Good": "yes", "X-Bad": "a\r\nb"}}, ["extra_http_headers", "X-Bad"]),
    ({"extra_http_headers": {"Host": "evil.example"}}, ["extra_http_headers", "Host"]),
    ({"extra_http_headers": {"bad name": "x"}}, ["extra_http_headers"]),
    ({"extra_http_headers": {f"X-{number}": "x" for number in range(51)}}, ["extra_http_headers"]),
    ({"chrome_args": ["--mute-audio", "--gpu-launcher=sh"]}, ["chrome_args", 1]),
    ({"auth_ids": []}, ["auth_ids"]),
    ({"screenshot_type": "film"}, ["screenshot_type"]),
]


@pytest.mark.parametrize(("body", "loc"), REFUSED, ids=[str(body)[:60] for body, _ in REFUSED])
def test_a_start_that_cannot_be_honoured_is_refused_at_its_field(local_api: LocalApi, body: dict[str, Any], loc: list[str | int]):
    answer = local_api.post("/sessions/start", body)

    assert answer.status_code == 422
    errors = HTTPValidationError.model_validate(answer.json()).detail or []
    assert errors[0].loc[: len(loc) + 1] == ["body", *loc]
    assert all(set(entry) == {"loc", "msg", "type"} for entry in answer.json()["detail"])
    assert local_api.get("/sessions").json()["items"] == []


def test_every_problem_is_told_at_once(local_api: LocalApi):
    answer = local_api.post("/sessions/start", {"solve_captchas": True, "viewport_width": 7, "vault_id": "v"})

    fields = [entry["loc"][1] for entry in answer.json()["detail"]]
    assert fields == ["solve_captchas", "vault_id", "viewport_height", "viewport_width"]


def test_a_refusal_holds_no_secret_of_the_request(local_api: LocalApi):
    secret = "s3cret-canary"
    proxies = [{**EXTERNAL, "password": secret, "server": f"http://{secret}@x"}]
    body = {"proxies": proxies, "extra_http_headers": {"Authorization": f"{secret}\n"}, "chrome_args": [f"--x={secret}"]}

    for refused in (body, {**body, "nonsense": secret}, {"extra_http_headers": {"A": [secret]}}):
        answer = local_api.post("/sessions/start", refused)
        assert answer.status_code == 422
        assert secret not in answer.text


AGENT_REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"reasoning_model": "openai/gpt-4o"}, "reasoning_model"),
    ({"reasoning_model": "someone/else"}, "reasoning_model"),
    ({"use_vision": True}, "use_vision"),
    ({"response_format": {"type": "object"}}, "response_format"),
    ({"session_offset": 3}, "session_offset"),
    ({"vault_id": "v"}, "vault_id"),
    ({"persona_id": "p"}, "persona_id"),
    ({"notifier_config": {"type": "slack"}}, "notifier_config"),
    ({"max_steps": 0}, "max_steps"),
    ({"max_steps": 151}, "max_steps"),
    ({"task": " "}, "task"),
    ({"task": "x" * 10_001}, "task"),
    ({"url": "file:///etc/passwd"}, "url"),
    ({"url": "javascript:alert(1)"}, "url"),
    ({"url": "not a url"}, "url"),
    ({}, "session_id"),
]


@pytest.mark.parametrize(("change", "field"), AGENT_REFUSED, ids=[str(change)[:50] for change, _ in AGENT_REFUSED])
def test_an_agent_that_cannot_run_is_refused_at_its_field(local_api: LocalApi, change: dict[str, Any], field: str):
    answer = local_api.post("/agents/start", {"task": "Do it", "session_id": "nowhere", **change})

    assert answer.status_code == 422
    assert field in [entry["loc"][1] for entry in answer.json()["detail"]]


def test_an_unknown_model_is_answered_with_the_one_there_is(local_api: LocalApi):
    answer = local_api.post("/agents/start", {"task": "Do it", "session_id": "x", "reasoning_model": "openai/gpt-4o"})

    assert "local/rules" in answer.json()["detail"][0]["msg"]


DANGEROUS = """
--remote-debugging-port=9222 --remote-debugging-pipe --remote-debugging-address=0.0.0.0 --remote-allow-origins=*
--load-extension=/tmp/x --disable-extensions-except=/tmp/x --user-data-dir=/tmp/x --disk-cache-dir=/etc --profile-directory=x
--disable-web-security --allow-file-access-from-files --allow-running-insecure-content --ignore-certificate-errors
--ignore-certificate-errors-spki-list=x --renderer-cmd-prefix=sh --gpu-launcher=sh --utility-cmd-prefix=sh
--ppapi-plugin-launcher=sh --browser-subprocess-path=/bin/sh --no-sandbox --disable-setuid-sandbox
--disable-namespace-sandbox --no-zygote --single-process --disable-site-isolation-trials --disable-features=IsolateOrigins
--enable-features=x --proxy-server=http://x --proxy-pac-url=http://x --proxy-bypass-list=<-loopback>
--host-resolver-rules=MAP --host-rules=x --dns-server=x --log-file=/tmp/x --enable-logging --log-net-log=/tmp/x
--ssl-key-log-file=/tmp/x --crash-dumps-dir=/tmp --use-fake-ui-for-media-stream --auto-accept-camera-and-microphone-capture
--js-flags=--allow-natives-syntax --headless=new --app=file:///etc/passwd --print-to-pdf=/tmp/x --screenshot=/tmp/x
--dump-dom --install-autogenerated-theme --register-font-files=x --enable-automation
--unsafely-treat-insecure-origin-as-secure=http://x --disable-blink-features=Other --blink-settings=preferredColorScheme=2
--lang=$(id) --window-size=1,2,3 --mute-audio=1 -mute-audio mute-audio http://evil.example --MUTE-AUDIO
--force-device-scale-factor=1e9 --trace-startup --vmodule=x --run-all-compositor-stages
"""


@pytest.mark.parametrize("arg", [*DANGEROUS.split(), "", "--", "--mute-audio ", "--lang=de\n--no-sandbox"])
def test_a_switch_outside_the_list_is_refused(arg: str):
    assert chrome_args.problem([arg]) is not None


@pytest.mark.parametrize(
    "arg",
    [
        "--mute-audio",
        "--lang=de-AT",
        "--accept-lang=de-AT,en",
        "--window-size=800,600",
        "--force-device-scale-factor=1.5",
        "--disable-blink-features=AutomationControlled",
    ],
)
def test_a_listed_switch_is_accepted(arg: str):
    assert chrome_args.problem([arg]) is None
