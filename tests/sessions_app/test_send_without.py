"""A service that does not know a field: it is named, and the rest of the request can be sent without it."""

import pytest

from notte_dashboard.schema_forms import secrets
from sessions_app.models import BrowserSession
from sessions_app.services.start import send_start, stored_secrets
from tests.html_forms import RenderedForm, form_data
from tests.presets.requests import SECRET
from tests.scripted_api import session_body

START = ("POST", "/sessions/start")
REQUEST = {"headless": False, "use_file_storage": True, "cdp_url": f"wss://{SECRET}.example", "idle_timeout_minutes": 4}


def unknown(*names):
    reasons = [{"loc": ["body", name], "msg": "Extra inputs are not permitted", "type": "extra_forbidden"} for name in names]
    return (422, {"detail": reasons})


@pytest.fixture
def rejected(bob, upstream):
    def make(*names):
        upstream.say(*START, unknown(*names), session_body())
        request = {name: value for name, value in REQUEST.items() if name != "headless"}
        bob.client.post("/sessions/start/", form_data("session", request, nonce="n"))
        session = BrowserSession.objects.get()
        send_start(session.pk)
        session.refresh_from_db()
        assert session.state == "rejected"
        return session

    return make


def test_the_page_names_the_field_and_offers_to_leave_it_out(bob, rejected):
    session = rejected("use_file_storage")
    html = bob.client.get(session.get_absolute_url()).content.decode()
    assert "Send without" in html
    assert f"/sessions/{session.uuid}/without/?field=use_file_storage" in html
    question = bob.client.get(f"/sessions/{session.uuid}/without/?field=use_file_storage").content.decode()
    assert "use_file_storage" in question
    assert BrowserSession.objects.count() == 1


def test_the_rest_is_sent_with_its_secrets(bob, rejected, upstream):
    session = rejected("use_file_storage")
    answer = bob.client.post(f"/sessions/{session.uuid}/without/?field=use_file_storage")
    new = BrowserSession.objects.exclude(pk=session.pk).get()
    assert answer["Location"] == new.get_absolute_url()
    send_start(new.pk)
    assert upstream.requests(*START)[-1].body == {"cdp_url": REQUEST["cdp_url"], "idle_timeout_minutes": 4}
    assert SECRET not in str(new.request)
    assert secrets.join(new.request, stored_secrets(new))["cdp_url"] == REQUEST["cdp_url"]


def test_asking_twice_is_one_session(bob, rejected):
    session = rejected("use_file_storage")
    for _ in range(2):
        bob.client.post(f"/sessions/{session.uuid}/without/?field=use_file_storage")
    assert BrowserSession.objects.count() == 2


def test_several_fields_go_at_once(bob, rejected, upstream):
    session = rejected("use_file_storage", "idle_timeout_minutes")
    query = "field=use_file_storage&field=idle_timeout_minutes"
    assert query.replace("&", "&amp;") in bob.client.get(session.get_absolute_url()).content.decode()
    bob.client.post(f"/sessions/{session.uuid}/without/?{query}")
    assert BrowserSession.objects.exclude(pk=session.pk).get().request == {"cdp_url": secrets.MARK}


@pytest.mark.parametrize("query", ["", "?field=cdp_url", "?field=nonsense", "?field="])
def test_only_what_the_api_refused_can_be_left_out(bob, rejected, query):
    session = rejected("use_file_storage")
    path = f"/sessions/{session.uuid}/without/{query}"
    assert [bob.client.get(path).status_code, bob.client.post(path).status_code] == [404, 404]


def test_others_may_not(as_, rejected):
    session = rejected("use_file_storage")
    path = f"/sessions/{session.uuid}/without/?field=use_file_storage"
    told = {name: as_(name).post(path).status_code for name in ("vera", "eve", "nobody")}
    assert told == {"vera": 403, "eve": 404, "nobody": 302}
    assert "Send without" not in as_("vera").get(session.get_absolute_url()).content.decode()
    assert BrowserSession.objects.count() == 1


def test_a_session_that_was_not_rejected_offers_nothing(bob, rejected):
    session = rejected("use_file_storage")
    BrowserSession.objects.filter(pk=session.pk).update(state="closed")
    assert bob.client.post(f"/sessions/{session.uuid}/without/?field=use_file_storage").status_code == 404


def test_a_repeat_shows_the_apis_reasons_at_the_fields(bob, rejected):
    session = rejected("use_file_storage")
    answer = bob.client.get(f"/sessions/start/?from={session.uuid}")
    drawn = RenderedForm(answer.content.decode())
    assert answer.status_code == 200
    assert drawn.error_of("use_file_storage") == "Extra inputs are not permitted"
    assert drawn.values["idle_timeout_minutes"] == "4"
    assert SECRET not in answer.content.decode()
