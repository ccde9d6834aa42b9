"""Limits of a workspace and of a member: shown before they bite, told when they do, and never passed by two at once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connections

from agents_app.models import AgentRun
from notte_dashboard.runs.limits import LimitError
from notte_dashboard.workspaces.models import Membership, Role, Workspace
from sessions_app.models import BrowserSession
from sessions_app.services.start import start_session
from tests.factories import make_agent, make_session, make_user, make_workspace


def limit(person, *, own=False, **limits):
    rows = Membership.objects.filter(user=person.user) if own else Workspace.objects
    rows.filter(**({"workspace": person.workspace} if own else {"pk": person.workspace.pk})).update(**limits)


def start(person, kind="session", **data):
    data = {"task": "Look"} | data if kind == "agent" else data
    return person.client.post(f"/{kind}s/start/", data)


@pytest.mark.parametrize("own", [True, False])
def test_sessions_at_once(bob, alice, own):
    limit(bob, own=own, concurrent_sessions=2)
    make_session(bob.workspace, bob.user)
    make_session(bob.workspace, bob.user, "closed")
    page = bob.client.get("/sessions/start/").content.decode()
    assert "1 of 2 used, 1 left" in page

    assert start(bob, nonce="one").status_code == 302
    refused = start(bob, nonce="two")

    assert refused.status_code == 422
    whose = "for you" if own else "in this workspace"
    assert f"The limit of 2 sessions at once {whose} is reached: 2 in use, none left." in refused.content.decode()
    assert BrowserSession.objects.filter(workspace=bob.workspace).count() == 3
    assert start(alice).status_code == (302 if own else 422)


def test_agents_at_once_and_the_session_that_one_would_bring(bob):
    limit(bob, concurrent_agents=1)
    make_agent(make_session(bob.workspace, bob.user), bob.user, "closed")
    assert start(bob, "agent", nonce="one").status_code == 302
    before = BrowserSession.objects.count()
    refused = start(bob, "agent", nonce="two")
    assert (refused.status_code, BrowserSession.objects.count()) == (422, before)
    assert "1 agents at once in this workspace" in refused.content.decode()
    limit(bob, concurrent_agents=None, concurrent_sessions=0)
    assert "sessions at once" in start(bob, "agent", nonce="three").content.decode()
    assert AgentRun.objects.filter(workspace=bob.workspace).count() == 2


def test_the_same_form_again_is_no_second_start(bob):
    limit(bob, concurrent_sessions=1)
    first, again = start(bob, nonce="same"), start(bob, nonce="same")
    assert first["Location"] == again["Location"]


def test_minutes_since_midnight(bob):
    limit(bob, minutes_a_day=10)
    now = datetime(2026, 5, 20, 12, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        make_session(bob.workspace, bob.user, "closed", active_at=now - timedelta(seconds=61), ended_at=now)
        make_session(bob.workspace, bob.user, "closed", active_at=now - timedelta(days=1), ended_at=now - timedelta(hours=13))
        midnight = now - timedelta(hours=12)
        make_session(
            bob.workspace, bob.user, "closed", active_at=midnight - timedelta(hours=1), ended_at=midnight + timedelta(minutes=3)
        )
        bob.client.force_login(bob.user)
        assert "5 of 10 used, 5 left" in bob.client.get("/workspace/limits/").content.decode()
        make_session(bob.workspace, bob.user, active_at=now - timedelta(minutes=5))
        assert "browser minutes today in this workspace is reached: 10 in use" in start(bob).content.decode()


def test_the_longest_session(bob):
    limit(bob, longest_minutes=30)
    limit(bob, own=True, longest_minutes=10)
    assert "A session may last 10 minutes at most." in bob.client.get("/sessions/start/").content.decode()

    refused = start(bob, max_duration_minutes="11")
    assert refused.context["form"].errors["max_duration_minutes"] == ["A session here may last 10 minutes at most."]
    start(bob, max_duration_minutes="9", nonce="one")
    start(bob, nonce="two")

    assert [each.request.get("max_duration_minutes") for each in BrowserSession.objects.order_by("pk")] == [9, 10]


def test_without_limits_nothing_is_shown_or_added(bob):
    assert 'aria-label="Limits"' not in bob.client.get("/sessions/start/").content.decode()
    start(bob)
    assert BrowserSession.objects.get().request == {}


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_do_not_both_take_the_last_place():
    one, two = make_user(), make_user()
    team = make_workspace((one, Role.OPERATOR), (two, Role.OPERATOR))
    Workspace.objects.filter(pk=team.pk).update(concurrent_sessions=1)
    barrier, ends = threading.Barrier(2), []

    def go(person):
        barrier.wait()
        try:
            start_session(by=person, workspace=team, request={}, nonce="n")
        except LimitError:
            ends.append("refused")
        else:
            ends.append("started")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=[each]) for each in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["refused", "started"]
    assert BrowserSession.objects.count() == 1


def test_admins_set_them_and_members_see_them(alice, bob):
    pk = Membership.objects.get(user=bob.user, workspace=bob.workspace).pk
    assert alice.client.post("/workspace/limits/", {"concurrent_sessions": "-1"}).status_code == 422
    alice.client.post("/workspace/limits/", {"concurrent_sessions": "3", "longest_minutes": "20"})
    alice.client.post(f"/workspace/members/{pk}/limits/", {"concurrent_agents": "1"})
    page = bob.client.get("/workspace/limits/").content.decode()
    assert "0 of 3 used, 3 left" in page
    assert "0 of 1 used, 1 left" in page
    assert "A session may last 20 minutes at most." in page
    assert "Save" not in page
    alice.client.post("/workspace/limits/", {"concurrent_sessions": ""})
    assert Workspace.objects.get(pk=alice.workspace.pk).concurrent_sessions is None
