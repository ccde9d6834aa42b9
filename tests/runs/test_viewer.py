"""A viewer's address is a credential, and may come from a wrong API: it is framed only where the settings allow."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.runs.viewer import LOCAL_SANDBOX, REMOTE_SANDBOX, framed

KEY = "sk-notte-0123456789abcdef"
THERE = Connection("https://api.notte.cc", KEY)
HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    " javascript:alert(1)",
    "javascript://console.notte.cc/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "blob:https://console.notte.cc/1",
    "filesystem:https://console.notte.cc/a",
    "view-source:https://console.notte.cc/",
    "file:///etc/passwd",
    "about:blank",
    "about:srcdoc",
    "ftp://console.notte.cc/",
    "ws://console.notte.cc/",
    "wss://console.notte.cc/",
    "http://console.notte.cc/static/viewer",
    "//console.notte.cc/static/viewer",
    "/static/viewer",
    "static/viewer",
    "console.notte.cc/static/viewer",
    "https://",
    "https:///console.notte.cc/",
    "https:console.notte.cc/",
    "https:/console.notte.cc/",
    "https://evil.test/",
    "https://evil.test/https://console.notte.cc/",
    "https://evil.test?https://console.notte.cc/",
    "https://evil.test#https://console.notte.cc/",
    "https://console.notte.cc.evil.test/",
    "https://evilconsole.notte.cc/",
    "https://notte.cc/",
    "https://console.notte.cc:444/",
    "https://console.notte.cc:443/",
    "https://console.notte.cc:/",
    "https://console.notte.cc./",
    "https://console.notte.cc@evil.test/",
    "https://console.notte.cc:pw@evil.test/",
    "https://user@console.notte.cc/",
    "https://user:pw@console.notte.cc/",
    "https://evil.test\\@console.notte.cc/",
    "https://console.notte.cc\\.evil.test/",
    "https://console.notte.cc%2eevil.test/",
    "https://console.notte.cc\n.evil.test/",
    "https://console.notte.cc\x00.evil.test/",
    "https://\uff43onsole.notte.cc/",
    "https://\u0441\u043ensole.notte.cc/",
    "https://xn--nsole-0ve.notte.cc/",
    "https://[console.notte.cc]/",
    "https://[::1/",
    "https://127.0.0.1:8001/",
    "http://127.0.0.1:8000/",
    "http://0.0.0.0:8001/",
    "http://127.1:8001/",
    "\ud800",
    "https://console.notte.cc/?a=\ud800",
    f"https://console.notte.cc/?token={KEY}",
    f"https://console.notte.cc/#{KEY}",
    f"https://console.notte.cc/{KEY[:8]}%{ord(KEY[8]):x}{KEY[9:]}",
    f"https://console.notte.cc/?a={''.join(f'%25{ord(letter):x}' for letter in KEY)}",
    f"https://console.notte.cc/?jwt={KEY[:9]}\n{KEY[9:]}",
    f"https://console.notte.cc/?jwt={KEY[:9]}\t{KEY[9:]}",
]


@pytest.fixture(autouse=True)
def _origins(settings):
    settings.LOCAL_VIEWER_ORIGINS = ["http://127.0.0.1:8001"]
    settings.NOTTE_VIEWER_ORIGINS = ["https://console.notte.cc", *settings.LOCAL_VIEWER_ORIGINS]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_not_framed_and_the_page_says_why(url):
    viewer = framed(url, THERE, theme="dark")

    assert viewer.url == viewer.sandbox == ""
    assert viewer.reason
    assert KEY not in viewer.reason
    assert "pw@" not in viewer.reason


@pytest.mark.parametrize("url", [None, ""])
def test_no_address_is_said_to_be_none(url):
    assert "no viewer address" in framed(url, THERE, theme="dark").reason


def test_the_address_gets_our_parameters_and_keeps_its_own():
    url = "https://console.notte.cc/static/viewer?ws=wss://us-prod.notte.cc/sessions/1/debug/recording&jwt=a.b%2Bc&interactive=1&mode=x&empty="

    viewer = framed(url, THERE, theme="light")

    assert viewer.reason == ""
    assert dict(parse_qsl(urlsplit(viewer.url).query, keep_blank_values=True)) == {
        "ws": "wss://us-prod.notte.cc/sessions/1/debug/recording",
        "jwt": "a.b+c",
        "empty": "",
        "mode": "embed-minimal",
        "interactive": "0",
        "theme": "light",
    }
    assert viewer.url.count("interactive=") == 1


def test_only_who_may_gets_an_interactive_viewer():
    assert "interactive=1" in framed("https://console.notte.cc/v", THERE, theme="dark", interactive=True).url


@pytest.mark.parametrize(
    ("url", "sandbox"), [("https://console.notte.cc/v", REMOTE_SANDBOX), ("http://127.0.0.1:8001/v?jwt=1", LOCAL_SANDBOX)]
)
def test_a_viewer_on_our_own_host_gets_no_origin(url, sandbox):
    assert framed(url, THERE, theme="dark").sandbox == sandbox
    assert "allow-top-navigation" not in sandbox
