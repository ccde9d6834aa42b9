"""While an API is waited for, nobody else waits for a connection to the database."""

import pytest
from django.db import connections, transaction

from notte_dashboard.waiting import rest, wait_for
from notte_dashboard.workspaces.models import Workspace


@pytest.mark.django_db(transaction=True)
def test_the_connection_is_given_back_but_not_within_a_transaction():
    mine = connections["default"]

    async def is_held() -> bool:
        return mine.connection is not None

    Workspace.objects.count()
    assert mine.connection is not None
    assert not wait_for(is_held())

    with transaction.atomic():
        Workspace.objects.count()
        assert wait_for(is_held())


@pytest.mark.django_db(transaction=True)
def test_between_two_looks_only_a_pool_gets_it_back():
    mine = connections["default"]
    Workspace.objects.count()

    rest(0)

    assert (mine.connection is None) == (mine.vendor == "postgresql")
    assert Workspace.objects.count() == 0
