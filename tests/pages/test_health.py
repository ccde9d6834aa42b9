"""Each part that is missing has its own sentence, on the page and for machines."""

import pytest
from django.test import Client

from notte_dashboard.watching import heartbeat
from tests.ports import refusing_port
from tests.scripted_api import CUT

FINE = {"status": "ok", "version": "1", "chromium": {"ok": True, "path": "/x", "version": "1"}}
PAGE = {"items": [], "page": 1, "page_size": 1, "has_next": False, "has_previous": False}


@pytest.fixture
def all_well(db, upstream):
    upstream.say("GET", "/health", FINE)
    upstream.say("GET", "/sessions", PAGE)
    heartbeat.beat("a-worker")
    return upstream


def ready():
    answer = Client().get("/readyz")
    told = answer.json()
    return answer.status_code, told["status"], {name for name, check in told["checks"].items() if not check["ok"]}


def problems(person):
    html = person.client.get("/notices/").content.decode()
    return {part.partition('"')[0] for part in html.split('data-problem="')[1:]}, html


def test_all_is_well(bob, all_well):
    assert ready() == (200, "ok", set())
    found, html = problems(bob)
    assert (found, html.strip()) == (set(), "")


def test_the_process_answers_without_looking_at_anything():
    """Not at the database either: this test has none."""
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_missing_worker_is_told(bob, all_well):
    heartbeat.gone("a-worker")
    assert ready() == (503, "failing", {"workers"})
    assert problems(bob)[0] == {"workers"}


def test_a_missing_redis_is_told(bob, all_well, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{refusing_port()}"
    assert ready() == (503, "failing", {"redis"})
    found, html = problems(bob)
    assert found == {"redis"}
    assert "nothing is lost" in html


def test_an_api_out_of_reach_only_degrades(bob, all_well, settings):
    settings.NOTTE_API_URL = f"http://127.0.0.1:{refusing_port()}"
    assert ready() == (200, "degraded", {"api"})
    assert problems(bob)[0] == {"api"}


@pytest.mark.parametrize("answer", [CUT, (500, {}), (200, ["odd"])])
def test_an_api_that_fails_only_degrades(all_well, answer):
    all_well.say("GET", "/health", answer)
    assert ready() == (200, "degraded", {"api"})


def test_a_wrong_key_is_told_apart_from_an_api_that_is_away(bob, all_well):
    all_well.say("GET", "/sessions", (401, {"message": "no"}))
    assert ready() == (200, "degraded", {"api_key"})
    found, html = problems(bob)
    assert found == {"api_key"}
    assert "NOTTE_API_KEY" in html


@pytest.mark.parametrize("key", ["", "with space", "ünicode"])
def test_a_key_that_can_not_be_sent_is_told(all_well, settings, key):
    settings.NOTTE_API_KEY = settings.LOCAL_API_KEY = key
    status, said, failed = ready()
    assert (status, said, failed) == (200, "degraded", {"api"})


def test_a_missing_chromium_is_told(bob, all_well):
    all_well.say("GET", "/health", {**FINE, "chromium": {"ok": False, "message": "none"}})
    assert ready() == (200, "degraded", {"chromium"})
    found, html = problems(bob)
    assert found == {"chromium"}
    assert "CHROMIUM" in html


def test_the_api_is_asked_once_for_many_looks(bob, all_well):
    for _ in range(3):
        problems(bob)
        ready()
    assert len(all_well.requests("GET", "/health")) == 1


def test_the_checks_tell_no_key(all_well, settings):
    all_well.say("GET", "/health", (500, {"message": f"bad key {settings.NOTTE_API_KEY}"}))
    assert settings.NOTTE_API_KEY not in Client().get("/readyz").content.decode()


def test_a_look_writes_no_login_session(all_well):
    for path in ("/healthz", "/readyz"):
        assert "Set-Cookie" not in Client().get(path)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_machines_may_ask_for_the_head_only_and_may_not_post(all_well, path):
    assert Client().head(path).status_code == 200
    assert Client().post(path).status_code == 405
