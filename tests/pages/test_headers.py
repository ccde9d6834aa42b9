"""What every answer tells the browser, errors included."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from notte_dashboard.runs.screenshots import path_of
from tests.factories import make_run, record_run_steps
from tests.pictures import PIXEL
from tests.step_items import agent_step_items

OPEN = ["/accounts/login/", "/healthz", "/readyz", "/no-such-page", "/admin/"]
INSIDE = [
    "/", "/sessions/", "/agents/", "/sessions/start/", "/agents/start/", "/notices/", "/accounts/logout/",
    "/accounts/password/change/", f"/sessions/{uuid4()}/", f"/agents/{uuid4()}/viewer/", "/admin/",
]  # fmt: skip


def policy(answer):
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: set(sources.split()) for name, _, sources in parts}


def assert_guarded(answer):
    found = policy(answer)
    assert found["script-src"] == {"'self'"}
    assert found["style-src"] == {"'self'"}
    assert found["default-src"] == {"'none'"}
    assert found["object-src"] == found["base-uri"] == found["frame-ancestors"] == {"'none'"}
    assert found["frame-src"] == set(settings.NOTTE_VIEWER_ORIGINS)
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"} & (found["script-src"] | found["style-src"])
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", OPEN)
def test_pages_for_everybody_are_guarded(db, nobody_answers, path):
    assert_guarded(Client().get(path))


@pytest.mark.parametrize("path", INSIDE)
@pytest.mark.parametrize("name", ["alice", "vera"])
def test_pages_inside_are_guarded_whatever_they_answer(as_, nobody_answers, path, name):
    assert_guarded(as_(name).get(path))


@pytest.mark.parametrize("kind", ["session", "agent"])
def test_runs_and_their_parts_are_guarded(bob, nobody_answers, kind):
    run = make_run(kind, bob.workspace, bob.user)
    at = f"/{kind}s/{run.uuid}/"
    for answer in (
        bob.client.get(at),
        bob.client.get(at, headers={"Accept": "application/json"}),
        bob.client.get(f"{at}stop/"),
        bob.client.post(f"{at}stop/"),
        bob.client.put(at),
        bob.client.post(f"/{kind}s/start/", {"max_steps": "many", "idle_timeout_minutes": "many"}),
        bob.client.get(f"/{kind}s/", headers={"HX-Request": "true"}),
    ):
        assert_guarded(answer)
    if kind == "session":
        assert_guarded(bob.client.get(f"{at}viewer/"))


def test_a_broken_page_and_a_refused_form_are_guarded(bob, monkeypatch):
    careful = Client(enforce_csrf_checks=True, raise_request_exception=False)
    careful.force_login(bob.user)
    refused = careful.post("/sessions/start/", {})
    assert refused.status_code == 403
    assert_guarded(refused)


@pytest.mark.django_db(transaction=True)
def test_a_page_whose_database_is_gone_is_guarded(bob, settings, monkeypatch):
    from notte_dashboard.pages import overview  # noqa: PLC0415 - what the view calls

    monkeypatch.delattr(overview, "RUNNING")  # the view fails as by a mistake of ours
    client = Client(raise_request_exception=False)
    client.force_login(bob.user)
    broken = client.get("/")
    assert broken.status_code == 500
    assert_guarded(broken)
    assert "Something broke" in broken.content.decode()


def test_a_picture_is_never_a_document(bob):
    run = record_run_steps(make_run("agent", bob.workspace, bob.user), agent_step_items(1, picture=PIXEL))
    answer = bob.client.get(f"/agents/{run.uuid}/screenshots/2/")
    body = answer.getvalue()
    answer.close()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert policy(answer)["default-src"] == {"'none'"}
    assert policy(answer)["sandbox"] == set()
    assert "private" in answer["Cache-Control"]
    assert body.startswith(b"\xff\xd8")  # JPEG, whatever the page sent


def test_a_picture_whose_file_is_lost_is_not_found(bob):
    run = record_run_steps(make_run("session", bob.workspace, bob.user), agent_step_items(1, picture=PIXEL))
    file: Path = path_of(run.steps.exclude(screenshot="").get().screenshot)
    kept = file.read_bytes()
    file.unlink()
    assert bob.client.get(f"/sessions/{run.uuid}/screenshots/2/").status_code == 404
    file.write_bytes(kept)


@pytest.mark.parametrize("kind", ["session", "agent"])
def test_a_runs_page_is_kept_in_no_cache(bob, kind):
    run = make_run(kind, bob.workspace, bob.user)
    for accept in ("text/html", "application/json"):
        answer = bob.client.get(f"/{kind}s/{run.uuid}/", headers={"Accept": accept})
        assert "no-store" in answer["Cache-Control"]


def test_no_template_holds_what_the_policy_forbids():
    """Inline styles, handlers and scripts would be dead in the browser; htmx's own handlers need eval."""
    forbidden = (" style=", " onclick=", " onload=", " onsubmit=", "hx-on", "javascript:", "<style", "|safe }}{# page #}")
    for file in (settings.BASE_DIR / "templates").rglob("*.html"):
        text = file.read_text()
        assert not [word for word in forbidden if word in text], file
        assert "<script>" not in text
        assert "hx-swap-oob" not in text
