"""The start form of sessions: rows, secrets, fields that contradict each other, and what is sent."""

import pytest

from sessions_app.models import BrowserSession
from tests.html_forms import RenderedForm


def test_a_secret_is_kept_for_its_own_answer_only(bob):
    typed = {"proxies": "list", "proxies-0-type": "external", "proxies-0-password": "hunter22"}
    answer = bob.client.post("/sessions/start/", typed)
    assert (answer.status_code, answer["Cache-Control"]) == (422, "no-store")
    assert RenderedForm(answer.content.decode()).values["proxies-0-password"] == "hunter22"
    assert "hunter22" not in bob.client.get("/sessions/start/").content.decode()


def test_a_row_more_starts_nothing_and_loses_nothing(bob):
    typed = {"chrome_args-0": "--a", "headless": "false", "nonce": "kept", "idle_timeout_minutes": "many"}
    answer = bob.client.post("/sessions/start/", {**typed, "add": "chrome_args"})
    drawn = RenderedForm(answer.content.decode())
    assert answer.status_code == 200
    assert {name: drawn.values[name] for name in typed} == typed
    assert drawn.values["chrome_args-1"] == ""
    assert not BrowserSession.objects.exists()


@pytest.mark.parametrize(
    ("typed", "blamed"),
    [
        ({"viewport_width": "800"}, "viewport_height"),
        ({"idle_timeout_minutes": "9", "max_duration_minutes": "3"}, "idle_timeout_minutes"),
        ({"aspect_ratio": "16:9", "viewport_width": "800", "viewport_height": "600"}, "aspect_ratio"),
    ],
)
def test_fields_that_contradict_each_other_are_told_at_a_field(bob, typed, blamed):
    answer = bob.client.post("/sessions/start/", typed)
    assert answer.status_code == 422
    drawn = RenderedForm(answer.content.decode())
    assert drawn.error_of(blamed) or any(drawn.error_of(name) for name in typed)


def test_what_is_set_is_sent_and_nothing_else(bob):
    typed = {
        "idle_timeout_minutes": "7",
        "headless": "false",
        "chrome_args": "--a\n--b",
        "extra_http_headers": '{"X": "y"}',
        "user_agent": "",
    }
    answer = bob.client.post("/sessions/start/", typed)
    session = BrowserSession.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/sessions/{session.uuid}/")
    shown = {"idle_timeout_minutes": 7, "headless": False, "chrome_args": ["--a", "--b"]}
    assert session.request == shown | {"extra_http_headers": {"X": {"$secret": True}}}
    assert (session.state, session.started_by, session.workspace) == ("queued", bob.user, bob.workspace)


def test_an_empty_form_starts_with_the_defaults(bob):
    assert bob.client.post("/sessions/start/").status_code == 302
    assert BrowserSession.objects.get().request == {}
