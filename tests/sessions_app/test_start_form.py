"""The start form of sessions: errors at their fields, what was typed stays, one wish is one run."""

from urllib.parse import urlencode
from uuid import uuid4

import pytest

from sessions_app.models import BrowserSession
from tests.factories import make_session
from tests.html_forms import RenderedForm
from tests.scripted_api import session_body

WRONG = {
    "idle_timeout_minutes": "many",
    "max_duration_minutes": "-4",
    "viewport_width": "wide",
    "browser_type": "netscape",
    "proxies": "{not json",
    "extra_http_headers": '["no", "map"]',
    "solve_captchas": "perhaps",
    "profile-id": "x" * 5000,
}


def test_the_form_shows_every_field_of_the_contract(bob):
    from notte_dashboard.schema_forms.contract import contract  # noqa: PLC0415

    drawn = RenderedForm(bob.client.get("/sessions/start/").content.decode())
    names = {name.partition("-")[0] for name in drawn.values}
    assert set(contract()["components"]["schemas"]["ApiSessionStartRequest"]["properties"]) <= names | {"timeout_minutes"}
    assert len(drawn.values["nonce"]) == 32
    assert drawn.values["csrfmiddlewaretoken"]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_told_at_its_field_and_stays(bob, name):
    typed = {"user_agent": "My agent/1.0", "nonce": "kept-nonce", name: WRONG[name]}
    answer = bob.client.post("/sessions/start/", typed)
    drawn = RenderedForm(answer.content.decode())
    assert answer.status_code == 422
    assert drawn.error_of(name)
    assert drawn.attrs[name]["aria-invalid"] == "true"
    assert drawn.values[name] == WRONG[name]
    assert drawn.values["user_agent"] == "My agent/1.0"
    assert drawn.values["nonce"] == "kept-nonce"
    assert not BrowserSession.objects.exists()


def test_all_errors_are_told_at_once_and_everything_stays(bob):
    drawn = RenderedForm(bob.client.post("/sessions/start/", WRONG).content.decode())
    assert {name: bool(drawn.error_of(name)) for name in WRONG} == dict.fromkeys(WRONG, True)
    assert {name: drawn.values[name] for name in WRONG} == WRONG
    assert len(set(drawn.ids)) == len(drawn.ids)
    assert "Nothing was started" in drawn.texts["form-errors"]


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


def test_a_form_sent_twice_is_one_session(bob, committed, redis_client):
    typed = {"nonce": uuid4().hex, "idle_timeout_minutes": "7"}
    with committed():
        places = {bob.client.post("/sessions/start/", typed)["Location"] for _ in range(3)}
    assert len(places) == BrowserSession.objects.count() == redis_client.llen("celery") == 1


def test_a_form_that_was_gone_back_to_and_changed_is_another_session(bob):
    nonce = uuid4().hex
    places = {bob.client.post("/sessions/start/", {"nonce": nonce, "idle_timeout_minutes": each})["Location"] for each in (7, 8)}
    assert len(places) == BrowserSession.objects.count() == 2


def test_the_same_nonce_of_another_person_is_another_session(bob, alice):
    for person in (bob, alice):
        assert person.client.post("/sessions/start/", {"nonce": "same"}).status_code == 302
    assert BrowserSession.objects.count() == 2


@pytest.mark.parametrize("nonce", ["", "\x00", "x" * 5000, "'; DROP TABLE", "\ud83d", "🦊"])
def test_an_odd_nonce_starts_one_session_all_the_same(bob, nonce):
    body = urlencode({"nonce": nonce}, errors="surrogatepass")
    answer = bob.client.post("/sessions/start/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302
    assert BrowserSession.objects.count() == 1


def test_each_drawn_form_has_a_nonce_of_its_own(bob):
    nonces = {RenderedForm(bob.client.get("/sessions/start/").content.decode()).values["nonce"] for _ in range(2)}
    assert len(nonces) == 2


def test_htmx_is_told_where_the_session_is(bob):
    answer = bob.client.post("/sessions/start/", {}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == BrowserSession.objects.get().get_absolute_url()


def test_running_again_fills_the_form_without_secrets(bob):
    request = {
        "idle_timeout_minutes": 9,
        "proxies": [{"type": "external", "server": "http://p.example:1", "password": {"$secret": True}}],
        "extra_http_headers": {"X": {"$secret": True}},
        "profile": {"id": "p-1"},
        "cdp_url": {"$secret": True},
    }
    session = make_session(bob.workspace, bob.user, request=request)
    html = bob.client.get(f"/sessions/start/?from={session.uuid}").content.decode()
    drawn = RenderedForm(html)
    assert drawn.values["idle_timeout_minutes"] == "9"
    assert drawn.values["profile-id"] == "p-1"
    assert {name: drawn.values[f"proxies{name}"] for name in ("", "-0-type", "-0-server", "-0-password")} == {
        "": "list", "-0-type": "external", "-0-server": "http://p.example:1", "-0-password": "",
    }  # fmt: skip
    assert drawn.values["cdp_url"] == ""
    assert "$secret" not in html


@pytest.mark.parametrize("told", ["not-a-uuid", "", str(uuid4()), "\x00"])
def test_running_again_without_an_older_one_is_an_empty_form(bob, told):
    drawn = RenderedForm(bob.client.get("/sessions/start/", {"from": told}).content.decode())
    assert drawn.values["idle_timeout_minutes"] == ""


def test_running_again_a_foreign_session_is_an_empty_form(bob, eve):
    foreign = make_session(eve.workspace, eve.user, request={"idle_timeout_minutes": 9})
    drawn = RenderedForm(bob.client.get(f"/sessions/start/?from={foreign.uuid}").content.decode())
    assert drawn.values["idle_timeout_minutes"] == ""


def test_a_form_can_not_choose_the_workspace(bob, eve):
    bob.client.post(
        "/sessions/start/", {"workspace": eve.workspace.pk, "started_by": eve.user.pk, "session_id": "s", "state": "active"}
    )
    session = BrowserSession.objects.get()
    assert (session.workspace, session.started_by, session.session_id, session.state) == (bob.workspace, bob.user, "", "queued")


def test_reading_pages_writes_nothing(bob, upstream):
    session = make_session(bob.workspace, bob.user)
    upstream.say("GET", f"/sessions/{session.session_id}", session_body(session.session_id))
    before = BrowserSession.objects.values().get()
    for page in ("", "stop/", "viewer/"):
        bob.client.get(f"/sessions/{session.uuid}/{page}")
    bob.client.get("/sessions/start/")
    assert BrowserSession.objects.values().get() == before
