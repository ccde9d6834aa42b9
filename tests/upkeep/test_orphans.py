"""Sessions that live at the API and that nobody here started: found, adopted or stopped; never taken from a start of ours."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.utils import timezone

from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.upkeep.models import KeyHealth, Orphan
from notte_dashboard.upkeep.orphans.adopt import GoneError, adopt
from notte_dashboard.upkeep.orphans.find import find_orphans
from notte_dashboard.upkeep.orphans.listing import left_idle, orphans_for
from notte_dashboard.upkeep.orphans.stop import send_stop, stop_orphan, unsent
from sessions_app.models import BrowserSession
from tests.factories import make_agent, make_key, make_session, make_workspace
from tests.scripted_api import CUT, list_page, session_body

pytestmark = pytest.mark.django_db
LIST = ("GET", "/sessions")


@pytest.fixture
def key(upstream, workspace):
    return make_key(workspace, base_url=upstream.url, key="workspace-key-0001")


def alive(session_id="s-7", minutes=12.5, **fields):
    created = timezone.now() - timedelta(minutes=minutes)
    return session_body(session_id, **{"created_at": created.isoformat(), **fields})


def found(upstream, *bodies, more=False):
    upstream.say(*LIST, list_page(*bodies, more=more))
    find_orphans()
    return {(each.session_id, each.api_key_id) for each in Orphan.objects.filter(gone_at=None)}


def test_what_no_row_knows_is_an_orphan_of_its_key_and_of_the_environments(upstream, key, bob):
    make_session(bob.workspace, bob.user, session_id="s-1")
    make_session(bob.workspace, bob.user, state="closed", session_id="s-2")
    assert found(upstream, alive("s-1"), alive("s-2"), alive("s-7")) == {("s-7", key.pk), ("s-7", None)}
    orphan = Orphan.objects.get(api_key=key)
    assert (orphan.workspace, orphan.browser_type, orphan.idle_timeout_minutes) == (bob.workspace, "chromium", 4)
    assert orphan.browser_minutes == 13
    assert all("only_active=true" in asked.query.lower() for asked in upstream.asked)
    assert {asked.headers["authorization"] for asked in upstream.asked} >= {"Bearer workspace-key-0001"}
    health = KeyHealth.objects.get(api_key=key)
    assert (health.problem, health.active_sessions, health.base_url) == ("", 3, upstream.url)


@pytest.mark.parametrize("state", ["sending", "unknown"])
def test_a_start_without_an_answer_keeps_its_session(upstream, bob, state):
    """Reconciling owns these: adopting one would make it ours twice."""
    sent = timezone.now() - timedelta(minutes=5)
    start = make_session(bob.workspace, bob.user, state=state, sent_at=sent)
    bodies = alive("before", minutes=6), alive("its", minutes=4.9), alive("after", minutes=2), alive("undated", created_at=None)
    assert found(upstream, *bodies) == {("before", None), ("after", None)}
    BrowserSession.objects.filter(pk=start.pk).update(state="not_started")
    assert found(upstream, *bodies) == {("before", None), ("after", None), ("its", None), ("undated", None)}


def test_a_session_that_has_just_been_born_is_left_alone(upstream, workspace):
    assert found(upstream, alive("young", minutes=0.2)) == set()


def test_an_orphan_that_turns_out_to_be_ours_is_none(upstream, bob):
    found(upstream, alive())
    make_session(bob.workspace, bob.user, session_id="s-7")
    assert found(upstream, alive()) == set()
    assert Orphan.objects.get().outcome == "known"


def test_an_orphan_that_is_no_longer_listed_has_ended_but_only_a_whole_list_says_so(upstream, workspace):
    found(upstream, alive("a"), alive("b"))
    assert found(upstream, alive("a"), more=True) == {("a", None), ("b", None)}
    assert found(upstream, alive("a")) == {("a", None)}
    assert Orphan.objects.get(session_id="b").outcome == "ended"
    assert found(upstream, alive("a"), alive("b")) == {("a", None), ("b", None)}


@pytest.mark.parametrize("answer", [(500, {}), (401, {"detail": "no"}), CUT])
def test_a_list_that_fails_ends_nothing_and_shows_in_the_keys_health(upstream, workspace, answer):
    found(upstream, alive())
    upstream.say(*LIST, answer)
    find_orphans()
    assert Orphan.objects.get().gone_at is None
    health = KeyHealth.objects.get(name="environment")
    assert health.problem
    assert health.answered_at < health.checked_at


def test_a_key_that_cannot_be_used_does_not_keep_the_others_from_being_asked(upstream, workspace, settings):
    make_key(workspace, base_url=upstream.url, key="lost-key-000000001")
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert found(upstream, alive()) == {("s-7", None)}
    assert KeyHealth.objects.exclude(api_key=None).get().problem == "key_lost"


def test_an_adopted_orphan_is_a_session_of_the_workspace_that_is_watched(upstream, key, alice):
    found(upstream, alive())
    orphan = Orphan.objects.get(api_key=key)
    session = adopt(orphan, by=alice.user, workspace=alice.workspace)
    session.refresh_from_db()
    assert (session.state, session.session_id, session.api_key, session.started_by) == ("active", "s-7", key, alice.user)
    assert session.lease_until is None
    assert {each.outcome for each in Orphan.objects.all()} == {"adopted"}
    assert AuditEntry.objects.get(action="run.adopted").target_id == str(session.uuid)
    assert found(upstream, alive()) == set()


def test_a_session_is_adopted_once(upstream, key, alice, eve):
    found(upstream, alive())
    for orphan in (Orphan.objects.get(api_key=key), Orphan.objects.get(api_key=None)):
        stale = Orphan.objects.get(pk=orphan.pk)
        if orphan.api_key:
            adopt(orphan, by=alice.user, workspace=alice.workspace)
        with pytest.raises(GoneError):
            adopt(stale, by=eve.user, workspace=eve.workspace)
    assert BrowserSession.objects.filter(session_id="s-7").count() == 1


def test_a_stop_is_sent_with_the_orphans_own_key_until_it_is_over(upstream, key, alice):
    found(upstream, alive())
    orphan = Orphan.objects.get(api_key=key)
    stop_orphan(orphan, by=alice.user)
    stop_orphan(orphan, by=alice.user)
    upstream.say("DELETE", "/sessions/s-7/stop", (401, {"detail": "not now"}), session_body("s-7", status="closed"))
    send_stop(orphan.pk)
    orphan.refresh_from_db()
    assert (orphan.state, bool(orphan.problem), unsent()) == ("stopping", True, [orphan.pk])
    send_stop(orphan.pk)
    orphan.refresh_from_db()
    assert (orphan.state, orphan.problem, orphan.stop_requested_by, unsent()) == ("stopped", "", alice.user, [])
    assert {asked.headers["authorization"] for asked in upstream.requests("DELETE", "/sessions/s-7/stop")} == {
        "Bearer workspace-key-0001"
    }
    assert AuditEntry.objects.filter(action="run.stopped").count() == 1


def test_what_the_environments_key_shows_is_for_superusers(upstream, key, alice):
    found(upstream, alive())
    assert {each.api_key for each in orphans_for(alice.user, alice.workspace)} == {key}
    alice.user.is_superuser = True
    assert {each.api_key for each in orphans_for(alice.user, alice.workspace)} == {key, None}
    assert not orphans_for(alice.user, make_workspace(name="Other")).exclude(api_key=None).exists()


def test_a_session_nobody_uses_is_left_idle(bob):
    ago = timezone.now() - timedelta(minutes=30)
    idle = make_session(bob.workspace, bob.user, last_accessed_at=ago)
    never_used = make_session(bob.workspace, bob.user, active_at=ago)
    make_session(bob.workspace, bob.user, last_accessed_at=timezone.now(), active_at=ago)
    make_session(bob.workspace, bob.user, last_accessed_at=ago, viewed_at=timezone.now())
    make_session(bob.workspace, bob.user, state="closed", last_accessed_at=ago)
    make_agent(make_session(bob.workspace, bob.user, last_accessed_at=ago), bob.user)
    assert set(left_idle(bob.workspace)) == {idle, never_used}
