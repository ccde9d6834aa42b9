"""Canaries sent through the real forms, looked for wherever something could show them."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from agents_app.models import AgentRun
from agents_app.services.start import send_start as send_agent
from notte_dashboard.workspaces.models import ApiKey
from sessions_app import tasks
from sessions_app.models import BrowserSession
from sessions_app.services.start import send_start as send_session
from tests.factories import make_agent, make_key, make_session
from tests.scripted_api import agent_body, session_body

CANARIES = {
    "proxy password": "canary-proxy-password",
    "proxy user": "canary-proxy-user",
    "header": "canary-header-value",
    "browser address": "canary-cdp-token",
    "argument": "canary-argument",
    "notifier": "canary-notifier-token",
    "channel": "canary-notifier-channel",
    "start address": "canary-url-password",
    "answered viewer": "viewer-jwt-canary",
    "answered cdp": "cdp-jwt-canary",
    "new address": "canary-new-address",
    "key": "upstream-key-1234567890",
}
PROXY = {
    "type": "external",
    "server": "http://proxy.example:1",
    "username": CANARIES["proxy user"],
    "password": CANARIES["proxy password"],
}
SESSION_FORM = {
    "proxies": json.dumps([PROXY]),
    "extra_http_headers": json.dumps({"X-Token": CANARIES["header"], "X-Other": CANARIES["header"]}),
    "chrome_args": f"--mute-audio\n--proxy-auth-token={CANARIES['argument']}",
}
AGENT_FORM = {
    "task": "Read it",
    "url": f"https://user:{CANARIES['start address']}@shop.example/",
    "notifier_config": json.dumps({"type": "slack", "token": CANARIES["notifier"], "channel_id": CANARIES["channel"]}),
}
OLD_URL_FIELD = pytest.mark.filterwarnings("ignore:The default scheme will be changed:DeprecationWarning")


def assert_silent(where, text):
    found = [name for name, canary in CANARIES.items() if canary in text]
    assert not found, f"{where} shows {found}"


def stored_texts():
    """Every column of every row as it stands in the database."""
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608 - our own tables
            yield model.__name__, repr(cursor.fetchall())


@pytest.fixture
def started(bob, upstream):
    """A session and an agent that were started with every kind of secret, by an API that repeats them all."""
    echo = {
        "proxies": json.loads(SESSION_FORM["proxies"]),
        "extra_http_headers": json.loads(SESSION_FORM["extra_http_headers"]),
        "recording_url": f"https://x.example/?jwt={CANARIES['new address']}",
        "ws": {"logs": f"wss://x.example/?token={CANARIES['new address']}"},
        "api_key": CANARIES["key"],
        "note": "kept",
    }
    upstream.say("POST", "/sessions/start", session_body("s-1", **echo))
    assert bob.client.post("/sessions/start/", SESSION_FORM).status_code == 302
    session = BrowserSession.objects.get()
    send_session(session.pk)
    session.refresh_from_db()
    echo = {name: echo[name] for name in ("recording_url", "ws", "api_key", "note")}
    echo |= {"notifier_config": json.loads(AGENT_FORM["notifier_config"]), "url": AGENT_FORM["url"]}
    upstream.say("POST", "/agents/start", agent_body("a-1", "s-1", **echo))
    assert bob.client.post("/agents/start/", AGENT_FORM | {"session_id": "s-1"}).status_code == 302
    agent = AgentRun.objects.get()
    send_agent(agent.pk)
    agent.refresh_from_db()
    assert (session.state, agent.state) == ("active", "active")
    return session, agent


def test_the_api_gets_every_secret_once(started, upstream):
    sent = upstream.requests("POST", "/sessions/start")[0].body
    assert sent["proxies"] == json.loads(SESSION_FORM["proxies"])
    assert sent["extra_http_headers"]["X-Token"] == CANARIES["header"]
    assert sent["chrome_args"] == SESSION_FORM["chrome_args"].split("\n")
    sent = upstream.requests("POST", "/agents/start")[0].body
    assert (sent["url"], sent["session_id"]) == (AGENT_FORM["url"], "s-1")
    assert sent["notifier_config"] == json.loads(AGENT_FORM["notifier_config"])


def test_no_column_holds_a_secret_in_clear(started):
    for table, text in stored_texts():
        assert_silent(table, text)
    assert started[0].remote["note"] == "kept"


def test_no_page_and_no_json_shows_a_secret(started, bob, vera):
    for run in started:
        kind = run.kind
        for path in ("/", f"/{kind}s/", f"/{kind}s/{run.uuid}/", f"/{kind}s/{run.uuid}/stop/"):
            for person in (bob, vera):
                assert_silent(path, person.client.get(path).content.decode())
        told = bob.client.get(f"/{kind}s/{run.uuid}/", headers={"Accept": "application/json"}).content.decode()
        assert_silent("JSON", told)
        assert "kept" in told


@pytest.mark.parametrize("kind", ["session", "agent"])
def test_running_again_carries_no_secret_over(started, bob, kind):
    run = started[kind == "agent"]
    html = bob.client.get(f"/{kind}s/start/?from={run.uuid}").content.decode()
    assert_silent("the form", html)
    assert {"session": "--mute-audio", "agent": "Read it"}[kind] in html


def test_the_admin_panel_shows_no_secret(started, admin_client):
    make_key(started[0].workspace, base_url="https://api.example", key=CANARIES["key"])
    for model in apps.get_models():
        if model._meta.app_label not in {"sessions_app", "agents_app", "workspaces"}:
            continue
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        answer = admin_client.get(base)
        if answer.status_code == 404:
            continue
        for path in (base, *(f"{base}{row.pk}/{page}/" for row in model.objects.all() for page in ("change", "history"))):
            assert_silent(path, admin_client.get(path).content.decode())


def test_tasks_carry_numbers_only(bob, committed, redis_client):
    with committed():
        bob.client.post("/sessions/start/", SESSION_FORM)
        bob.client.post("/agents/start/", AGENT_FORM)
    queued = redis_client.lrange("celery", 0, -1)
    sent = [json.loads(message) for message in queued]
    assert [each["headers"]["task"] for each in sent] == ["agents_app.start", "sessions_app.start", "sessions_app.start"]
    for each in sent:
        assert_silent("the queue", json.dumps(each))
        assert each["headers"]["argsrepr"].strip("(),").isdigit()


def test_every_thread_knows_the_broker(settings):
    """Requests run in threads of their own; Celery by itself tells an app only to the thread that made it."""
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(lambda: tasks.start.app.conf.broker_url).result() == settings.CELERY_BROKER_URL


def test_a_refusal_that_repeats_what_was_sent_is_told_without_it(bob, upstream):
    words = f"Proxy {CANARIES['proxy password']} is wrong"
    reason = {"loc": ["body", "proxies", 0, "password"], "msg": words, "type": "value_error", "input": CANARIES["proxy password"]}
    upstream.say("POST", "/sessions/start", (422, {"message": words, "detail": [reason]}))
    bob.client.post("/sessions/start/", SESSION_FORM)
    session = BrowserSession.objects.get()
    send_session(session.pk)
    session.refresh_from_db()
    assert session.state == "rejected"
    assert "is wrong" in session.reasons[0]["msg"]
    for table, text in stored_texts():
        assert_silent(table, text)
    assert_silent("the page", bob.client.get(f"/sessions/{session.uuid}/").content.decode())


def test_errors_in_the_form_repeat_only_to_the_one_who_typed(bob):
    answer = bob.client.post("/sessions/start/", SESSION_FORM | {"idle_timeout_minutes": "many"})
    assert answer.status_code == 422
    assert CANARIES["proxy password"] in answer.content.decode()
    assert not BrowserSession.objects.exists()
    for table, text in stored_texts():
        assert_silent(table, text)


def test_log_lines_of_a_start_hold_no_secret(bob, upstream, caplog):
    upstream.say("POST", "/sessions/start", (500, {"message": f"Could not use {CANARIES['header']}"}))
    bob.client.post("/sessions/start/", SESSION_FORM)
    with caplog.at_level("DEBUG"):
        send_session(BrowserSession.objects.get().pk)
    assert_silent("the log", caplog.text)


def test_history_in_the_admin_panel_can_be_read_and_nothing_else(admin_client, bob):
    session = make_session(bob.workspace, bob.user)
    agent = make_agent(session, bob.user)
    for run, path in ((session, "sessions_app/browsersession"), (agent, "agents_app/agentrun")):
        at = f"/admin/{path}/{run.pk}"
        assert admin_client.get(f"{at}/change/").status_code == 200
        assert admin_client.post(f"{at}/change/", {"state": "closed"}).status_code == 403
        assert admin_client.post(f"{at}/delete/", {"post": "yes"}).status_code == 403
        assert admin_client.get(f"/admin/{path}/add/").status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [run.pk], "post": "yes"}
        admin_client.post(f"/admin/{path}/", chosen)
        run.refresh_from_db()
        assert run.state == "active"
    for path in ("sessions_app/sessionstep", "agents_app/agentstep"):
        assert admin_client.get(f"/admin/{path}/").status_code == 200
        assert admin_client.get(f"/admin/{path}/add/").status_code == 403


def test_the_admin_panel_is_for_staff(bob, vera):
    for person in (bob, vera):
        assert person.client.get("/admin/sessions_app/browsersession/").status_code == 302


@OLD_URL_FIELD
def test_an_api_key_is_written_once_and_never_shown(admin_client, bob):
    typed = {"workspace": bob.workspace.pk, "base_url": "https://api.example", "key": CANARIES["key"]}
    assert admin_client.post("/admin/workspaces/apikey/add/", typed).status_code == 302
    key = ApiKey.objects.get()
    assert (key.key, key.last4) == (CANARIES["key"], "7890")
    assert key.created_by == User.objects.get(username="admin")
    page = admin_client.get(f"/admin/workspaces/apikey/{key.pk}/change/").content.decode()
    assert_silent("the key's page", page)
    assert 'name="base_url"' not in page  # another address never gets this key
    assert_silent("the list", admin_client.get("/admin/workspaces/apikey/").content.decode())
    key.save()
    key.refresh_from_db()
    assert key.key == CANARIES["key"]


@OLD_URL_FIELD
def test_a_form_that_was_refused_does_not_repeat_the_key(admin_client, bob):
    typed = {"workspace": bob.workspace.pk, "base_url": "no address", "key": CANARIES["key"]}
    answer = admin_client.post("/admin/workspaces/apikey/add/", typed)
    assert answer.status_code == 200
    assert_silent("the form", answer.content.decode())


def test_a_key_is_revoked_and_never_deleted(admin_client, bob):
    key = make_key(bob.workspace, base_url="https://api.example", key=CANARIES["key"])
    assert admin_client.post(f"/admin/workspaces/apikey/{key.pk}/delete/", {"post": "yes"}).status_code == 403
    assert ApiKey.objects.exists()


def test_a_login_page_does_not_say_whether_a_name_exists(bob):
    told = [
        Client().post("/accounts/login/", {"login": name, "password": "wrong-password"}).content.decode().replace(name, "")
        for name in ("bob", "nobody-at-all")
    ]
    errors = [text.partition('role="alert"')[2].partition("</div>")[0] for text in told]
    assert errors[0]
    assert errors[0] == errors[1]
