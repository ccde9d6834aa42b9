"""An agent in a new session from a preset."""

import pytest

from agents_app.models import AgentRun
from notte_dashboard.presets.models import Preset, PresetVersion
from sessions_app.models import BrowserSession
from sessions_app.services.start import stored_secrets
from tests.factories import make_preset
from tests.html_forms import RenderedForm
from tests.presets.requests import FULL_REQUEST, SECRET


def start(client, preset):
    return client.post("/agents/start/", {"task": "Look", "session_id": f"preset:{preset.uuid}"})


def test_the_session_is_started_with_what_the_preset_holds(bob):
    answer = start(bob.client, make_preset(bob, FULL_REQUEST).preset)
    agent = AgentRun.objects.get()
    assert answer["Location"] == agent.get_absolute_url()
    assert agent.session.request["idle_timeout_minutes"] == 4
    assert SECRET in str(stored_secrets(agent.session))
    assert "session_id" not in agent.request


def test_the_choice_names_the_preset(bob):
    preset = make_preset(bob, {}, name="Wide <b>").preset
    html = bob.client.get("/agents/start/").content.decode()
    assert "New session from preset Wide &lt;b&gt;" in html
    assert f"preset:{preset.uuid}" in RenderedForm(html).options["session_id"]


@pytest.mark.parametrize("what", ["gone", "private", "foreign"])
def test_a_preset_that_is_not_to_be_had_is_told_at_the_field(bob, alice, eve, what):
    preset = make_preset({"gone": bob, "private": alice, "foreign": eve}[what], {}, shared=what == "foreign").preset
    if what == "gone":
        Preset.objects.all().delete()
    answer = start(bob.client, preset)
    drawn = RenderedForm(answer.content.decode())
    assert answer.status_code == 422
    assert drawn.error_of("session_id")
    assert drawn.values["task"] == "Look"
    assert not BrowserSession.objects.exists()


def test_a_preset_that_no_longer_fits_says_why(bob):
    version = make_preset(bob, {})
    PresetVersion.objects.filter(pk=version.pk).update(request={"idle_timeout_minutes": 99})
    answer = start(bob.client, version.preset)
    assert answer.status_code == 422
    assert "no longer fits" in RenderedForm(answer.content.decode()).error_of("session_id")
    assert not AgentRun.objects.exists()


def test_an_agent_preset_may_name_the_preset_of_its_session(bob):
    chosen = f"preset:{make_preset(bob, {}).preset.uuid}"
    bob.client.post("/agents/start/save/", {"task": "Look", "session_id": chosen, "preset_name": "Both"})
    preset = Preset.objects.get(kind="agent")
    drawn = RenderedForm(bob.client.get(f"/agents/start/?preset={preset.uuid}").content.decode())
    assert (drawn.values["task"], drawn.values["session_id"]) == ("Look", chosen)
