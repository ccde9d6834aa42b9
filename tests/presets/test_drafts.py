"""Which controls a browser may remember."""

import re

import pytest

from notte_dashboard.presets import drafts
from notte_dashboard.schema_forms.layouts import AGENT_START, SESSION_START
from tests.html_forms import RenderedForm

SECRETS = ["proxies-0-password", "proxies-12-username", "extra_http_headers-0-value", "cdp_url", "vault_password", "x-0-api_key"]
OPEN = ["proxies-0-server", "proxies-0-type", "user_agent", "chrome_args", "idle_timeout_minutes", "task", "viewport_width"]


def kept(name, layout=SESSION_START):
    return not re.search(drafts.secret_names(layout), name, re.IGNORECASE)


def test_controls_of_secrets_are_never_kept():
    assert [name for name in SECRETS if kept(name)] == []
    assert [name for name in ("notifier_config-token", "notifier_config-config-smtp_server") if kept(name, AGENT_START)] == []


def test_all_others_are():
    assert [name for name in OPEN if not kept(name)] == []


@pytest.mark.parametrize("name", ["proxies", "extra_http_headers", "cdp_url"])
def test_areas_that_may_hold_a_secret_inside_are_not_kept(name):
    assert re.search(drafts.secret_areas(SESSION_START), name)
    assert not re.search(drafts.secret_areas(SESSION_START), "chrome_args")


def test_the_form_tells_the_script(bob, alice):
    def told(person):
        return next(line for line in person.client.get("/sessions/start/").content.decode().split("\n") if "data-draft=" in line)

    assert told(bob) != told(alice)
    assert 'data-secret-names="^(' in bob.client.get("/agents/start/").content.decode()


def test_a_draft_goes_on_from_its_preset(bob):
    from tests.factories import make_preset  # noqa: PLC0415

    version = make_preset(bob, {"cdp_url": "wss://secret.example"})
    posted = {"from_preset": version.preset.uuid, "from_version": "1", "keep_secrets": "on", "user_agent": "mine"}
    drawn = RenderedForm(bob.client.post("/sessions/start/draft/", posted).content.decode())
    assert drawn.values["from_preset"] == str(version.preset.uuid)
    assert "secret.example" not in str(drawn.values)
