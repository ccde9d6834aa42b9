"""The list of presets, names, and taking a deletion back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notte_dashboard.presets.models import Preset
from tests.factories import make_preset
from tests.html_forms import RenderedForm

# The login session, the user, the workspace with the role in it, the presets.
QUERIES_OF_THE_LIST = 4


def listed(client, query=""):
    return [line.split('"')[0] for line in client.get(f"/presets/{query}").content.decode().split('data-preset="')[1:]]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_row_and_for_three(bob, count, django_assert_num_queries):
    for number in range(count):
        make_preset(bob, {"idle_timeout_minutes": 4}, name=f"Preset {number}")
        make_preset(bob, {"idle_timeout_minutes": 5}, name=f"Preset {number}")
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        assert len(listed(bob.client)) == count


def test_the_list_can_show_one_kind(bob):
    session, agent = make_preset(bob).preset, make_preset(bob, kind="agent").preset
    assert listed(bob.client) == [str(session.uuid), str(agent.uuid)]
    assert listed(bob.client, "?kind=session") == [str(session.uuid)]
    assert listed(bob.client, "?kind=agent") == [str(agent.uuid)]
    assert len(listed(bob.client, "?kind=nonsense")) == 2


def test_a_preset_is_renamed_and_shared(bob, alice):
    preset = make_preset(bob).preset
    assert bob.client.post(preset.get_absolute_url(), {"name": "Ours", "shared": "on"}).status_code == 302
    assert listed(alice.client) == [str(preset.uuid)]
    preset.refresh_from_db()
    assert (preset.name, preset.shared, preset.version) == ("Ours", True, 1)


@pytest.mark.parametrize("name", ["", "Taken", "x" * 81])
def test_a_name_that_cannot_be_is_told_at_the_field(bob, name):
    make_preset(bob, name="Taken")
    preset = make_preset(bob, name="Mine").preset
    answer = bob.client.post(preset.get_absolute_url(), {"name": name})
    assert answer.status_code == 422
    assert RenderedForm(answer.content.decode()).error_of("name")
    preset.refresh_from_db()
    assert preset.name == "Mine"


def test_a_deleted_preset_can_be_taken_back(bob):
    preset = make_preset(bob, {"idle_timeout_minutes": 4}).preset
    answer = bob.client.post(f"/presets/{preset.uuid}/delete/", follow=True)
    assert "was deleted" in answer.content.decode()
    assert listed(bob.client) == []
    for path in (preset.get_absolute_url(), f"/sessions/start/?preset={preset.uuid}"):
        assert bob.client.get(path).status_code == 404
    assert bob.client.post(f"/presets/{preset.uuid}/delete/").status_code == 404
    bob.client.post(f"/presets/{preset.uuid}/undelete/")
    assert listed(bob.client) == [str(preset.uuid)]
    assert bob.client.post(f"/presets/{preset.uuid}/undelete/").status_code == 404


def test_a_name_is_free_again_after_a_deletion_and_taken_for_the_one_that_comes_back(bob):
    first = make_preset(bob).preset
    bob.client.post(f"/presets/{first.uuid}/delete/")
    second = make_preset(bob).preset
    assert second.pk != first.pk
    bob.client.post(f"/presets/{first.uuid}/undelete/")
    assert listed(bob.client) == [str(second.uuid)]


def test_what_was_deleted_a_day_ago_goes_for_good_with_its_secrets(bob):
    old, other = make_preset(bob, {"cdp_url": "wss://x"}).preset, make_preset(bob, name="Other").preset
    Preset.objects.filter(pk=old.pk).update(deleted_at=timezone.now() - timedelta(hours=25))
    bob.client.post(f"/presets/{other.uuid}/delete/")
    assert list(Preset.objects.values_list("pk", flat=True)) == [other.pk]


def test_hostile_names_and_requests_stay_text(bob):
    hostile = "<script>alert(1)</script>\"'{{ 7|add:7 }}"
    preset = make_preset(bob, {"user_agent": hostile}, name=hostile).preset
    for path in (
        "/presets/",
        preset.get_absolute_url(),
        f"/sessions/start/?preset={preset.uuid}",
        "/sessions/start/",
        "/agents/start/",
    ):
        html = bob.client.get(path).content.decode()
        assert "<script>alert" not in html
        assert "14" not in html.split("</title>")[0]
