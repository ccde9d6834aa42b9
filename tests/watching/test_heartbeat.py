"""Whether anybody is there to do the work."""

import pytest

from notte_dashboard.watching import heartbeat
from notte_dashboard.watching.models import WorkerHeartbeat
from tests.factories import seconds_ago
from tests.racing import race

pytestmark = pytest.mark.django_db


def test_a_worker_is_alive_while_it_beats():
    assert heartbeat.workers_alive() == 0

    heartbeat.beat("a")
    heartbeat.beat("a")
    heartbeat.beat("b")
    assert heartbeat.workers_alive() == 2

    WorkerHeartbeat.objects.filter(worker="a").update(beat_at=seconds_ago(heartbeat.ALIVE.total_seconds() + 1))
    assert heartbeat.workers_alive() == 1

    heartbeat.gone("b")
    assert heartbeat.workers_alive() == 0


def test_workers_of_long_ago_are_forgotten():
    WorkerHeartbeat.objects.create(worker="old", beat_at=seconds_ago(heartbeat.FORGET.total_seconds() + 1))

    heartbeat.beat("new")

    assert list(WorkerHeartbeat.objects.values_list("worker", flat=True)) == ["new"]


@pytest.mark.django_db(transaction=True)
def test_many_beats_at_once_are_one_row_each():
    race(*[lambda name=name: heartbeat.beat(name) for name in "abcabcabc"])

    assert WorkerHeartbeat.objects.count() == 3
