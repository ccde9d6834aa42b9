"""One driver at a time, seen by everybody, and never longer than its page, its login, its role and its session last."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agents_app.models import AgentRun
from notte_dashboard.workspaces.models import Membership, Role
from sessions_app.models import BrowserSession, Drive
from sessions_app.services import drive, store
from tests.factories import make_agent, make_session
from tests.scripted_api import session_body

ORIGIN = "http://127.0.0.1:8001"
WATCHING, ACTING = "watch-token", "control-token"


@pytest.fixture
def session(bob, settings, upstream):
    settings.LOCAL_VIEWER_ORIGINS = settings.NOTTE_VIEWER_ORIGINS = [ORIGIN]
    address = f"{ORIGIN}/viewer/?session=s-1&token={WATCHING}&control={ACTING}"
    upstream.say("GET", "/sessions/s-1", session_body("s-1", viewer_url=address))
    return make_session(bob.workspace, bob.user, session_id="s-1")


def take(person, session, instead_of=""):
    """The drive, or what was said instead."""
    query = f"?instead_of={instead_of}" if instead_of else ""
    answer = person.client.post(f"/sessions/{session.uuid}/drive/{query}", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    told = json.loads(answer["HX-Trigger"])
    return told["drive-taken"]["drive"] if "drive-taken" in told else told["toast"]["text"]


def frame(person, session, mine=""):
    query = f"?drive={mine}" if mine else ""
    return person.client.get(f"/sessions/{session.uuid}/viewer/{query}", headers={"HX-Request": "true"}).content.decode()


def end_of(mine):
    over = Drive.objects.get(uuid=mine)
    return over.reason if over.given_back_at else None


def test_only_the_driver_gets_the_interactive_address_and_the_token_to_act(bob, alice, session):
    assert "interactive=0" in frame(bob, session)
    mine = take(bob, session)
    assert "interactive=1" in frame(bob, session, mine)
    assert ACTING in frame(bob, session, mine)
    for html in (
        frame(bob, session),
        frame(bob, session, "nonsense"),
        frame(alice, session, mine),
        frame(bob, session, session.uuid),
    ):
        assert "interactive=0" in html
        assert WATCHING in html
        assert ACTING not in html
        assert "data-drives" not in html


def test_a_second_driver_is_told_who_was_faster_and_may_take_over(bob, alice, session):
    first = take(bob, session)
    assert take(alice, session) == "bob was faster and drives now."
    second = take(alice, session, instead_of=first)
    assert UUID(second)
    assert end_of(first) == "taken_over"
    assert "interactive=0" in frame(bob, session, first)
    assert bob.client.post(f"/sessions/{session.uuid}/drive/keep/", {"drive": first}).status_code == 410
    # What bob's page showed is no longer so: alice is not thrown out by a click on an old page.
    assert take(bob, session, instead_of=first) == "alice was faster and drives now."
    assert take(alice, session) != second
    assert end_of(second) == "elsewhere"


def test_the_database_itself_holds_one_driver(bob, alice, session):
    take(bob, session)
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Drive.objects.create(session=session, driver=alice.user, taken_at=now, lease_until=now)


def test_a_drive_is_kept_while_its_page_says_so_and_over_when_it_does_not(bob, alice, session):
    mine = take(bob, session)
    Drive.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
    assert bob.client.post(f"/sessions/{session.uuid}/drive/keep/", {"drive": mine}).status_code == 204
    assert Drive.objects.get().lease_until > timezone.now() + timedelta(seconds=20)
    assert alice.client.post(f"/sessions/{session.uuid}/drive/keep/", {"drive": mine}).status_code == 410
    drive.tidy()
    assert end_of(mine) is None
    Drive.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert "interactive=0" in frame(bob, session, mine)
    assert bob.client.post(f"/sessions/{session.uuid}/drive/keep/", {"drive": mine}).status_code == 410
    drive.tidy()
    assert end_of(mine) == "left"
    assert Drive.objects.get().given_back_at == Drive.objects.get().lease_until
    assert UUID(take(alice, session))


@pytest.mark.parametrize(("sent", "reason"), [({}, "gave_back"), ({"left": "yes"}, "left")])
def test_it_is_given_back_by_its_driver_only(bob, alice, session, sent, reason):
    mine = take(bob, session)
    where = f"/sessions/{session.uuid}/drive/back/"
    assert alice.client.post(where, {"drive": mine, **sent}).status_code == 204
    assert end_of(mine) is None
    bob.client.post(where, {"drive": mine, **sent})
    bob.client.post(where, {"drive": mine})
    assert end_of(mine) == reason


def test_signing_out_gives_it_back_but_not_from_another_login(bob, session):
    mine = take(bob, session)
    other = type(bob.client)()
    other.force_login(bob.user)
    other.logout()
    assert end_of(mine) is None
    bob.client.logout()
    assert end_of(mine) == "signed_out"


@pytest.mark.parametrize("how", ["reviewer", "removed", "inactive"])
def test_whoever_loses_the_role_no_longer_drives(bob, session, how):
    mine = take(bob, session)
    membership = Membership.objects.filter(user=bob.user, workspace=bob.workspace)
    if how == "reviewer":
        membership.update(role=Role.REVIEWER)
    elif how == "removed":
        membership.delete()
    else:
        type(bob.user).objects.update(is_active=False)
    assert ACTING not in frame(bob, session, mine)
    drive.tidy()
    assert end_of(mine) == "not_allowed"


def test_it_ends_with_the_session(bob, session):
    mine = take(bob, session)
    BrowserSession.objects.update(state="closed", ended_at=timezone.now())
    store.announce_state(session)
    assert end_of(mine) == "session_ended"
    assert take(bob, session) == "The browser has ended: there is nothing to drive."


@pytest.mark.parametrize("where", ["", "keep/", "back/"])
def test_reviewers_and_strangers_do_not_drive_and_a_get_changes_nothing(as_, session, where):
    path = f"/sessions/{session.uuid}/drive/{where}"
    allowed = 204 if where == "back/" else 403  # giving back what one does not have
    assert [as_(name).post(path).status_code for name in ("vera", "eve", "nobody")] == [allowed, 404, 302]
    assert as_("bob").get(path).status_code == 405
    assert Drive.objects.count() == 0


def test_everybody_sees_who_drives_and_who_drove(bob, vera, alice, session):
    agent = make_agent(session, bob.user)
    mine = take(bob, session)
    for page in (f"/sessions/{session.uuid}/", f"/agents/{agent.uuid}/"):
        html = alice.client.get(page).content.decode()
        assert f'data-drive="{mine}"' in html
        assert "<strong>bob</strong> drives since" in html
        assert f"/drive/?instead_of={mine}" in html
        reviewers = vera.client.get(page).content.decode()
        assert "<strong>bob</strong> drives since" in reviewers
        assert "/drive/" not in reviewers
    bob.client.post(f"/sessions/{session.uuid}/drive/back/", {"drive": mine})
    html = alice.client.get(f"/sessions/{session.uuid}/").content.decode()
    assert "Driven by hand" in html
    assert "; gave it back" in html
    (told,) = alice.client.get(f"/sessions/{session.uuid}/", headers={"Accept": "application/json"}).json()["drives"]
    assert (told["driver"], told["reason"]) == ("bob", "gave_back")


def test_open_pages_are_told(bob, session, committed, monkeypatch):
    agent, over = make_agent(session, bob.user), make_agent(session, bob.user, "closed")
    heard = []
    monkeypatch.setattr("sessions_app.services.drive.announce_after_commit", heard.append)
    monkeypatch.setattr("agents_app.services.drive.announce_after_commit", heard.append)
    take(bob, session)
    assert heard == [session, agent]
    assert over in AgentRun.objects.all()


def test_the_picture_has_a_window_of_its_own(bob, vera, eve, session, upstream):
    html = bob.client.get(f"/sessions/{session.uuid}/viewer/?window").content.decode()
    assert f'hx-get="/sessions/{session.uuid}/viewer/"' in html
    assert f'src="/ws/sessions/{session.uuid}/"' in html
    assert WATCHING not in html
    assert upstream.asked == []
    agent = make_agent(session, bob.user)
    assert WATCHING in bob.client.get(f"/agents/{agent.uuid}/viewer/", headers={"HX-Request": "true"}).content.decode()
    assert [person.client.get(f"/agents/{agent.uuid}/viewer/").status_code for person in (bob, vera, eve)] == [200, 403, 404]
