"""The services of the test suite themselves."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from notte_dashboard.watching.heartbeat import workers_alive
from tests.services import wait_for


def test_each_person_works_in_the_right_workspace(alice, bob, vera, eve):
    assert alice.workspace == bob.workspace == vera.workspace
    assert eve.workspace not in alice.user.workspaces.all()
    for person in (alice, bob, vera, eve):
        assert person.client.get("/").status_code == 200


def test_redis_is_real_and_empty(redis_client):
    assert redis_client.info("server")["tcp_port"] == 0
    assert redis_client.dbsize() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.process
def test_a_real_worker_uses_the_database_of_the_test(celery_worker):
    assert celery_worker.poll() is None
    wait_for(workers_alive)
    assert connection.settings_dict["NAME"] != "postgres"
    assert datetime.now(UTC)
