"""What a session's start stores of the API's answer, and which key it is sent with."""

from datetime import UTC, datetime, timedelta

from sessions_app.models import BrowserSession
from sessions_app.services.start import send_start
from tests.factories import make_key, make_session
from tests.scripted_api import session_body

START = ("POST", "/sessions/start")


def test_an_answered_start_has_every_field_of_the_answer(bob, upstream):
    upstream.say(*START, session_body("s-9", timeout_minutes=4))
    session = make_session(bob.workspace, bob.user, "queued", request={"idle_timeout_minutes": 4})
    send_start(session.pk)
    session.refresh_from_db()
    stored = {
        "session_id": "s-9",
        "idle_timeout_minutes": 4,
        "max_duration_minutes": 21,
        "remote_created_at": datetime(2026, 5, 20, 9, 15, 2, 100_000, tzinfo=UTC),
        "remote_closed_at": None,
        "last_accessed_at": datetime(2026, 5, 20, 9, 16, tzinfo=UTC),
        "remote_duration": timedelta(seconds=41.286072),
        "error": "",
        "proxies": False,
        "browser_type": "chromium",
        "use_file_storage": True,
        "network_request_bytes": 12_345,
        "network_response_bytes": 6_789_000,
        "user_agent": "Agent/7.0",
        "viewport_width": 1280,
        "viewport_height": 720,
        "headless": True,
        "solve_captchas": False,
        "web_bot_auth": True,
    }
    assert {name: getattr(session, name) for name in stored} == stored
    assert session.idle_ends_at == datetime(2026, 5, 20, 9, 20, tzinfo=UTC)
    assert session.max_ends_at == datetime(2026, 5, 20, 9, 36, 2, 100_000, tzinfo=UTC)


def test_a_key_of_the_workspace_is_used_and_goes_to_its_own_address_only(bob, upstream, nobody_answers, settings):
    settings.NOTTE_API_ORIGINS = [upstream.url]
    key = make_key(bob.workspace, base_url=upstream.url, key="key-of-the-workspace")
    upstream.say(*START, session_body())
    assert bob.client.post("/sessions/start/").status_code == 302
    session = BrowserSession.objects.get()
    send_start(session.pk)
    session.refresh_from_db()
    assert (session.state, session.api_key) == ("active", key)
    assert upstream.asked[0].headers["authorization"] == "Bearer key-of-the-workspace"
