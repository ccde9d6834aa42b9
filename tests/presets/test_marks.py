"""A preset that the contract no longer accepts says which field, and why."""

import copy

import pytest

from notte_dashboard.presets.kinds import SESSION
from notte_dashboard.presets.marks import marks
from notte_dashboard.presets.models import PresetVersion
from notte_dashboard.schema_forms.contract import contract
from tests.factories import make_preset
from tests.html_forms import RenderedForm
from tests.presets.requests import FULL_REQUEST, SECRET


def changed(change):
    document = copy.deepcopy(contract())
    change(document["components"]["schemas"])
    return document


def removed(schemas):
    del schemas[SESSION.schema_name]["properties"]["chrome_args"]


def bounded(schemas):
    schemas[SESSION.schema_name]["properties"]["idle_timeout_minutes"]["maximum"] = 2


def renamed(schemas):
    external = schemas["ExternalProxy"]
    external["properties"]["host"] = external["properties"].pop("server")
    external["required"] = ["host"]


def test_a_preset_that_fits_has_no_mark(bob):
    assert marks(make_preset(bob, FULL_REQUEST)) == []


@pytest.mark.parametrize(
    ("change", "field", "why"),
    [(removed, "chrome_args", "no such field"), (bounded, "idle_timeout_minutes", "at most 2"), (renamed, "proxies", "")],
)
def test_a_changed_contract_marks_the_field_and_says_why(bob, change, field, why):
    found = marks(make_preset(bob, FULL_REQUEST), changed(change))
    assert {mark.field for mark in found} == {field}
    assert why in found[0].why
    assert SECRET not in str(found)


def test_a_field_left_open_is_no_mark(bob):
    assert marks(make_preset(bob, {"max_steps": 3}, kind="agent")) == []


def test_a_rule_across_fields_is_a_mark_too(bob):
    version = PresetVersion(preset=make_preset(bob).preset, request={"idle_timeout_minutes": 9, "max_duration_minutes": 3})
    assert [mark.field for mark in marks(version)] == ["idle_timeout_minutes"]


def test_marks_are_shown_in_the_list_on_its_page_and_in_the_form(bob):
    preset = make_preset(bob, {"unheard_of": 1, "idle_timeout_minutes": 99}).preset
    for path in ("/presets/", preset.get_absolute_url(), f"/sessions/start/?preset={preset.uuid}"):
        html = bob.client.get(path).content.decode()
        assert "no longer fits" in html.lower()
        assert "unheard_of" in html
    drawn = RenderedForm(html)
    assert drawn.error_of("idle_timeout_minutes")
    assert drawn.values["idle_timeout_minutes"] == "99"
