"""Every person on every where: their own, what others share, what others keep for themselves, foreign, missing."""

from uuid import uuid4

import pytest
from django.test import Client

from notte_dashboard.presets.models import Preset
from tests.factories import make_preset
from tests.html_forms import RenderedForm

POSTS = ["versions/1/restore/", "delete/", ""]
NAME = {"name": "Renamed", "shared": ""}


def status(client, uuid, where=""):
    return client.post(f"/presets/{uuid}/{where}", NAME).status_code


@pytest.mark.parametrize(("name", "expected"), [("alice", 200), ("bob", 200), ("vera", 403), ("eve", 200), ("nobody", 302)])
def test_who_may_open_the_list(as_, name, expected):
    assert as_(name).get("/presets/").status_code == expected


@pytest.mark.parametrize(
    ("shared", "expected"),
    [
        (True, {"alice": 200, "bob": 200, "vera": 403, "eve": 404, "nobody": 302}),
        (False, {"alice": 404, "bob": 200, "vera": 404, "eve": 404, "nobody": 302}),
    ],
)
def test_a_preset_is_its_owners_or_the_operators(as_, people, shared, expected):
    preset = make_preset(people.bob, shared=shared).preset
    assert {name: as_(name).get(f"/presets/{preset.uuid}/").status_code for name in expected} == expected


@pytest.mark.parametrize("where", POSTS)
@pytest.mark.parametrize("shared", [True, False])
def test_others_change_nothing(as_, people, where, shared):
    preset = make_preset(people.bob, shared=shared).preset
    assert status(as_("eve"), preset.uuid, where) == 404
    assert status(as_("vera"), preset.uuid, where) == (403 if shared else 404)
    assert status(as_("nobody"), preset.uuid, where) == 302
    after = Preset.objects.get()
    assert (after.name, after.version, after.deleted_at) == ("Mine", 1, None)


@pytest.mark.parametrize("where", ["", *POSTS, "undelete/"])
def test_foreign_and_missing_answer_alike(as_, people, where):
    foreign = make_preset(people.eve, shared=True).preset
    bob = as_("bob")
    assert [status(bob, uuid, where) for uuid in (foreign.uuid, uuid4())] == [404, 404]


@pytest.mark.parametrize("kind", ["session", "agent"])
def test_a_form_starts_from_no_preset_that_is_foreign_missing_private_or_of_the_other_kind(as_, people, kind):
    other = "agent" if kind == "session" else "session"
    refused = [
        make_preset(people.eve, kind=kind, shared=True).preset.uuid,
        make_preset(people.alice, kind=kind).preset.uuid,
        make_preset(people.bob, kind=other).preset.uuid,
        uuid4(),
        "nonsense",
    ]
    bob = as_("bob")
    assert [bob.get(f"/{kind}s/start/?preset={uuid}").status_code for uuid in refused] == [404] * len(refused)
    assert bob.get(f"/{kind}s/start/?preset={make_preset(people.bob, kind=kind).preset.uuid}").status_code == 200


def test_reviewers_are_offered_nothing(as_, people):
    make_preset(people.bob, shared=True)
    assert "/presets/" not in as_("vera").get("/").content.decode()
    assert "/presets/" in as_("bob").get("/").content.decode()


def test_a_form_offers_ones_own_and_the_shared(as_, people):
    mine = make_preset(people.bob, name="Mine").preset
    shared = make_preset(people.alice, name="Ours", shared=True).preset
    make_preset(people.alice, name="Hers")
    make_preset(people.eve, name="Foreign", shared=True)
    drawn = RenderedForm(as_("bob").get("/sessions/start/").content.decode())
    assert drawn.options["preset"] == ["", str(mine.uuid), str(shared.uuid)]
    agents = RenderedForm(as_("bob").get("/agents/start/").content.decode())
    assert agents.options["session_id"] == ["", f"preset:{mine.uuid}", f"preset:{shared.uuid}"]


def test_a_posted_form_gets_no_secrets_of_a_preset_that_is_not_ones_own(as_, people):
    from sessions_app.models import BrowserSession  # noqa: PLC0415

    hers = make_preset(people.alice, {"cdp_url": "wss://secret.example"}).preset
    as_("bob").post("/sessions/start/", {"from_preset": hers.uuid, "from_version": "1", "keep_secrets": "on"})
    session = BrowserSession.objects.get()
    assert (session.request, session.secrets) == ({}, "")


@pytest.mark.parametrize("where", POSTS)
def test_a_post_without_the_csrf_token_does_nothing(bob, where):
    preset = make_preset(bob).preset
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(bob.user)
    assert status(careful, preset.uuid, where) == 403
    assert Preset.objects.get().deleted_at is None


@pytest.mark.parametrize("where", ["versions/1/restore/", "delete/", "undelete/"])
def test_reading_changes_nothing(bob, where):
    assert bob.client.get(f"/presets/{make_preset(bob).preset.uuid}/{where}").status_code == 405
