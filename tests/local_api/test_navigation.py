from dataclasses import replace

import pytest

from notte_dashboard.local_api.navigation import permission
from notte_dashboard.local_api.settings import Settings


@pytest.fixture
def ports(settings: Settings) -> Settings:
    return replace(settings, port=8001, dashboard_port=8000)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "view-source:http://example.com/",
        "chrome://version",
        "about:config",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.com/",
        "blob:http://example.com/1",
        "//example.com/",
        "example.com",
        "http://",
        "http:///x",
        "http://user:password@example.com/",
        "http://example.com:99999/",
        "http://exa mple.com/",
        "http://example.com/\n",
        "http://example.com/" + "x" * 9000,
        "http://127.0.0.1:8000/",
        "http://localhost:8000/sessions/",
        "http://LOCALHOST.:8000/",
        "http://app.localhost:8000/",
        "https://127.0.0.1:8000/",
        "http://[::1]:8000/",
        "http://[::ffff:127.0.0.1]:8000/",
        "http://0.0.0.0:8000/",
        "http://127.1:8000/",
        "http://127.9.9.9:8000/",
        "http://2130706433:8000/",
        "http://0x7f000001:8000/",
        "http://0x7f.1:8000/",
        "http://017700000001:8000/",
        "http://127.0.0.1:8001/sessions",
        "http://127.0.0.1:8001/",
        "http://127.0.0.1:8001/viewer/?session=x",
        "http://127.0.0.1:8001/demos",
        "http://127.0.0.1:8001/demo/../sessions",
        "http://127.0.0.1:8001/demo/%2e%2e/sessions",
        "http://127.0.0.1:8001/demo\\..\\sessions",
    ],
)
def test_a_place_that_is_not_the_web_is_refused(ports: Settings, url: str):
    assert not permission(ports)(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "https://example.com/path?query=1#part",
        "http://127.0.0.1:8001/demo",
        "http://127.0.0.1:8001/demo/shop?q=tea",
        "http://localhost:3000/my-own-app",
        "http://192.168.1.10:8000/",
        "http://[2001:db8::1]/",
        "https://8001.example/",
        "http://müller.example/",
    ],
)
def test_the_web_is_open(ports: Settings, url: str):
    assert permission(ports)(url)
