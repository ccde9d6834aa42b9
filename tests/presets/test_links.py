import base64
import json

import pytest

from notte_dashboard.presets.kinds import SESSION
from notte_dashboard.presets.links import LONGEST, LinkError, packed, unpacked
from tests.factories import make_preset
from tests.html_forms import RenderedForm
from tests.presets.requests import FULL_REQUEST, SECRET


def link(request):
    return f"/sessions/start/?request={packed(request, SESSION.layout)}"


def encoded(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_link_brings_back_everything_but_the_secrets():
    back = unpacked(packed(FULL_REQUEST, SESSION.layout), SESSION.layout)
    assert back["user_agent"] == FULL_REQUEST["user_agent"]
    assert back["proxies"] == [{"type": "external", "server": "http://proxy.example:8080"}]
    assert SECRET not in json.dumps(back)


def test_a_link_fills_the_form(bob):
    answer = bob.client.get(link({"idle_timeout_minutes": 7, "user_agent": "<b>\"x'"}))
    drawn = RenderedForm(answer.content.decode())
    assert answer.status_code == 200
    assert (drawn.values["idle_timeout_minutes"], drawn.values["user_agent"]) == ("7", "<b>\"x'")
    assert "Filled in from a link" in answer.content.decode()


def test_a_secret_that_somebody_put_into_a_link_is_dropped(bob):
    html = bob.client.get(f"/sessions/start/?request={encoded(json.dumps(FULL_REQUEST))}").content.decode()
    assert SECRET not in html
    assert "http://proxy.example:8080" in html


def test_what_does_not_fit_is_told_at_its_field(bob):
    html = bob.client.get(link({"idle_timeout_minutes": 999, "unheard_of": 1})).content.decode()
    drawn = RenderedForm(html)
    assert drawn.error_of("idle_timeout_minutes")
    assert drawn.values["idle_timeout_minutes"] == "999"
    assert "unheard_of" in html


@pytest.mark.parametrize(
    "text", ["", "%%%", "abc", encoded("[1]"), encoded("{"), encoded('{"a":NaN}'), "x" * (LONGEST + 1), "{nonsense"]
)
def test_a_damaged_link_is_an_empty_form_that_says_so(bob, text):
    answer = bob.client.get("/sessions/start/", {"request": text})
    assert answer.status_code == 200
    assert RenderedForm(answer.content.decode()).values["idle_timeout_minutes"] == ""
    assert not text or "link" in answer.content.decode().lower()


def test_a_request_that_is_too_long_has_no_link(bob):
    with pytest.raises(LinkError):
        packed({"user_agent": "x" * LONGEST}, SESSION.layout)
    html = bob.client.post("/sessions/start/check/", {"user_agent": "x" * 3900, "chrome_args": "y" * 3900}).content.decode()
    assert "too long for a link" in html


def test_json_in_plain_sight_is_welcome(bob):
    drawn = RenderedForm(bob.client.get("/agents/start/", {"request": '{"task": "Look"}'}).content.decode())
    assert drawn.values["task"] == "Look"


def test_an_agents_link_names_a_preset_and_no_session_of_the_moment(bob):
    preset = make_preset(bob, {"idle_timeout_minutes": 4}).preset
    chosen = f"preset:{preset.uuid}"
    html = bob.client.post("/agents/start/check/", {"task": "Look", "session_id": chosen}).content.decode()
    address = html.split('data-copy="')[1].split('"')[0].replace("&amp;", "&")
    drawn = RenderedForm(bob.client.get(address.removeprefix("http://testserver")).content.decode())
    assert (drawn.values["task"], drawn.values["session_id"]) == ("Look", chosen)
