"""The page of a workspace in the admin panel, with its members."""

import pytest
from django.urls import reverse

from notte_dashboard.workspaces.models import Role
from tests.factories import make_member, make_user, make_workspace

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("members", [1, 3])
def test_members_are_read_with_their_users(root, django_assert_num_queries, members: int):
    workspace = make_workspace()
    for _ in range(members):
        make_member(workspace, make_user(), Role.OPERATOR)
    address = reverse("admin:workspaces_workspace_change", args=[workspace.pk])
    root.get(address)
    # Django's field for choosing a user asks for the chosen user of each row.
    with django_assert_num_queries(4 + members):
        page = root.get(address).content.decode()
    assert page.count(" is operator of ") == members
