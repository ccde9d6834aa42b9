"""A service that does not know a field: it is named, and the rest of the request can be sent without it."""

import pytest

from notte_dashboard.schema_forms import secrets
from sessions_app.services.start import stored_secrets
from tests.factories import make_session
from tests.html_forms import RenderedForm, form_data
from tests.presets.requests import SECRET

REQUESTS = {
    "session": {"use_file_storage": True, "idle_timeout_minutes": 4, "cdp_url": f"wss://{SECRET}.example"},
    "agent": {"use_vision": False, "max_steps": 4, "url": f"https://joe:{SECRET}@site.example/", "task": "Look"},
}
UNKNOWN = {"session": ["use_file_storage", "idle_timeout_minutes"], "agent": ["use_vision", "max_steps"]}
SECRET_FIELD = {"session": "cdp_url", "agent": "url"}


@pytest.fixture
def request_body(run_kind):
    return REQUESTS[run_kind.name]


@pytest.fixture
def fields(run_kind):
    """Those of the request that the API does not know."""
    return UNKNOWN[run_kind.name]


@pytest.fixture
def reject(bob, run_kind, request_body, upstream):
    """Starts a run from the form; the API refuses the fields of these names, and would take another start."""

    def start_and_send(*names):
        reasons = [{"loc": ["body", name], "msg": "Extra inputs are not permitted", "type": "extra_forbidden"} for name in names]
        upstream.say(*run_kind.api_start, (422, {"detail": reasons}), run_kind.body())
        more = {"nonce": "n"}
        if run_kind.name == "agent":
            more["session_id"] = make_session(bob.workspace, bob.user, session_id="s-1").session_id
        bob.client.post(run_kind.start_page, form_data(run_kind.name, request_body, **more))
        run = run_kind.model.objects.get()
        run_kind.send_start(run.pk)
        run.refresh_from_db()
        assert run.state == "rejected"
        return run

    return start_and_send


def without(run, *fields):
    return f"{run.get_absolute_url()}without/?" + "&".join(f"field={field}" for field in fields)


def test_the_page_names_the_field_and_offers_to_leave_it_out(bob, run_kind, fields, reject):
    run = reject(fields[0])
    html = bob.client.get(run.get_absolute_url()).content.decode()
    assert "Send without" in html
    assert without(run, fields[0]) in html
    question = bob.client.get(without(run, fields[0])).content.decode()
    assert fields[0] in question
    assert run_kind.model.objects.count() == 1


def test_the_rest_is_sent_with_its_secrets(bob, run_kind, request_body, fields, reject, upstream):
    run = reject(fields[0])
    answer = bob.client.post(without(run, fields[0]))
    new = run_kind.model.objects.exclude(pk=run.pk).get()
    assert answer["Location"] == new.get_absolute_url()
    run_kind.send_start(new.pk)
    rest = {name: value for name, value in request_body.items() if name != fields[0]}
    assert upstream.requests(*run_kind.api_start)[-1].body == rest | run_kind.sent_with
    assert SECRET not in str(new.request)
    assert secrets.join(new.request, stored_secrets(new)) == rest


def test_asking_twice_is_one_run(bob, run_kind, fields, reject):
    run = reject(fields[0])
    for _ in range(2):
        bob.client.post(without(run, fields[0]))
    assert run_kind.model.objects.count() == 2


def test_several_fields_go_at_once(bob, run_kind, request_body, fields, reject):
    run = reject(*fields)
    assert without(run, *fields).replace("&", "&amp;") in bob.client.get(run.get_absolute_url()).content.decode()
    bob.client.post(without(run, *fields))
    new = run_kind.model.objects.exclude(pk=run.pk).get()
    left = {name: value for name, value in request_body.items() if name not in fields}
    assert new.request == left | {SECRET_FIELD[run_kind.name]: secrets.MARK}


@pytest.mark.parametrize("names", [[], ["the secret one"], ["nonsense"], [""]])
def test_only_what_the_api_refused_can_be_left_out(bob, run_kind, fields, reject, names):
    path = without(reject(fields[0]), *[SECRET_FIELD[run_kind.name] if name == "the secret one" else name for name in names])
    assert [bob.client.get(path).status_code, bob.client.post(path).status_code] == [404, 404]


def test_others_may_not(as_, run_kind, fields, reject):
    run = reject(fields[0])
    statuses = {name: as_(name).post(without(run, fields[0])).status_code for name in ("vera", "eve", "nobody")}
    assert statuses == {"vera": 403, "eve": 404, "nobody": 302}
    assert "Send without" not in as_("vera").get(run.get_absolute_url()).content.decode()
    assert run_kind.model.objects.count() == 1


def test_what_was_not_rejected_offers_nothing(bob, run_kind, fields, reject):
    run = reject(fields[0])
    run_kind.model.objects.filter(pk=run.pk).update(state="closed")
    assert bob.client.post(without(run, fields[0])).status_code == 404


def test_a_repeat_shows_the_apis_reasons_at_the_fields(bob, run_kind, fields, reject):
    answer = bob.client.get(run_kind.start_page, {"from": reject(fields[0]).uuid})
    html = answer.content.decode()
    form = RenderedForm(html)
    assert answer.status_code == 200
    assert form.error_of(fields[0]) == "Extra inputs are not permitted"
    assert form.values[fields[1]] == "4"
    assert form.values.get("task", "") == REQUESTS[run_kind.name].get("task", "")
    assert SECRET not in html
