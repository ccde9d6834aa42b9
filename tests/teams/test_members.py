"""Roles, removal, leaving, and that there is always an admin; several workspaces, and links between them."""

import threading

import pytest
from django.db import connections

from notte_dashboard.workspaces.members import LastAdminError, change_role, remove
from notte_dashboard.workspaces.models import Membership, Role
from tests.factories import make_member, make_run, make_user, make_workspace


def membership(person):
    return Membership.objects.filter(user=person.user, workspace=person.workspace).first()


def change(by, person, role):
    return by.client.post(f"/workspace/members/{membership(person).pk}/role/", {"role": role}, follow=True).content.decode()


def test_an_admin_changes_roles_and_they_hold_at_once(alice, vera):
    assert vera.client.get("/sessions/start/").status_code == 403
    assert "vera is now operator" in change(alice, vera, "operator")
    assert vera.client.get("/sessions/start/").status_code == 200
    assert "There is no such role" in change(alice, vera, "owner")
    assert membership(vera).role == "operator"


def test_who_is_removed_is_gone_at_once_and_their_runs_stay(alice, bob):
    run = make_run("session", bob.workspace, bob.user)
    gone = membership(bob).pk
    assert "Remove bob?" in alice.client.get(f"/workspace/members/{gone}/remove/").content.decode()

    alice.client.post(f"/workspace/members/{gone}/remove/")

    assert bob.client.get(f"/sessions/{run.uuid}/").status_code == 404
    assert alice.client.get(f"/sessions/{run.uuid}/").status_code == 200
    assert alice.client.post(f"/workspace/members/{gone}/remove/").status_code == 404


def test_the_last_admin_can_not_go(alice, bob):
    pk = membership(alice).pk
    assert "last admin" in change(alice, alice, "operator")
    assert "last admin" in alice.client.post(f"/workspace/members/{pk}/remove/", follow=True).content.decode()
    assert "last admin" in alice.client.post("/workspace/leave/", follow=True).content.decode()
    assert membership(alice).role == "admin"

    change(alice, bob, "admin")
    assert "You have left Shared" in alice.client.post("/workspace/leave/", follow=True).content.decode()
    assert membership(alice) is None
    assert "last admin" in change(bob, bob, "reviewer")


def test_an_admin_who_is_deactivated_does_not_count(alice, bob):
    change(alice, bob, "admin")
    bob.user.is_active = False
    bob.user.save()
    assert "last admin" in change(alice, alice, "operator")


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_remove_each_other_are_not_both_gone():
    team = make_workspace((make_user(), Role.ADMIN), (make_user(), Role.ADMIN))
    both, start, ends = list(Membership.objects.filter(workspace=team)), threading.Barrier(2), []

    def go(one):
        start.wait()
        try:
            remove(one)
        except LastAdminError:
            ends.append("refused")
        else:
            ends.append("removed")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=[one]) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ends) == ["refused", "removed"]
    assert Membership.objects.get(workspace=team).role == Role.ADMIN


def test_a_role_that_is_held_already_is_no_change(alice):
    change_role(membership(alice), Role.ADMIN)
    assert membership(alice).role == "admin"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_members_costs_the_same_for_one_and_for_three(alice, member, count, django_assert_num_queries):
    for number in range(count):
        member(f"more{number}", Role.OPERATOR)
    # The login session, the user, the memberships, the members, the open invitations.
    with django_assert_num_queries(5):
        assert alice.client.get("/workspace/members/").content.decode().count("data-member=") == count + 1


# --- several workspaces -----------------------------------------------------------------------------------------------------


def test_a_workspace_is_made_renamed_and_switched_to(bob):
    assert bob.client.post("/workspace/new/", {"name": " "}).status_code == 422
    bob.client.post("/workspace/new/", {"name": "Second"})
    assert bob.client.get("/workspace/").context["workspace"].name == "Second"
    assert bob.client.post("/workspace/", {"name": ""}).status_code == 422
    bob.client.post("/workspace/", {"name": "Renamed"})
    assert bob.client.get("/workspace/").context["workspace"].name == "Renamed"

    answer = bob.client.post("/workspace/switch/", {"workspace": str(bob.workspace.uuid), "next": "/agents/"})

    assert answer["Location"] == "/agents/"
    assert bob.client.get("/").context["workspace"] == bob.workspace


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_switching_leads_nowhere_else(bob, back):
    assert bob.client.post("/workspace/switch/", {"workspace": str(bob.workspace.uuid), "next": back})["Location"] == "/"


@pytest.mark.parametrize("wanted", ["", "nonsense", "foreign"])
def test_only_ones_own_can_be_switched_to(bob, eve, wanted):
    wanted = str(eve.workspace.uuid) if wanted == "foreign" else wanted
    assert bob.client.post("/workspace/switch/", {"workspace": wanted}).status_code == 404


@pytest.mark.parametrize("kind", ["session", "agent"])
def test_a_shared_link_leads_into_its_workspace_and_says_so(bob, kind):
    other = make_workspace(name="Other")
    make_member(other, bob.user, Role.REVIEWER)
    run = make_run(kind, other)

    page = bob.client.get(f"/{kind}s/{run.uuid}/")

    assert page.context["workspace"] == other
    assert "You are now in the workspace Other." in page.content.decode()
    assert not page.context["can_operate"]
    assert "You are now" not in bob.client.get(f"/{kind}s/{run.uuid}/").content.decode()
    assert bob.client.get("/").context["workspace"] == other


def test_facts_and_parts_of_a_run_switch_nothing(bob):
    other = make_workspace(name="Other")
    make_member(other, bob.user, Role.REVIEWER)
    run = make_run("session", other)
    assert bob.client.get(f"/sessions/{run.uuid}/", headers={"Accept": "application/json"}).status_code == 200
    assert bob.client.get(f"/sessions/{run.uuid}/viewer/", headers={"HX-Request": "true"}).status_code == 403
    assert bob.client.get("/").context["workspace"] == bob.workspace
