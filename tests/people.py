"""Four people: Alice (admin), Bob (operator) and Vera (reviewer) share a workspace; Eve is a stranger with one of her own."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from django.contrib.auth.models import User
from django.test import Client

from notte_dashboard.workspaces.access import SESSION_KEY
from notte_dashboard.workspaces.models import Role, Workspace
from tests.factories import make_member, make_user, make_workspace


class Person(NamedTuple):
    user: User
    client: Client
    """Logged in, and at work in `workspace`."""
    workspace: Workspace


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make_workspace(name="Shared")


@pytest.fixture
def member(workspace: Workspace) -> Callable[[str, Role], Person]:
    def join(name: str, role: Role) -> Person:
        user = make_user(name, email=f"{name}@example.com", password=f"{name}-password")
        make_member(workspace, user, role)
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
    user = make_user("eve", email="eve@example.com", password="eve-password")
    return at_work(user, user.workspaces.get())


@pytest.fixture
def people(alice: Person, bob: Person, vera: Person, eve: Person) -> SimpleNamespace:
    return SimpleNamespace(alice=alice, bob=bob, vera=vera, eve=eve)


@pytest.fixture
def as_(people: SimpleNamespace) -> Callable[[str], Client]:
    """The client of a person; "nobody" is signed out."""
    return lambda name: Client() if name == "nobody" else getattr(people, name).client


def at_work(user: User, workspace: Workspace) -> Person:
    client = Client()
    client.force_login(user)
    session = client.session
    session[SESSION_KEY] = str(workspace.uuid)
    session.save()
    return Person(user, client, workspace)
