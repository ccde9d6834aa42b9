"""Prometheus reads what this process and the workers have counted; nobody else does."""

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from notte_dashboard import metrics
from notte_dashboard.runs.states import State
from notte_dashboard.watching import heartbeat
from notte_dashboard.watching.models import WorkerHeartbeat
from tests.factories import make_session

TOKEN = "a-token-for-prometheus"


def read(client=None, **headers):
    return (client or Client()).get("/metrics", headers={"host": "localhost:8000", **headers})


def figures(answer):
    assert answer.status_code == 200, answer.content
    families = text_string_to_metric_families(answer.content.decode())
    return {(each.name, *sorted(each.labels.items())): each.value for family in families for each in family.samples}


def test_own_counters_are_told_with_what_waits(bob, redis_client):
    make_session(bob.workspace)
    make_session(bob.workspace, state=State.QUEUED)
    make_session(bob.workspace, state=State.CLOSED)
    metrics.WAKE_UPS.inc()
    redis_client.rpush("celery", "a task")

    found = figures(read())

    web = ("process", "web")
    assert found["notte_wake_ups_total", web] >= 1
    assert found["notte_runs", ("kind", "session"), web, ("state", "active")] == 1
    assert found["notte_runs", ("kind", "session"), web, ("state", "queued")] == 1
    assert found["notte_runs_unwatched", ("kind", "session"), web] == 1
    assert found["notte_tasks_queued", web] == 1
    assert not [name for name in found if "closed" in str(name) and name[0] == "notte_runs"]


def test_workers_tell_through_their_heartbeat_and_the_dead_are_silent(bob):
    metrics.CLAIMED.labels("session").inc(3)
    heartbeat.beat("host:1")
    WorkerHeartbeat.objects.create(
        worker="dead:2", beat_at=timezone.now() - 2 * heartbeat.ALIVE, metrics=WorkerHeartbeat.objects.get().metrics
    )

    found = figures(read())

    workers = {dict(labels)["process"] for name, *labels in found if name == "notte_slice_claims_total"}
    assert workers == {"web", "host:1"}


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.7", {}),
        ("", {}),
        ("127.0.0.1", {"x-forwarded-for": "192.0.2.7"}),
        ("127.0.0.1", {"forwarded": "for=192.0.2.7"}),
        ("127.0.0.1", {"host": "dashboard.example.com"}),
        ("127.0.0.1", {"host": "localhost.example.com"}),
    ],
)
def test_the_world_reads_nothing(db, settings, address, headers):
    settings.ALLOWED_HOSTS = ["*"]

    answer = read(Client(REMOTE_ADDR=address), **headers)

    assert (answer.status_code, b"notte_" in answer.content) == (403, False)


def test_behind_a_proxy_this_machine_is_everybody(db, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://dashboard.example.com"]

    assert read().status_code == 403


@pytest.mark.parametrize(
    ("sent", "code"), [(f"Bearer {TOKEN}", 200), ("Bearer wrong", 403), (TOKEN, 403), ("", 403), ("Bearer ", 403)]
)
def test_a_token_is_asked_for_wherever_the_question_comes_from(db, settings, sent, code):
    settings.METRICS_TOKEN, settings.ALLOWED_HOSTS = TOKEN, ["*"]

    for address in ("127.0.0.1", "192.0.2.7"):
        assert read(Client(REMOTE_ADDR=address), authorization=sent).status_code == code


def test_without_redis_the_rest_is_told(db, settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"

    assert not [name for name in figures(read()) if name[0] == "notte_tasks_queued"]


def test_it_is_only_read(db):
    assert Client().post("/metrics").status_code == 405
