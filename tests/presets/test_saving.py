"""Saving, versions, and what a start from a preset sends."""

import json

import pytest
from django.db import connection

from notte_dashboard.presets.models import Preset, PresetVersion
from sessions_app.models import BrowserSession
from tests.factories import make_preset
from tests.html_forms import RenderedForm, SubmittedForm, form_data, panel_request
from tests.presets.requests import FULL_REQUEST, SECRET


def save(person, request, kind="session", **more):
    return person.client.post(f"/{kind}s/start/save/", form_data(kind, request, preset_name="Mine", **more))


def opened(person, preset):
    html = person.client.get(f"/sessions/start/?preset={preset.uuid}").content.decode()
    assert SECRET not in html
    return SubmittedForm(html).values


def started(person, preset, **changed):
    """As a browser would start from this preset, with these controls changed."""
    person.client.post("/sessions/start/", {**opened(person, preset), **changed})
    return BrowserSession.objects.order_by("pk").last()


def whole(session):
    from notte_dashboard.schema_forms import secrets  # noqa: PLC0415

    return secrets.join(session.request, json.loads(session.secrets or "{}"))


def test_a_form_is_kept_under_a_name_and_leads_to_it(bob):
    answer = save(bob, FULL_REQUEST)
    version = PresetVersion.objects.get()
    assert answer["Location"] == f"/sessions/start/?preset={version.preset.uuid}"
    assert (version.preset.name, version.preset.owner, version.preset.shared, version.number) == ("Mine", bob.user, False, 1)
    assert version.whole_request() == FULL_REQUEST
    assert not BrowserSession.objects.exists()


def test_secrets_are_nowhere_in_clear_text(bob):
    save(bob, FULL_REQUEST)
    with connection.cursor() as cursor:
        cursor.execute("select request, secrets from presets_presetversion")
        stored = str(cursor.fetchall())
    assert SECRET not in stored
    assert "f1$" in stored
    preset = Preset.objects.get()
    for path in (
        "/presets/",
        preset.get_absolute_url(),
        f"/sessions/start/?preset={preset.uuid}",
        "/admin/presets/presetversion/",
    ):
        assert SECRET not in bob.client.get(path).content.decode()


def test_every_save_is_a_new_version_and_the_old_one_stays(bob):
    save(bob, {"idle_timeout_minutes": 4})
    save(bob, {"idle_timeout_minutes": 5})
    preset = Preset.objects.get()
    assert [(each.number, each.request) for each in preset.versions.all()] == [
        (2, {"idle_timeout_minutes": 5}),
        (1, {"idle_timeout_minutes": 4}),
    ]
    drawn = RenderedForm(bob.client.get(f"/sessions/start/?preset={preset.uuid}").content.decode())
    assert drawn.values["idle_timeout_minutes"] == "5"


def test_an_old_version_can_be_restored_with_its_secrets(bob):
    first = make_preset(bob, FULL_REQUEST)
    make_preset(bob, {"idle_timeout_minutes": 5})
    answer = bob.client.post(f"/presets/{first.preset.uuid}/versions/1/restore/")
    newest = PresetVersion.objects.newest().get()
    assert answer.status_code == 302
    assert (newest.number, newest.restored_from, newest.whole_request()) == (3, 1, FULL_REQUEST)
    assert bob.client.post(f"/presets/{first.preset.uuid}/versions/9/restore/").status_code == 404


def test_a_shared_preset_gets_its_next_version_from_anybody(alice, bob):
    make_preset(alice, {"idle_timeout_minutes": 4}, shared=True)
    save(bob, {"idle_timeout_minutes": 5}, preset_shared="on")
    preset = Preset.objects.get()
    assert (preset.version, preset.owner) == (2, alice.user)
    assert preset.versions.first().saved_by == bob.user


def test_the_same_name_kept_by_two_people_is_two_presets(alice, bob):
    make_preset(alice, {"idle_timeout_minutes": 4})
    save(bob, {"idle_timeout_minutes": 5})
    assert Preset.objects.count() == 2


def test_a_start_from_a_preset_sends_its_secrets_too(bob):
    assert whole(started(bob, make_preset(bob, FULL_REQUEST).preset)) == FULL_REQUEST


def test_its_secrets_can_be_left_out(bob):
    session = started(bob, make_preset(bob, {"cdp_url": f"wss://{SECRET}.example"}).preset, keep_secrets="")
    assert whole(session) == {}


def test_who_changes_the_server_of_a_proxy_does_not_get_its_password_sent_there(bob):
    preset = make_preset(bob, FULL_REQUEST, shared=True).preset
    drawn = opened(bob, preset)
    name = next(name for name, value in drawn.items() if "http://proxy.example:8080" in value)
    changed = drawn | {name: drawn[name].replace("proxy.example", "evil.example")}
    html = bob.client.post("/sessions/start/check/", changed).content.decode()
    assert "not taken over" in html
    bob.client.post("/sessions/start/", changed)
    session = BrowserSession.objects.get()
    assert SECRET not in json.dumps(whole(session)["proxies"])
    assert whole(session)["extra_http_headers"] == FULL_REQUEST["extra_http_headers"]


def test_an_error_draws_the_form_again_without_the_secrets(bob):
    preset = make_preset(bob, FULL_REQUEST).preset
    drawn = opened(bob, preset)
    answer = bob.client.post("/sessions/start/", drawn | {"max_duration_minutes": "never"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert SECRET not in html
    assert RenderedForm(html).error_of("max_duration_minutes")
    assert RenderedForm(html).values["max_duration_minutes"] == "never"


def test_a_version_saved_from_a_preset_keeps_its_secrets(bob):
    preset = make_preset(bob, FULL_REQUEST).preset
    drawn = opened(bob, preset)
    bob.client.post(
        "/sessions/start/save/",
        drawn | {"preset_name": "Mine", "idle_timeout_minutes": "5"},
    )
    assert PresetVersion.objects.newest().get().whole_request() == FULL_REQUEST | {"idle_timeout_minutes": 5}


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "two\u2028lines"])
def test_a_name_that_is_none_is_told_and_nothing_is_lost(bob, name):
    answer = bob.client.post("/sessions/start/save/", {"user_agent": "mine", "preset_name": name})
    drawn = RenderedForm(answer.content.decode())
    assert answer.status_code == 422
    assert drawn.error_of("preset_name")
    assert drawn.values["user_agent"] == "mine"
    assert not Preset.objects.exists()


def test_what_is_wrong_is_not_kept(bob):
    answer = bob.client.post("/sessions/start/save/", {"idle_timeout_minutes": "many", "preset_name": "Mine"})
    assert answer.status_code == 422
    assert RenderedForm(answer.content.decode()).error_of("idle_timeout_minutes")
    assert not Preset.objects.exists()


def test_what_is_still_to_be_filled_in_may_be_left_open(bob):
    save(bob, {"max_steps": 7}, kind="agent")
    assert PresetVersion.objects.get().request == {"max_steps": 7}


def test_a_lost_key_leaves_the_rest_of_a_preset_usable(bob, settings):
    from cryptography.fernet import Fernet  # noqa: PLC0415

    preset = make_preset(bob, FULL_REQUEST).preset
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    for path in ("/presets/", preset.get_absolute_url(), f"/sessions/start/?preset={preset.uuid}"):
        answer = bob.client.get(path)
        assert answer.status_code == 200
        assert "FIELD_ENCRYPTION_KEYS" in answer.content.decode()


NOTIFIERS = [
    {"type": "slack", "token": SECRET, "channel_id": "C1"},
    {"type": "discord", "token": SECRET, "channel_id": 12},
    {"odd": {"token": SECRET}},
]


@pytest.mark.parametrize("notifier", NOTIFIERS)
def test_what_is_secret_as_a_whole_comes_through_too(bob, notifier):
    preset = make_preset(
        bob, {"task": "Look", "notifier_config": notifier, "url": f"https://joe:{SECRET}@site.example/"}, kind="agent"
    ).preset
    html = bob.client.get(f"/agents/start/?preset={preset.uuid}").content.decode()
    assert SECRET not in html
    bob.client.post("/agents/start/", SubmittedForm(html).values)
    from agents_app.models import AgentRun  # noqa: PLC0415

    assert whole(AgentRun.objects.get()) == preset.versions.get().whole_request()


def test_a_row_that_was_taken_out_does_not_come_back(bob):
    preset = make_preset(bob, {"chrome_args": ["--lang=en-GB", f"--proxy-server=http://joe:{SECRET}@proxy.example"]}).preset
    typed = {name: value for name, value in opened(bob, preset).items() if not name.startswith("chrome_args-1")}
    html = bob.client.post("/sessions/start/check/", typed).content.decode()
    assert panel_request(html) == {"chrome_args": ["--lang=en-GB"]}
    assert "not taken over" not in html


def test_all_of_a_preset_comes_through(bob):
    proxy = {"type": "external", "server": f"http://joe:{SECRET}@proxy.example", "bypass": "localhost"}
    request = {
        "proxies": [proxy],
        "cdp_url": f"wss://{SECRET}.example",
        "extra_http_headers": {"Authorization": SECRET, "X": "1"},
    }
    assert whole(started(bob, make_preset(bob, request).preset)) == request


@pytest.mark.parametrize(("number", "expected"), [("1", 200), ("2", 404), ("0", 404), (str(10**30), 404), ("x", 200), ("", 200)])
def test_an_old_version_can_be_started_from_too(bob, number, expected):
    preset = make_preset(bob, {"idle_timeout_minutes": 4}).preset
    assert bob.client.get(f"/sessions/start/?preset={preset.uuid}&version={number}").status_code == expected
    assert bob.client.post("/sessions/start/check/", {"from_preset": preset.uuid, "from_version": number}).status_code == 200
