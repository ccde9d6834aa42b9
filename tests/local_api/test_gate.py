"""Who is let in: 30 ways to ask that must be refused, and those that must not."""

import http.client

import pytest

from tests.local_api.serving import KEY, LocalApi

GOOD = {"Authorization": f"Bearer {KEY}"}


def ask(api: LocalApi, path: str = "/sessions", method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, str]:
    """Below httpx, which would not send such requests."""
    connection = http.client.HTTPConnection("127.0.0.1", api.settings.port, timeout=60)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    sent = {"Host": f"127.0.0.1:{api.settings.port}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body is not None:
        sent["Content-Length"] = str(len(body))
    for name, value in sent.items():
        if value:
            connection.putheader(name, value)
    connection.endheaders(body.encode() if body is not None else None)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost.evil.example",
        "127.0.0.1.evil.example:{port}",
        "127.0.0.2:{port}",
        "[::2]:{port}",
        "127.0.0.1@evil.example",
        "evil.example#127.0.0.1",
        "0.0.0.0:{port}",
        "2130706433:{port}",
        "[::",
        "metadata",
    ],
)
def test_a_foreign_host_is_refused_everywhere(local_api: LocalApi, host: str):
    for path in ("/sessions", "/health", "/demo/", "/viewer/"):
        status, text = ask(local_api, path, Host=host.format(port=local_api.settings.port), **GOOD)

        assert status == 403
        assert '"status":403' in text


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST", "[::1]:{port}", "127.0.0.1"])
def test_the_hosts_of_this_machine_are_served(local_api: LocalApi, host: str):
    assert ask(local_api, Host=host.format(port=local_api.settings.port), **GOOD)[0] == 200


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "http://localhost:8000",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "file://",
        "chrome-extension://abcdef",
    ],
)
def test_a_foreign_origin_is_refused(local_api: LocalApi, origin: str):
    headers = {**GOOD, "Origin": origin.format(port=local_api.settings.port), "Content-Type": "application/json"}

    assert ask(local_api, "/sessions", **headers)[0] == 403
    assert ask(local_api, "/sessions/start", "POST", "{}", **headers)[0] == 403
    assert local_api.get("/sessions").json()["items"] == []


def test_a_browser_that_navigates_to_the_api_is_refused(local_api: LocalApi):
    assert ask(local_api, **GOOD, Sec_Fetch_Mode="navigate", Sec_Fetch_Site="none")[0] == 403


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {KEY}", KEY, f"Bearer {KEY}x", f"Bearer x{KEY}", "Bearer é"],
)
def test_the_key_is_wanted_everywhere(local_api: LocalApi, authorization: str):
    for path in ("/sessions", "/agents/", "/sessions/some-id", "/nothing-here", "/viewerx", "/demos"):
        status, text = ask(local_api, path, Authorization=authorization)

        assert status == 401
        assert '"message":"The Bearer key is missing or wrong' in text


def test_health_needs_no_key_and_names_the_chromium(local_api: LocalApi):
    for path in ("/health", "/health/"):
        status, text = ask(local_api, path)
        assert status == 200
        assert '"status":"healthy","version":"1.4.40"' in text
        assert '"chromium":{"ok":true,"path":"' in text


@pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp"])
def test_a_start_must_be_json_by_its_content_type(local_api: LocalApi, media_type: str):
    assert ask(local_api, "/sessions/start", "POST", "{}", **GOOD, Content_Type=media_type)[0] == 415


def test_a_huge_body_is_refused(local_api: LocalApi):
    body = '{"user_agent": "' + "x" * 1_100_000 + '"}'

    assert ask(local_api, "/sessions/start", "POST", body, **GOOD, Content_Type="application/json")[0] == 413


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', "[" * 20_000])
def test_a_body_that_is_no_object_is_refused_and_not_echoed(local_api: LocalApi, body: str):
    status, text = ask(local_api, "/sessions/start", "POST", body, **GOOD, Content_Type="application/json")

    assert status in {400, 422}
    assert "input" not in text.replace("valid", "")


def test_an_unknown_endpoint_is_a_404_in_the_shape_of_the_api(local_api: LocalApi):
    answer = local_api.get("/workflows")

    message = "The local API has no such endpoint."
    assert (answer.status_code, answer.json()) == (404, {"status": 404, "message": message, "detail": message})
