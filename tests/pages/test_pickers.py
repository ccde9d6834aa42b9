"""Lists of what the API keeps: they come after the form, from a real API on loopback, and never stand in its way."""

import time

import pytest
from django.core.cache import cache
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from notte_dashboard.workspaces.pickers import MOST_PAGES, PICKED
from tests.factories import make_key
from tests.scripted_api import CUT

ALL = "/pickers/?list=vaults&list=personas&list=profiles"
PAGE = {"page": 1, "page_size": 100, "has_next": False, "has_previous": False}


def page(*items, **changes):
    return {**PAGE, "items": list(items), **changes}


@pytest.fixture
def kept(upstream):
    upstream.say("GET", "/vaults", page({"vault_id": "v-1", "name": "Shop <logins>"}))
    upstream.say("GET", "/personas", page({"persona_id": "p-1", "first_name": "Ada", "last_name": "Byron"}))
    upstream.say("GET", "/profiles", page({"profile_id": "f-1", "name": None}))
    return upstream


def test_each_list_is_offered_with_names(as_, kept):
    html = as_("bob").get(ALL).content.decode()
    assert '<datalist id="known-vaults">' in html
    assert '<option value="v-1">Shop &lt;logins&gt;</option>' in html
    assert '<option value="p-1">Ada Byron</option>' in html
    assert '<option value="f-1">f-1</option>' in html
    assert "could not be read" not in html


def test_a_form_points_at_its_lists_and_asks_for_them_after_it_is_shown(as_, upstream):
    for where, names in (("sessions", ["vaults", "profiles"]), ("agents", ["vaults", "personas"])):
        html = as_("bob").get(f"/{where}/start/").content.decode()
        asked = "&amp;".join(f"list={name}" for name in names)
        assert f'hx-get="/pickers/?{asked}"' in html
        for name in names:
            assert f'list="known-{name}"' in html
    assert upstream.asked == []


def test_every_control_that_is_picked_for_exists(as_):
    pages = [as_("bob").get(f"/{where}/start/").content.decode() for where in ("sessions", "agents")]
    for control in PICKED:
        assert any(f'name="{control}"' in html for html in pages)


def test_the_api_is_asked_once_a_minute_for_each_key(as_, people, kept):
    for _ in range(3):
        as_("bob").get(ALL)
    assert len(kept.requests("GET", "/vaults")) == 1
    as_("alice").get(ALL)
    assert len(kept.requests("GET", "/vaults")) == 1

    make_key(people.bob.workspace, base_url=kept.url, key="another-key-1234567890")
    as_("bob").get(ALL)
    asked = kept.requests("GET", "/vaults")
    assert [each.headers["authorization"] for each in asked][1:] == ["Bearer another-key-1234567890"]


def test_another_workspace_is_not_shown_what_this_one_s_key_sees(as_, people, kept):
    make_key(people.bob.workspace, base_url=kept.url, key="key-of-the-shared-one")
    as_("bob").get(ALL)
    kept.say("GET", "/vaults", page({"vault_id": "v-2", "name": "Eve's"}))
    html = as_("eve").get(ALL).content.decode()
    assert "v-2" in html
    assert "v-1" not in html


def test_further_pages_are_read_up_to_a_bound(as_, upstream):
    entries = ([{"vault_id": f"v-{number}", "name": ""}] for number in range(10))
    upstream.say("GET", "/vaults", lambda: page(*next(entries), has_next=True))
    html = as_("bob").get("/pickers/?list=vaults").content.decode()
    assert [f'value="v-{number}"' in html for number in range(MOST_PAGES + 1)] == [True] * MOST_PAGES + [False]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((500, {"message": "<b>down</b>"}), "&lt;b&gt;down&lt;/b&gt;"),
        ((401, {"message": "bad key"}), "bad key"),
        (CUT, "did not answer"),
        ("text", "not a list"),
        ((429, {"message": "slow down"}), "slow down"),
    ],
)
def test_what_can_not_be_read_is_typed_and_told(as_, kept, answer, told):
    kept.say("GET", "/vaults", answer)
    html = as_("bob").get(ALL).content.decode()
    assert "The list of vaults could not be read: type the id instead." in html
    assert told in html
    assert 'value="p-1"' in html
    assert "<b>down" not in html


def test_a_failure_is_not_asked_for_again_at_once(as_, kept):
    kept.say("GET", "/vaults", (500, {"message": "down"}))
    as_("bob").get(ALL)
    as_("bob").get(ALL)
    assert len(kept.requests("GET", "/vaults")) == 1
    cache.clear()
    kept.say("GET", "/vaults", page({"vault_id": "v-9"}))
    assert "v-9" in as_("bob").get(ALL).content.decode()


@pytest.mark.parametrize("status", [404, 410])
def test_an_api_without_such_lists_is_no_problem(as_, kept, status):
    kept.say("GET", "/personas", (status, {"message": "gone"}))
    html = as_("bob").get(ALL).content.decode()
    assert '<datalist id="known-personas">' in html
    assert "could not be read" not in html


@pytest.mark.usefixtures("nobody_answers")
def test_an_api_that_is_not_there_delays_no_form(as_):
    began = time.monotonic()
    assert as_("bob").get("/sessions/start/").status_code == 200
    assert time.monotonic() - began < 10
    assert "could not be read" in as_("bob").get(ALL).content.decode()


def test_a_key_that_is_lost_is_told(as_, people, kept):
    make_key(people.bob.workspace, base_url=kept.url, key="not sendable key")
    html = as_("bob").get(ALL).content.decode()
    assert "could not be read" in html
    assert "not sendable key" not in html
    assert kept.asked == []


@pytest.mark.parametrize(("name", "status"), [("alice", 200), ("bob", 200), ("vera", 403), ("nobody", 302)])
def test_who_may_start_may_pick(as_, kept, name, status):
    assert as_(name).get(ALL).status_code == status


@pytest.mark.parametrize("query", ["", "?list=secrets", "?list=../sessions", "?list=vaults&list=vaults"])
def test_only_known_lists_are_asked_for(as_, kept, query):
    assert as_("bob").get(f"/pickers/{query}").status_code == 200
    assert {each.path for each in kept.asked} <= {"/vaults"}


def test_a_known_list_costs_the_queries_of_the_permission_and_of_the_key(as_, kept):
    client = as_("bob")
    client.get(ALL)
    with CaptureQueriesContext(database) as queries:
        client.get(ALL)
    assert len(queries) <= 6
