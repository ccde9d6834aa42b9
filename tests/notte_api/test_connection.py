from urllib.parse import quote, quote_plus

import httpx
import pytest

from notte_dashboard.notte_api.connection import KEY_MARK, Connection, origin_of
from notte_dashboard.notte_api.transport import KeyForItsOrigin

KEY = "key/with+signs%and=more-1234567890"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://api.notte.cc", "https://api.notte.cc"),
        ("https://api.notte.cc/", "https://api.notte.cc"),
        ("HTTPS://API.notte.cc:443//", "https://api.notte.cc"),
        ("http://127.0.0.1:8001/api/v0/", "http://127.0.0.1:8001/api/v0"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_base_url_is_kept_in_one_spelling(given, kept):
    assert Connection(given, KEY).base_url == kept


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "http://"),
        ("api.notte.cc", "http://"),
        ("ftp://api.notte.cc", "http://"),
        ("javascript:alert(1)", "http://"),
        ("http://", "host"),
        (f"https://{'x' * 64}.example", "63 letters"),
        ("https://api..example", "empty part"),
        ("https://user:secret@api.notte.cc", "user name"),
        ("https://@api.notte.cc", "user name"),
        ("https://good.example\\@evil.example", "backslash"),
        ("https://api.notte.cc /x", "space"),
        ("https://api.notte.cc\n", "control"),
        ("https://api.notte.cc?x=1", "query"),
        ("https://api.notte.cc/#x", "fragment"),
        ("https://api.notte.cc:port", "not a URL"),
    ],
)
def test_base_url_that_cannot_be_one_is_refused_with_the_reason(given, reason):
    with pytest.raises(ValueError, match=f"base_url.*{reason}"):
        Connection(given, KEY)


@pytest.mark.parametrize("key", ["", "two words", "line\r\nbreak", "schlüssel", "nul\x00"])
def test_key_that_no_header_can_carry_is_refused_without_being_shown(key):
    with pytest.raises(ValueError, match="api_key") as caught:
        Connection("https://api.notte.cc", key)
    assert not key or key not in str(caught.value)


def test_key_is_not_in_the_representation():
    assert KEY not in repr(Connection("https://api.notte.cc", KEY, name="main"))


@pytest.mark.parametrize(
    "encode", [str, quote, quote_plus, lambda key: quote(key, safe=""), lambda key: quote(quote(key, safe=""))]
)
@pytest.mark.parametrize("case", [str, lambda text: text.replace("%2F", "%2f").replace("%2B", "%2b")])
def test_key_is_found_and_redacted_in_every_encoding(encode, case):
    connection = Connection("https://api.notte.cc", KEY)
    text = f"https://viewer.example/?token={case(encode(KEY))}&x=1"

    assert connection.carries_key(text)
    assert connection.redact(text) == f"https://viewer.example/?token={KEY_MARK}&x=1"


def test_text_without_the_key_stays_as_it_is():
    connection = Connection("https://api.notte.cc", KEY)
    text = f"https://viewer.example/?token={KEY[:-1]}%20"

    assert not connection.carries_key(text)
    assert connection.redact(text) == text


def test_websocket_url_follows_the_scheme_and_the_prefix():
    secure = Connection("https://api.notte.cc/v0", KEY)
    plain = Connection("http://127.0.0.1:8001", KEY)

    assert secure.websocket_url("/a", token="x&y", session_id="1") == "wss://api.notte.cc/v0/a?token=x%26y&session_id=1"
    assert plain.websocket_url("/a") == "ws://127.0.0.1:8001/a"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.notte.cc/sessions",
        "https://api.notte.cc:8443/sessions",
        "https://api.notte.cc.evil.example/sessions",
        "https://evil.example/api.notte.cc",
        "https://api.notte.co/sessions",
    ],
)
def test_key_goes_to_no_other_origin(url):
    request = httpx.Request("GET", url)
    next(KeyForItsOrigin(Connection("https://api.notte.cc", KEY)).auth_flow(request))

    assert "authorization" not in request.headers


def test_key_goes_to_its_origin():
    request = httpx.Request("GET", "https://API.notte.cc:443/sessions")
    next(KeyForItsOrigin(Connection("https://api.notte.cc", KEY)).auth_flow(request))

    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert origin_of(request.url) == "https://api.notte.cc"
