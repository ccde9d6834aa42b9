"""What an invitation's link is worth: nobody guesses it, and what fails halfway has not used it up."""

import base64

import pytest
from django.db import IntegrityError
from django.test import RequestFactory

from notte_dashboard.workspaces import invitations
from notte_dashboard.workspaces.models import Membership, Role
from tests.factories import make_user, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make_user()


@pytest.fixture
def team(admin):
    return make_workspace((admin, Role.ADMIN))


@pytest.fixture
def made(admin, team):
    return invitations.invite(by=admin, workspace=team, role=Role.OPERATOR)


def request_of(person):
    request = RequestFactory().post("/")
    request.user, request.session = person, {}
    return request


@pytest.mark.parametrize("renewed", [False, True])
def test_a_link_holds_256_random_bits(made, admin, team, renewed):
    token = invitations.renew(made.invitation).token if renewed else made.token
    other = invitations.invite(by=admin, workspace=team, role=Role.OPERATOR).token

    assert len(base64.urlsafe_b64decode(f"{token}==")) >= 32
    assert len({token, other, *([made.token] if renewed else [])}) == 2 + renewed


def test_an_invitation_that_fails_halfway_can_be_followed_again(made, team):
    person = make_user()
    made.invitation.role = None  # no membership can be made of it
    with pytest.raises(IntegrityError):
        invitations.accept(request_of(person), made.invitation, by=person)

    again = invitations.find(made.token)

    assert again == made.invitation
    assert not Membership.objects.filter(user=person, workspace=team).exists()
    assert invitations.accept(request_of(person), again, by=person)
    assert Membership.objects.get(user=person, workspace=team).role == Role.OPERATOR
