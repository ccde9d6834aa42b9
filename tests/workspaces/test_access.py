"""The one permission question, for every role and every action; a foreign workspace looks like a missing one."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.test import RequestFactory

from agents_app.models import AgentRun
from notte_dashboard.workspaces.access import (
    POLICY,
    SESSION_KEY,
    Action,
    can,
    current_workspace,
    require,
    role_of,
    workspace_for,
)
from notte_dashboard.workspaces.models import Membership, Role, Workspace
from sessions_app.models import BrowserSession
from tests.factories import make_member, make_run, make_session, make_user, make_workspace

pytestmark = pytest.mark.django_db

MATRIX = {
    Role.REVIEWER: {Action.VIEW, Action.COMMENT},
    Role.OPERATOR: {Action.VIEW, Action.COMMENT, Action.RUN, Action.WATCH, Action.DRIVE},
    Role.ADMIN: {Action.VIEW, Action.COMMENT, Action.RUN, Action.WATCH, Action.DRIVE, Action.MANAGE},
    None: set(),
}


def test_the_matrix_knows_every_role_and_action():
    assert set(POLICY) == set(Action) == set.union(*MATRIX.values())
    assert set(MATRIX) == {*Role, None}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", MATRIX)
def test_a_role_may_exactly_what_the_matrix_says(role, action):
    person = make_user()
    team = make_workspace(*([(person, role)] if role else []))

    assert role_of(person, team.pk) == role
    assert can(person, action, team.pk) is (action in MATRIX[role])
    if action in MATRIX[role]:
        require(person, action, team.pk)
    else:
        with pytest.raises(PermissionDenied if role else Http404):
            require(person, action, team.pk)


@pytest.mark.parametrize("action", Action)
def test_a_foreign_workspace_answers_like_a_missing_one(action):
    person, theirs = make_user(), make_workspace((make_user(), Role.ADMIN))

    with pytest.raises(Http404) as foreign:
        require(person, action, theirs.pk)
    with pytest.raises(Http404) as missing:
        require(person, action, 10**9)

    assert foreign.value.args == missing.value.args == ()


@pytest.mark.parametrize("person", [AnonymousUser, lambda: make_user(is_active=False)], ids=["signed out", "deactivated"])
def test_nobody_in_particular_may_nothing(person):
    who = person()
    team = make_workspace(*([(who, Role.ADMIN)] if who.pk else []))

    assert not any(can(who, action, team.pk) for action in Action)


def test_staff_and_superusers_are_no_members_by_that():
    root = make_user(is_staff=True, is_superuser=True)

    assert not any(can(root, action, make_workspace().pk) for action in Action)


def test_the_signed_out_find_nothing_not_even_what_belongs_to_nobody():
    orphan = make_workspace()
    make_session(orphan)
    make_run("agent", orphan)

    assert list(Workspace.objects.for_user(AnonymousUser())) == []
    assert list(BrowserSession.objects.for_user(AnonymousUser())) == []
    assert list(AgentRun.objects.for_user(AnonymousUser())) == []


def test_runs_are_found_by_members_once_and_by_nobody_else():
    one, other = make_user(), make_user()
    team = make_workspace((one, Role.REVIEWER), (make_user(), Role.ADMIN))
    run = make_session(team)

    assert list(BrowserSession.objects.for_user(one)) == [run]
    assert list(BrowserSession.objects.for_user(other)) == []


def test_every_new_person_administers_a_workspace_of_their_own():
    person = make_user()

    own = Membership.objects.get(user=person)

    assert own.role == Role.ADMIN
    assert own.workspace.name == f"{person.username}'s workspace"
    person.save()
    assert Membership.objects.filter(user=person).count() == 1


def request_of(person, **chosen):
    request = RequestFactory().get("/")
    request.user, request.session = person, chosen
    return request


def test_the_workspace_at_work_is_the_chosen_one_else_the_first():
    person = make_user()
    own = Workspace.objects.for_user(person).get()
    team, foreign = make_workspace((person, Role.REVIEWER)), make_workspace()

    assert current_workspace(request_of(person)) == own
    assert current_workspace(request_of(person, **{SESSION_KEY: str(team.uuid)})) == team
    assert current_workspace(request_of(person, **{SESSION_KEY: str(foreign.uuid)})) == own
    assert current_workspace(request_of(person, **{SESSION_KEY: str(uuid4())})) == own
    assert current_workspace(request_of(AnonymousUser(), **{SESSION_KEY: str(team.uuid)})) is None


def test_a_removed_member_is_back_in_their_own_workspace():
    person = make_user()
    team = make_workspace((person, Role.OPERATOR))
    chosen = {SESSION_KEY: str(team.uuid)}
    assert workspace_for(request_of(person, **chosen), Action.RUN) == team

    Membership.objects.filter(workspace=team).delete()

    assert workspace_for(request_of(person, **chosen), Action.RUN) != team


def test_without_any_workspace_there_is_nothing_to_see():
    person = make_user()
    Membership.objects.all().delete()

    assert current_workspace(request_of(person)) is None
    with pytest.raises(Http404):
        workspace_for(request_of(person), Action.VIEW)


def test_one_person_has_one_role_per_workspace():
    person = make_user()
    team = make_workspace((person, Role.OPERATOR))

    with pytest.raises(IntegrityError):
        make_member(team, person, Role.ADMIN)
