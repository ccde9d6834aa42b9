"""Every person on every where: own, foreign, missing."""

from uuid import uuid4

import pytest
from django.test import Client

from sessions_app.models import BrowserSession
from tests.factories import make_run, record_run_steps
from tests.pictures import PIXEL
from tests.step_items import agent_step_items

KINDS = ["session", "agent"]
MEMBERS, EVERYBODY = ["alice", "bob", "vera"], ["alice", "bob", "vera", "eve"]
OF_A_RUN = [(kind, where) for kind in KINDS for where in ("", "stop/", "screenshots/2/")] + [(kind, "viewer/") for kind in KINDS]
WHOLE = ["/", "/sessions/", "/agents/", "/sessions/start/", "/agents/start/", "/notices/"]


def address(kind, uuid, where=""):
    return f"/{kind}s/{uuid}/{where}"


@pytest.fixture
def run_of(bob):
    def make(kind):
        return record_run_steps(make_run(kind, bob.workspace, bob.user), agent_step_items(1, picture=PIXEL))

    return make


@pytest.mark.parametrize("where", ["/", "/sessions/", "/agents/"])
@pytest.mark.parametrize("name", EVERYBODY)
def test_who_is_signed_in_reads_the_pages_of_their_workspace(as_, name, where):
    assert as_(name).get(where).status_code == 200


@pytest.mark.parametrize(("kind", "where"), [each for each in OF_A_RUN if each[1] in {"", "screenshots/2/"}])
@pytest.mark.parametrize("name", MEMBERS)
def test_members_see_runs_and_their_pictures(as_, run_of, name, kind, where):
    answer = as_(name).get(address(kind, run_of(kind).uuid, where))
    answer.close()
    assert answer.status_code == 200


@pytest.mark.parametrize(("kind", "where"), OF_A_RUN)
@pytest.mark.parametrize("name", EVERYBODY)
def test_a_foreign_run_answers_like_one_that_does_not_exist(as_, people, run_of, name, kind, where):
    foreign = run_of(kind) if name == "eve" else make_run(kind, people.eve.workspace, people.eve.user)
    client = as_(name)
    told = [client.get(address(kind, uuid, where)) for uuid in (foreign.uuid, uuid4())]
    assert [answer.status_code for answer in told] == [404, 404]
    assert _bare(told[0], foreign.uuid) == _bare(told[1], told[1].request["PATH_INFO"].split("/")[2])


def _bare(answer, uuid):
    return answer.content.decode().replace(str(uuid), "").replace(str(answer.context.get("csrf_token", "")), "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_foreign_run_can_not_be_stopped(as_, run_of, kind):
    run = run_of(kind)
    assert as_("eve").post(address(kind, run.uuid, "stop/")).status_code == 404
    run.refresh_from_db()
    assert (run.state, run.stop_requested_at) == ("active", None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_reviewers_neither_start_nor_stop(as_, run_of, kind, method):
    run = run_of(kind)
    before = BrowserSession.objects.count()
    vera = as_("vera")
    for where in (f"/{kind}s/start/", address(kind, run.uuid, "stop/")):
        assert getattr(vera, method)(where).status_code == 403
    run.refresh_from_db()
    assert (run.state, BrowserSession.objects.count()) == ("active", before)


def test_reviewers_get_no_viewer_address_and_the_api_is_not_asked(as_, run_of, upstream):
    answer = as_("vera").get(address("session", run_of("session").uuid, "viewer/"))
    assert (answer.status_code, upstream.asked) == (403, [])


def test_the_viewer_slot_of_a_reviewer_is_a_part_and_not_a_page(as_, run_of):
    """It is swapped into the page: a whole error page in it would repeat the navigation."""
    answer = as_("vera").get(address("session", run_of("session").uuid, "viewer/"), headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "reviewer" in answer.content.decode().lower()


@pytest.mark.parametrize("kind", KINDS)
def test_reviewers_see_no_buttons_that_start_or_stop(as_, run_of, kind):
    run = run_of(kind)
    vera, bob = as_("vera"), as_("bob")
    for where in ("/", f"/{kind}s/", address(kind, run.uuid)):
        html = vera.get(where).content.decode()
        assert "/start/" not in html
        assert "/stop/" not in html
    assert "/stop/" in bob.get(address(kind, run.uuid)).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_signed_out_are_sent_to_the_login(as_, run_of, method):
    nobody = as_("nobody")
    pages = [*WHOLE, *(address(kind, run_of(kind).uuid, where) for kind, where in OF_A_RUN)]
    for where in pages:
        answer = getattr(nobody, method)(where)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/"), where


def test_an_htmx_request_of_the_signed_out_makes_the_page_go_to_the_login(as_):
    answer = as_("nobody").get("/notices/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["HX-Redirect"].startswith("/accounts/login/")


@pytest.mark.parametrize("kind", KINDS)
def test_a_deactivated_member_is_signed_out_at_once(bob, run_of, kind):
    run = run_of(kind)
    bob.user.is_active = False
    bob.user.save()
    assert bob.client.get(address(kind, run.uuid)).status_code == 302


@pytest.mark.parametrize("where", ["/sessions/start/", "/agents/start/", "stop"])
def test_a_post_without_the_csrf_token_does_nothing(bob, run_of, where):
    run = run_of("session")
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(bob.user)
    path = address("session", run.uuid, "stop/") if where == "stop" else where
    before = BrowserSession.objects.count()
    assert careful.post(path, {"task": "x"}).status_code == 403
    run.refresh_from_db()
    assert (run.state, BrowserSession.objects.count()) == ("active", before)


@pytest.mark.parametrize("path", ["/sessions/not-a-uuid/", "/sessions/1/", "/agents/1/", "/live/1/"])
def test_what_is_no_address_is_not_found(bob, path):
    assert bob.client.get(path).status_code == 404


@pytest.mark.parametrize("seq", [0, 1, 99, 10**30])
def test_a_picture_that_is_not_there_is_not_found(bob, run_of, seq):
    assert bob.client.get(address("session", run_of("session").uuid, f"screenshots/{seq}/")).status_code == 404


def test_after_the_login_the_page_comes_back_and_not_the_part_that_was_asked_for(as_):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/sessions/?q=x"}
    answer = as_("nobody").get("/notices/", headers=headers)
    assert answer["HX-Redirect"] == "/accounts/login/?next=%2Fsessions%2F%3Fq%3Dx"
    assert "HX-Request" in answer["Vary"]
    headers["HX-Current-URL"] = "https://evil.example/"
    assert "evil" not in as_("nobody").get("/notices/", headers=headers)["HX-Redirect"]
