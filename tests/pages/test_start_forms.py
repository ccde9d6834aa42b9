"""The start forms: errors at their fields, what was typed stays, one wish is one run."""

from urllib.parse import urlencode
from uuid import uuid4

import pytest

from agents_app.models import AgentRun
from notte_dashboard.presets.kinds import KINDS
from notte_dashboard.schema_forms.contract import contract
from sessions_app.models import BrowserSession
from tests.html_forms import RenderedForm
from tests.run_kinds import each_kind
from tests.scripted_api import session_body

WRONG = {
    "session": {
        "idle_timeout_minutes": "many",
        "max_duration_minutes": "-4",
        "viewport_width": "wide",
        "browser_type": "netscape",
        "proxies": "{not json",
        "extra_http_headers": '["no", "map"]',
        "solve_captchas": "perhaps",
        "profile-id": "x" * 5000,
    },
    "agent": {
        "max_steps": "many",
        "use_vision": "perhaps",
        "response_format": "{not json",
        "notifier_config": '"no map"',
        "session_offset": "x",
        "session_id": "of-somebody-else",
        "task": "",
    },
}
RIGHT = {
    "session": {"user_agent": "My agent/1.0", "nonce": "kept-nonce"},
    "agent": {"task": "Find the price", "url": "https://shop.example", "nonce": "kept-nonce"},
}
NO_CONTROL = {"timeout_minutes"}
"""Fields of the contract that are no longer to be used."""
NUMBER_FIELD = {"session": "idle_timeout_minutes", "agent": "max_steps"}


@pytest.fixture
def get_form(bob, run_kind):
    return lambda **query: RenderedForm(bob.client.get(run_kind.start_page, query).content.decode())


@pytest.fixture
def start(bob, run_kind):
    """Posts Bob's form with what it must hold and more."""
    return lambda **typed: bob.client.post(run_kind.start_page, {**run_kind.required, **typed})


def test_the_form_shows_every_field_of_the_contract(run_kind, get_form):
    form = get_form()
    names = {name.partition("-")[0] for name in form.values}
    schema = contract()["components"]["schemas"][KINDS[run_kind.name].schema_name]
    assert set(schema["properties"]) - names <= NO_CONTROL
    assert len(form.values["nonce"]) == 32
    assert form.values["csrfmiddlewaretoken"]


@pytest.mark.parametrize(("run_kind", "name"), each_kind(**{kind: list(wrong) for kind, wrong in WRONG.items()}))
def test_a_wrong_value_is_told_at_its_field_and_stays(run_kind, start, name):
    typed = {**RIGHT[run_kind.name], name: WRONG[run_kind.name][name]}
    answer = start(**typed)
    form = RenderedForm(answer.content.decode())
    assert answer.status_code == 422
    assert form.error_of(name)
    assert form.attrs[name]["aria-invalid"] == "true"
    assert {field: form.values[field] for field in typed} == typed
    assert not AgentRun.objects.exists()
    assert not BrowserSession.objects.exists()


def test_all_errors_are_told_at_once_and_everything_stays(run_kind, start):
    wrong = WRONG[run_kind.name]
    form = RenderedForm(start(**wrong).content.decode())
    assert {name: bool(form.error_of(name)) for name in wrong} == dict.fromkeys(wrong, True)
    assert {name: form.values[name] for name in wrong} == wrong
    assert len(set(form.ids)) == len(form.ids)
    assert "Nothing was started" in form.texts["form-errors"]


def test_a_form_sent_twice_is_one_run(run_kind, start, committed, redis_client):
    typed = {"nonce": uuid4().hex, NUMBER_FIELD[run_kind.name]: "7"}
    with committed():
        places = {start(**typed)["Location"] for _ in range(3)}
    assert len(places) == run_kind.model.objects.count() == BrowserSession.objects.count() == 1
    assert redis_client.llen("celery") == BrowserSession.objects.count() + AgentRun.objects.count()


def test_a_form_that_was_gone_back_to_and_changed_is_another_run(run_kind, start):
    nonce = uuid4().hex
    places = {start(nonce=nonce, **{NUMBER_FIELD[run_kind.name]: number})["Location"] for number in (7, 8)}
    assert len(places) == run_kind.model.objects.count() == 2


def test_the_same_nonce_of_another_person_is_another_run(bob, alice, run_kind):
    for person in (bob, alice):
        assert person.client.post(run_kind.start_page, {**run_kind.required, "nonce": "same"}).status_code == 302
    assert run_kind.model.objects.count() == 2


@pytest.mark.parametrize("nonce", ["", "\x00", "x" * 5000, "'; DROP TABLE", "\ud83d", "🦊"])
def test_an_odd_nonce_starts_one_run_all_the_same(bob, run_kind, nonce):
    body = urlencode({**run_kind.required, "nonce": nonce}, errors="surrogatepass")
    answer = bob.client.post(run_kind.start_page, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302
    assert run_kind.model.objects.count() == 1


def test_long_nonces_that_begin_alike_are_two_runs(run_kind, start):
    for end in "ab":
        start(nonce="x" * 63 + end)
    assert run_kind.model.objects.count() == BrowserSession.objects.count() == 2


def test_each_form_has_a_nonce_of_its_own(get_form):
    assert get_form().values["nonce"] != get_form().values["nonce"]


def test_htmx_is_told_where_the_run_is(bob, run_kind):
    answer = bob.client.post(run_kind.start_page, run_kind.required, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == run_kind.model.objects.get().get_absolute_url()


REPEATED = {
    "session": (
        {
            "idle_timeout_minutes": 9,
            "proxies": [{"type": "external", "server": "http://p.example:1", "password": {"$secret": True}}],
            "extra_http_headers": {"X": {"$secret": True}},
            "profile": {"id": "p-1"},
            "cdp_url": {"$secret": True},
        },
        {
            "idle_timeout_minutes": "9",
            "profile-id": "p-1",
            "proxies": "list",
            "proxies-0-type": "external",
            "proxies-0-server": "http://p.example:1",
            "proxies-0-password": "",
            "cdp_url": "",
        },
    ),
    "agent": (
        {"task": "Old task", "max_steps": 7, "url": {"$secret": True}, "notifier_config": {"type": {"$secret": True}}},
        {"task": "Old task", "max_steps": "7", "url": ""},
    ),
}


def test_running_again_fills_the_form_without_secrets(bob, run_kind):
    request, values = REPEATED[run_kind.name]
    run = run_kind.make(bob.workspace, bob.user, request=request)
    html = bob.client.get(run_kind.start_page, {"from": run.uuid}).content.decode()
    form = RenderedForm(html)
    assert {name: form.values[name] for name in values} == values
    assert "$secret" not in html


@pytest.mark.parametrize("uuid", ["not-a-uuid", "", str(uuid4()), "\x00"])
def test_running_again_without_an_older_one_is_an_empty_form(run_kind, get_form, uuid):
    assert get_form(**{"from": uuid}).values[NUMBER_FIELD[run_kind.name]] == ""


def test_running_again_a_foreign_run_is_an_empty_form(bob, eve, run_kind):
    field = NUMBER_FIELD[run_kind.name]
    foreign = run_kind.make(eve.workspace, eve.user, request={field: 9, "task": "Their task"})
    html = bob.client.get(run_kind.start_page, {"from": foreign.uuid}).content.decode()
    assert RenderedForm(html).values[field] == ""
    assert "Their task" not in html


def test_a_form_can_not_choose_the_workspace(bob, eve, run_kind, start):
    start(workspace=eve.workspace.pk, started_by=eve.user.pk, state="active", **{run_kind.remote_id: "chosen"})
    run = run_kind.model.objects.get()
    assert (run.workspace, run.started_by, run_kind.id_of(run), run.state) == (bob.workspace, bob.user, "", "queued")


def test_reading_pages_writes_nothing(bob, run_kind, upstream):
    run = run_kind.make(bob.workspace, bob.user)
    session = BrowserSession.objects.get()
    upstream.say("GET", f"/sessions/{session.session_id}", session_body(session.session_id))
    before = [list(model.objects.values()) for model in (BrowserSession, AgentRun)]
    for page in ("", "stop/", "viewer/"):
        bob.client.get(f"{run.get_absolute_url()}{page}")
    bob.client.get(run_kind.start_page)
    assert [list(model.objects.values()) for model in (BrowserSession, AgentRun)] == before
