"""Waking a worker is a hint: whatever the broker does, what was to be done stays due in the database."""

import time

import pytest
from celery import Celery
from django.db import transaction

from notte_dashboard.runs.enqueue import enqueue, enqueue_after_commit
from sessions_app import tasks


@pytest.fixture
def waiting(redis_client):
    return lambda: redis_client.llen("celery")


def test_a_task_is_handed_to_the_broker_with_its_id(waiting):
    enqueue(tasks.start, 7)

    assert waiting() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_is_woken_for_what_was_rolled_back(waiting):
    with transaction.atomic():
        enqueue_after_commit(tasks.start, 7)
        assert waiting() == 0
        transaction.set_rollback(True)
    assert waiting() == 0

    with transaction.atomic():
        enqueue_after_commit(tasks.start, 7)
    assert waiting() == 1


def test_without_a_broker_nobody_waits_and_nothing_fails(tmp_path, caplog):
    app = Celery("elsewhere", broker=f"redis+socket://{tmp_path}/nobody.sock", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = f"redis+socket://{tmp_path}/nobody.sock"

    @app.task(name="unheard")
    def unheard(pk: int) -> None:
        """Nobody will run it."""

    began = time.monotonic()

    enqueue(unheard, 7)

    assert time.monotonic() - began < 10
    assert "unheard waits for the sweep" in caplog.text
