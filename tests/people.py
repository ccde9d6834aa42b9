"""Four people: Alice (admin), Bob (operator) and Vera (reviewer) share a workspace; Eve is a stranger with one of her own."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.contrib.auth.models import User
from django.test import Client

from notte_dashboard.workspaces.access import SESSION_KEY
from notte_dashboard.workspaces.models import Membership, Role, Workspace


class Person(NamedTuple):
    user: User
    client: Client
    """Logged in, and at work in `workspace`."""
    workspace: Workspace


@pytest.fixture
def workspace(db: None) -> Workspace:
    return Workspace.objects.create(name="Shared")


@pytest.fixture
def member(workspace: Workspace) -> Callable[[str, Role], Person]:
    def join(name: str, role: Role) -> Person:
        user = User.objects.create_user(name, f"{name}@example.com", f"{name}-password")
        Membership.objects.create(workspace=workspace, user=user, role=role)
        return at_work(user, workspace)

    return join


@pytest.fixture
def alice(member: Callable[[str, Role], Person]) -> Person:
    return member("alice", Role.ADMIN)


@pytest.fixture
def bob(member: Callable[[str, Role], Person]) -> Person:
    return member("bob", Role.OPERATOR)


@pytest.fixture
def vera(member: Callable[[str, Role], Person]) -> Person:
    return member("vera", Role.REVIEWER)


@pytest.fixture
def eve(db: None) -> Person:
    user = User.objects.create_user("eve", "eve@example.com", "eve-password")
    return at_work(user, user.workspaces.get())


def at_work(user: User, workspace: Workspace) -> Person:
    client = Client()
    client.force_login(user)
    session = client.session
    session[SESSION_KEY] = str(workspace.uuid)
    session.save()
    return Person(user, client, workspace)
