"""The contract's page in the admin panel: for the staff, asking the API only when told to."""

import copy

import pytest
from django.contrib.auth.models import User
from django.test import Client

from notte_dashboard.notte_api.contract import published, recorded_overrides
from notte_dashboard.presets.kinds import SESSION
from notte_dashboard.presets.services.save import save_preset
from tests.factories import make_user
from tests.ports import refusing_port
from tests.scripted_api import CUT

ADDRESS = "/admin/contract/"


@pytest.fixture
def staff(db):
    def login(**rights):
        client = Client()
        client.force_login(make_user("stan", email="stan@example.com", password="stan-password", **rights))
        return client

    return login


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_staff": True, "is_superuser": True}])
def test_the_staff_sees_version_source_and_fixes_without_asking_the_api(api, staff, rights):
    answer = staff(**rights).get(ADDRESS)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1.4.40" in page
    assert "docs.notte.cc" in page
    assert "2026-05-29" in page
    assert page.count("<code>/components/schemas/") == len(recorded_overrides())
    assert "More than one proxy is not supported yet." in page
    assert api.asked == []
    assert answer["Cache-Control"].startswith("max-age=0")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["alice", "bob", "vera", "eve", None, "inactive"])
def test_nobody_else_does(request, api, staff, method, who):
    if who is None:
        client = Client()
    elif who == "inactive":
        client = staff(is_staff=True, is_superuser=True)
        User.objects.filter(username="stan").update(is_active=False)
    else:
        client = request.getfixturevalue(who).client
    answer = getattr(client, method)(ADDRESS)
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]
    assert api.asked == []


def test_comparing_needs_the_form_s_token(api, staff):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("root", is_staff=True, is_superuser=True))
    assert client.post(ADDRESS).status_code == 403
    assert api.asked == []


def test_the_same_contract_is_told(api, staff):
    api.say("GET", "/openapi.json", published())
    assert "serves exactly the contract in use" in staff(is_staff=True).post(ADDRESS).content.decode()


def test_differences_are_shown_and_hostile_texts_escaped(api, staff, bob):
    document = copy.deepcopy(published())
    document["info"]["version"] = "<script>alert(1)</script>"
    properties = document["components"]["schemas"]["ApiSessionStartRequest"]["properties"]
    properties["<img src=x>"] = {"type": "string", "default": "<b>bold</b>"}
    del properties["headless"]
    save_preset(by=bob.user, workspace=bob.workspace, kind=SESSION, name="Mine", shared=False, request={"headless": True})
    api.say("GET", "/openapi.json", document)
    page = staff(is_staff=True).post(ADDRESS).content.decode()

    assert 'data-change="added"' in page
    assert 'data-change="removed"' in page
    assert "&lt;img src=x&gt;" in page
    assert "1 preset would no longer fit" in page
    assert "Mine" not in page
    for raw in ("<script>alert", "<img src=x>", "<b>bold"):
        assert raw not in page
    assert "authorization" not in api.asked[0].headers


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((404, {"message": "no such page"}), "no such page"),
        (CUT, "did not answer"),
        ({"openapi": "2.0"}, "is not an OpenAPI 3 document"),
        ({"openapi": "3.1.0"}, "lacks the request POST /sessions/start"),
    ],
)
def test_what_goes_wrong_is_explained(api, staff, answer, told):
    api.say("GET", "/openapi.json", answer)
    page = staff(is_staff=True).post(ADDRESS)
    assert page.status_code == 200
    assert told in page.content.decode()


def test_an_api_that_is_not_there_is_explained(settings, staff):
    settings.NOTTE_API_URL = f"http://127.0.0.1:{refusing_port()}"
    assert "cannot be reached" in staff(is_staff=True).post(ADDRESS).content.decode()


def test_the_admin_panel_leads_there(staff):
    assert f'href="{ADDRESS}"' in staff(is_staff=True, is_superuser=True).get("/admin/").content.decode()
