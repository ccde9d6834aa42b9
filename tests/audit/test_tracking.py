"""Changes of workspaces, members, invitations, keys and accounts are told of, whoever makes them."""

import pytest
from django.utils import timezone

from notte_dashboard.audit.models import AuditEntry
from notte_dashboard.workspaces import invitations, keys, members
from notte_dashboard.workspaces.models import ApiKey, Membership, Role

pytestmark = pytest.mark.django_db
SECRET = "sk-tracked-0123456789"


def told(workspace):
    found = AuditEntry.objects.filter(workspace=workspace.pk).order_by("pk")
    return [(entry.action, entry.before, entry.after) for entry in found]


@pytest.fixture
def since(alice, bob, workspace):
    """What is told of the workspace after it was set up."""
    before = len(told(workspace))
    return lambda: told(workspace)[before:]


def test_a_role_a_limit_and_the_end_of_a_membership(bob, since):
    membership = Membership.objects.get(user=bob.user, workspace=bob.workspace)
    members.change_role(membership, Role.REVIEWER)
    membership.refresh_from_db()
    membership.save()
    membership.concurrent_sessions = 2
    membership.save()
    members.remove(membership)
    assert [(action, before.get("role"), after) for action, before, after in since()] == [
        ("member.role_changed", "operator", {"role": "reviewer"}),
        ("limits.changed", None, {"concurrent_sessions": 2}),
        ("member.removed", "reviewer", {}),
    ]


def test_who_leaves_has_left(bob, since):
    bob.client.post("/workspace/leave/")
    assert [action for action, _, _ in since()] == ["member.left"]
    assert AuditEntry.objects.get(action="member.left").actor == bob.user


def test_keys_without_their_secret(alice, since):
    key = keys.add_key(by=alice.user, workspace=alice.workspace, base_url="https://a.example", secret=SECRET, personal=False)
    ApiKey.objects.get(pk=key.pk).save()
    key = ApiKey.objects.get(pk=key.pk)
    key.base_url = "https://b.example"
    key.save()
    assert keys.revoke(key)
    assert not keys.revoke(key)
    actions = since()
    assert [action for action, _, _ in actions] == ["key.added", "key.changed", "key.revoked"]
    assert actions[0][2] == {"base_url": "https://a.example", "last4": "6789", "owner_id": None, "revoked_at": None}
    assert actions[1][1:] == (
        {"base_url": "https://a.example", "last4": "6789"}, {"base_url": "https://b.example", "last4": ""}
    )  # fmt: skip
    assert SECRET not in str(list(AuditEntry.objects.values()))


def test_an_invitation_without_its_link(alice, since):
    made = invitations.invite(by=alice.user, workspace=alice.workspace, role=Role.OPERATOR, email="x@example.com")
    renewed = invitations.renew(made.invitation)
    assert invitations.revoke(made.invitation)
    assert [action for action, _, _ in since()] == ["member.invited", "member.invited", "member.invitation_revoked"]
    stored = str(list(AuditEntry.objects.values()))
    assert made.token not in stored
    assert renewed.token not in stored


def test_the_workspaces_name_and_limits_are_two_things(alice, workspace, since):
    workspace.name, workspace.minutes_a_day = "Renamed", 60
    workspace.save()
    assert since() == [
        ("workspace.changed", {"name": "Shared"}, {"name": "Renamed"}),
        ("limits.changed", {"minutes_a_day": None}, {"minutes_a_day": 60}),
    ]


def test_an_account_that_is_deactivated_or_promoted(bob):
    before = AuditEntry.objects.count()
    bob.user.is_active, bob.user.is_staff = False, True
    bob.user.set_password("another-one")
    bob.user.last_login = timezone.now()
    bob.user.save()
    found = AuditEntry.objects.order_by("pk")[before:]
    assert {(entry.action, str(entry.before), str(entry.after)) for entry in found} == {
        ("account.activation_changed", "{'is_active': True}", "{'is_active': False}"),
        ("account.changed", "{'is_staff': False}", "{'is_staff': True}"),
    }
