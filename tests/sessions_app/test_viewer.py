"""The live viewer's address: asked for when wanted, told to nobody else, kept nowhere."""

import pytest

from sessions_app.models import BrowserSession
from tests.factories import make_session
from tests.scripted_api import CUT, KEY, session_body

ORIGIN = "https://viewer.example"
ADDRESS = f"{ORIGIN}/static/viewer?ws=wss://us.example/x&jwt=live-jwt"


@pytest.fixture
def session(bob, settings, upstream):
    settings.NOTTE_VIEWER_ORIGINS = [ORIGIN]
    upstream.say("GET", "/sessions/s-1", session_body("s-1", viewer_url=ADDRESS))
    return make_session(bob.workspace, bob.user, session_id="s-1")


def view(person, session, query=""):
    return person.client.get(f"/sessions/{session.uuid}/viewer/{query}", headers={"HX-Request": "true"})


def test_an_operator_gets_the_frame_with_our_parameters(bob, session):
    answer = view(bob, session, "?theme=dark")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert 'src="https://viewer.example/static/viewer?ws=wss://us.example/x&amp;jwt=live-jwt&amp;mode=embed-minimal' in html
    assert "interactive=0" in html
    assert "theme=dark" in html
    assert 'referrerpolicy="no-referrer"' in html
    assert 'sandbox="allow-scripts allow-same-origin"' in html
    assert "allow-top-navigation" not in html
    assert "<html" not in html


def test_the_address_is_asked_for_anew_and_stored_nowhere(bob, session, upstream):
    view(bob, session)
    view(bob, session)
    assert len(upstream.asked) == 2
    assert "live-jwt" not in repr(BrowserSession.objects.values().get())
    for path in ("/", "/sessions/", f"/sessions/{session.uuid}/"):
        assert "live-jwt" not in bob.client.get(path).content.decode()


@pytest.mark.parametrize("theme", ["", "?theme=light", "?theme=%22%3E%3Cscript%3E", "?theme=dark%26jwt%3Dx"])
def test_any_other_theme_is_light(bob, session, theme):
    assert "theme=light" in view(bob, session, theme).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "data:text/html,x", "//viewer.example/x", "http://viewer.example/x", "https://viewer.example:444/x",
        "https://viewer.example.evil.example/", "https://viewer.example@evil.example/", "https://evil.example/?viewer.example",
        "https://user:pw@viewer.example/", "/sessions/", "https://[::1", "\\\\viewer.example", "https:\\viewer.example", "",
        "java\tscript:alert(1)", " https://evil.example", "https://viewer.example\\@evil.example/", "ftp://viewer.example/",
    ],
)  # fmt: skip
def test_an_address_of_nobody_we_allow_is_not_framed(bob, session, upstream, address):
    upstream.say("GET", "/sessions/s-1", session_body("s-1", viewer_url=address))
    html = view(bob, session).content.decode()
    assert "<iframe" not in html
    assert "data-viewer-reason" in html
    assert "pw@" not in html


@pytest.mark.parametrize("form", [KEY, KEY.replace("-", "%2D"), KEY.replace("-", "%252d")])
def test_an_address_that_carries_the_api_key_is_not_handed_out(bob, session, upstream, form):
    upstream.say("GET", "/sessions/s-1", session_body("s-1", viewer_url=f"{ORIGIN}/v?token={form}"))
    html = view(bob, session).content.decode()
    assert "<iframe" not in html
    assert "API key" in html
    assert form not in html


@pytest.mark.parametrize("state", ["queued", "sending", "unknown", "closed", "error", "timed_out", "rejected", "not_started"])
def test_without_a_running_browser_nobody_is_asked(bob, session, upstream, state, monkeypatch):
    monkeypatch.setattr("sessions_app.viewer_views.START_WITHIN", 0.1)
    known = "s-1" if state in {"closed", "error", "timed_out"} else ""
    BrowserSession.objects.update(state=state, session_id=known)
    html = view(bob, session).content.decode()
    assert "<iframe" not in html
    assert upstream.asked == []


def test_a_page_that_asks_before_the_browser_is_there_gets_it_as_soon_as_it_is(bob, session, monkeypatch):
    BrowserSession.objects.update(state="sending", session_id="")
    become_active = {"state": "active", "session_id": "s-1"}
    monkeypatch.setattr("sessions_app.viewer_views.rest", lambda _seconds: BrowserSession.objects.update(**become_active))
    assert "<iframe" in view(bob, session).content.decode()


@pytest.mark.parametrize(
    "answer", [CUT, (500, {"message": "broken"}), (401, {"message": "no"}), (404, {"message": "no"}), (200, [])]
)
def test_an_api_that_does_not_say_is_told_as_the_reason(bob, session, upstream, answer):
    upstream.say("GET", "/sessions/s-1", answer)
    told = view(bob, session)
    assert told.status_code == 200
    assert "no-store" in told["Cache-Control"]
    assert "The API could not be asked for the viewer" in told.content.decode()
    assert 'data-viewer-reason="unreachable" data-again' in told.content.decode()


def test_a_session_without_an_address_says_so(bob, session, upstream):
    upstream.say("GET", "/sessions/s-1", session_body("s-1", viewer_url=None))
    assert "no viewer address" in view(bob, session).content.decode()


def test_the_local_viewer_gets_no_origin_of_its_own(bob, session, upstream, settings):
    """It is served from our own host name: with an origin it could read our cookies."""
    settings.LOCAL_VIEWER_ORIGINS = [ORIGIN]
    assert 'sandbox="allow-scripts"' in view(bob, session).content.decode()


def test_the_page_itself_holds_no_address_until_it_is_asked_for(bob, session, upstream):
    html = bob.client.get(f"/sessions/{session.uuid}/").content.decode()
    assert f'hx-get="/sessions/{session.uuid}/viewer/"' in html
    assert "<iframe" not in html
    assert upstream.asked == []
