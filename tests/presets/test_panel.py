"""The panel beside a start form: what would be sent, and what is wrong at which field."""

import json

import pytest
from django.test import Client

from notte_dashboard.presets.models import Preset
from sessions_app.models import BrowserSession
from tests.factories import make_preset, make_session
from tests.html_forms import RenderedForm, form_data, panel_request
from tests.presets.requests import FULL_REQUEST, SECRET


def check(client, kind, data):
    answer = client.post(f"/{kind}s/start/check/", data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_panel_shows_only_what_was_set(bob):
    assert panel_request(check(bob.client, "session", {})) == {}
    told = panel_request(check(bob.client, "session", form_data("session", {"idle_timeout_minutes": 4, "headless": False})))
    assert told == {"idle_timeout_minutes": 4, "headless": False}


def test_secrets_are_dots_in_every_language(bob):
    html = check(bob.client, "session", form_data("session", FULL_REQUEST))
    assert SECRET not in html
    assert "joe" not in RenderedForm(html).texts["code-curl"]
    assert panel_request(html)["extra_http_headers"] == {"Authorization": "••••"}
    assert all("••••" in RenderedForm(html).texts[f"code-{name}"] for name in ("json", "curl", "python", "javascript"))


def test_the_first_paint_has_the_panel_too(bob):
    preset = make_preset(bob, FULL_REQUEST).preset
    html = bob.client.get(f"/sessions/start/?preset={preset.uuid}").content.decode()
    assert panel_request(html)["idle_timeout_minutes"] == 4
    assert SECRET not in html


def test_what_is_wrong_is_listed_and_the_rest_is_shown(bob):
    html = check(bob.client, "session", {"idle_timeout_minutes": "many", "user_agent": "mine"})
    assert panel_request(html) == {"user_agent": "mine"}
    assert 'data-check="idle_timeout_minutes"' in html
    assert 'data-error-id="id_idle_timeout_minutes_error"' in html
    assert "many" not in html


def test_an_agent_without_a_session_asks_for_one_first(bob):
    html = check(bob.client, "agent", {"task": "Look"})
    assert panel_request(html) == {"task": "Look", "session_id": "SESSION_ID"}
    assert "POST /sessions/start" in html
    assert '"$SESSION_ID"' in RenderedForm(html).texts["code-curl"]


def test_an_agent_in_a_session_names_it(bob):
    session = make_session(bob.workspace, bob.user)
    html = check(bob.client, "agent", {"task": "Look", "session_id": session.session_id})
    assert panel_request(html) == {"task": "Look", "session_id": session.session_id}
    assert "POST /sessions/start" not in html


def test_a_new_session_from_a_preset_is_shown_without_its_secrets(bob):
    preset = make_preset(bob, FULL_REQUEST).preset
    html = check(bob.client, "agent", {"task": "Look", "session_id": f"preset:{preset.uuid}"})
    assert "proxy.example" in RenderedForm(html).texts["code-curl"]
    assert SECRET not in html


def test_hostile_text_stays_text(bob):
    hostile = "</pre><script>alert(1)</script>\u202e"
    html = check(bob.client, "agent", {"task": hostile})
    assert "<script>" not in html
    assert "\u202e" not in html
    assert panel_request(html)["task"] == hostile


@pytest.mark.parametrize("kind", ["session", "agent"])
def test_asking_writes_nothing(bob, kind):
    for where in ("check", "draft"):
        bob.client.post(f"/{kind}s/start/{where}/", {"task": "Look", "preset_name": "x"})
    assert (BrowserSession.objects.count(), Preset.objects.count()) == (0, 0)


@pytest.mark.parametrize("kind", ["session", "agent"])
@pytest.mark.parametrize("where", ["check", "save", "draft"])
def test_only_operators_get_an_answer(as_, kind, where):
    path = f"/{kind}s/start/{where}/"
    told = {
        name: as_(name).post(path, {"task": "x", "preset_name": "x"}).status_code for name in ("alice", "bob", "vera", "nobody")
    }
    ok = 302 if where == "save" else 200
    assert told == {"alice": ok, "bob": ok, "vera": 403, "nobody": 302}
    assert as_("bob").get(path).status_code == 405


@pytest.mark.parametrize("kind", ["session", "agent"])
@pytest.mark.parametrize("where", ["check", "save", "draft"])
def test_a_post_without_the_csrf_token_is_refused(bob, kind, where):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(bob.user)
    assert careful.post(f"/{kind}s/start/{where}/", {"task": "x"}).status_code == 403


def test_a_draft_comes_back_as_it_was_typed_and_without_a_judgement(bob):
    html = bob.client.post("/sessions/start/draft/", {"idle_timeout_minutes": "many", "user_agent": "mine"}).content.decode()
    drawn = RenderedForm(html)
    assert "<html" not in html
    assert (drawn.values["idle_timeout_minutes"], drawn.values["user_agent"]) == ("many", "mine")
    assert not drawn.error_of("idle_timeout_minutes")
    assert "form-errors" not in drawn.texts


def test_the_keys_of_the_panel_are_the_answers_of_json(bob):
    html = check(bob.client, "session", form_data("session", {"chrome_args": ["--a", "--b"]}))
    assert json.loads(RenderedForm(html).texts["code-json"]) == {"chrome_args": ["--a", "--b"]}
