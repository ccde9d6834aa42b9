"""Which page may open a socket: exactly the one of the same scheme, host and port, or one that the settings trust."""

import pytest

from notte_dashboard.realtime.origin import is_same_origin

HOST = "127.0.0.1:8000"
SAME = [
    ("http://127.0.0.1:8000", HOST, "ws"),
    ("http://127.0.0.1:8000", HOST, "http"),
    ("HTTP://127.0.0.1:8000", HOST, "ws"),
    ("http://localhost:8000", "localhost:8000", "ws"),
    ("http://LOCALHOST:8000", "localhost:8000", "ws"),
    ("http://[::1]:8000", "[::1]:8000", "ws"),
    ("http://localhost", "localhost", "ws"),
    ("http://localhost", "localhost:80", "ws"),
    ("http://localhost:80", "localhost", "ws"),
    ("https://localhost", "localhost", "wss"),
    ("https://localhost:443", "localhost", "wss"),
    ("https://localhost", "localhost:443", "wss"),
    ("https://notte.example.com", "127.0.0.1:8000", "ws"),
    ("https://notte.example.com", "notte.example.com", "ws"),
]
OTHER = [
    ("", HOST, "ws"),
    ("null", HOST, "ws"),
    ("http://127.0.0.1:9999", HOST, "ws"),
    ("http://127.0.0.1", HOST, "ws"),
    ("http://127.0.0.1:80000", HOST, "ws"),
    ("http://127.0.0.1:abc", HOST, "ws"),
    ("https://127.0.0.1:8000", HOST, "ws"),
    ("http://127.0.0.1:8000", HOST, "wss"),
    ("ws://127.0.0.1:8000", HOST, "ws"),
    ("http://localhost:8000", HOST, "ws"),
    ("http://127.0.0.2:8000", HOST, "ws"),
    ("http://127.1:8000", HOST, "ws"),
    ("http://2130706433:8000", HOST, "ws"),
    ("http://[::ffff:127.0.0.1]:8000", HOST, "ws"),
    ("http://127.0.0.1:8000/", HOST, "ws"),
    ("http://127.0.0.1:8000/path", HOST, "ws"),
    ("http://127.0.0.1:8000?x", HOST, "ws"),
    ("http://127.0.0.1:8000#x", HOST, "ws"),
    ("http://user@127.0.0.1:8000", HOST, "ws"),
    ("http://127.0.0.1:8000@evil.test", HOST, "ws"),
    ("http://127.0.0.1:8000.evil.test", HOST, "ws"),
    ("http://evil.test/127.0.0.1:8000", HOST, "ws"),
    ("http://evil.test", "evil.test", "ws"),
    ("http://evil.test:8000", "evil.test:8000", "ws"),
    ("http://rebound.test:8000", "rebound.test:8000", "ws"),
    (" http://127.0.0.1:8000", HOST, "ws"),
    ("http://127.0.0.1:8000, http://evil.test", HOST, "ws"),
    ("127.0.0.1:8000", HOST, "ws"),
    ("//127.0.0.1:8000", HOST, "ws"),
    ("http://", "", "ws"),
    ("http://127.0.0.1:8000", "", "ws"),
    ("http://[::1", "[::1", "ws"),
    ("http://notte.example.com", "notte.example.com", "ws"),
    ("https://notte.example.com:444", "notte.example.com", "ws"),
    ("https://evil.notte.example.com", "notte.example.com", "wss"),
    ("file://", HOST, "ws"),
    ("chrome-extension://abc", HOST, "ws"),
    ("http://localhost:80:80", "localhost:80", "ws"),
]


@pytest.fixture(autouse=True)
def _hosts(settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://notte.example.com"]


def scope(origin, host, scheme, *more):
    headers = [(b"origin", origin.encode()), (b"host", host.encode()), *more]
    return {"scheme": scheme, "headers": [(name, value) for name, value in headers if value]}


@pytest.mark.parametrize(("origin", "host", "scheme"), SAME)
def test_our_own_page_may_connect(origin, host, scheme):
    assert is_same_origin(scope(origin, host, scheme))


@pytest.mark.parametrize(("origin", "host", "scheme"), OTHER)
def test_any_other_page_may_not(origin, host, scheme):
    assert not is_same_origin(scope(origin, host, scheme))


@pytest.mark.parametrize("name", [b"origin", b"host"])
def test_a_header_sent_twice_counts_as_missing(name):
    assert not is_same_origin(scope("http://127.0.0.1:8000", HOST, "ws", (name, b"http://evil.test")))


def test_a_server_that_names_no_scheme_speaks_plainly():
    asked = scope("http://127.0.0.1:8000", HOST, "ws")
    del asked["scheme"]

    assert is_same_origin(asked)


def test_bytes_that_are_no_ascii_are_refused():
    asked = {"scheme": "ws", "headers": [(b"origin", b"http://\xff"), (b"host", b"\xff")]}

    assert not is_same_origin(asked)
