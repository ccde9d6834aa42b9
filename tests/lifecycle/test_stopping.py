"""A stop is a lasting wish: honoured in every state, sent again until the run is over."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from tests.factories import WITHOUT_API_ID
from tests.scripted_api import CUT


@pytest.fixture
def make(bob, run_kind):
    """Makes a run in a state, with the API's id as soon as it was sent."""

    def make_run(state="active", **columns):
        known = {} if state in WITHOUT_API_ID else {run_kind.remote_id: run_kind.api_id}
        return run_kind.make(bob.workspace, bob.user, state, **known, **columns)

    return make_run


@pytest.fixture
def send(run_kind):
    """Sends the stop as its task does; returns the row as it is then."""

    def send_stop(run):
        run_kind.send_stop(run.pk)
        run.refresh_from_db()
        return run

    return send_stop


def ask_to_stop(client, run, **options):
    return client.post(f"{run.get_absolute_url()}stop/", **options)


@pytest.mark.parametrize(
    ("state", "becomes"),
    [("queued", "not_started"), ("sending", "sending"), ("unknown", "unknown"), ("active", "stopping"), ("stopping", "stopping")],
)
def test_the_wish_is_kept_in_every_state_that_is_not_over(bob, make, state, becomes):
    run = make(state)
    assert ask_to_stop(bob.client, run)["Location"] == run.get_absolute_url()
    run.refresh_from_db()
    assert run.state == becomes
    if state != "stopping":
        assert run.stop_requested_by == bob.user
        assert run.stop_requested_at is not None


@pytest.mark.parametrize("state", ["closed", "error", "timed_out", "rejected", "not_started"])
def test_what_is_over_stays_as_it_is(bob, make, state):
    run = make(state)
    assert ask_to_stop(bob.client, run).status_code == 302
    run.refresh_from_db()
    assert (run.state, run.stop_requested_at) == (state, None)


def test_htmx_gets_no_content_and_a_get_asks_first(bob, run_kind, make):
    run = make()
    question = bob.client.get(f"{run.get_absolute_url()}stop/")
    run.refresh_from_db()
    assert (question.status_code, run.state) == (200, "active")
    assert f"Stop this {run_kind.name}?" in question.content.decode()
    assert ask_to_stop(bob.client, run, headers={"HX-Request": "true"}).status_code == 204


def test_what_was_stopped_before_it_was_sent_is_never_sent(bob, run_kind, make, upstream):
    run = make("queued")
    ask_to_stop(bob.client, run)
    run_kind.send_start(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem, upstream.asked) == ("not_started", "stopped_before_start", [])


@pytest.mark.django_db(transaction=True)
def test_a_stop_asked_for_while_sending_is_sent_when_the_id_is_known(bob, run_kind, make, send, upstream, redis_client):
    run = make("queued")

    def answer_after_the_stop():
        try:
            ask_to_stop(bob.client, run)
            return run_kind.body()
        finally:
            connections.close_all()

    upstream.say(*run_kind.api_start, answer_after_the_stop)
    upstream.say(*run_kind.api_stop, run_kind.ended_body())
    run_kind.send_start(run.pk)
    run.refresh_from_db()
    assert (run.state, run_kind.id_of(run), run.stop_requested_by) == ("stopping", run_kind.api_id, bob.user)
    assert run_kind.stop_task in b"".join(redis_client.lrange("celery", 0, -1))
    assert send(run).state == "closed"


def test_the_answer_of_a_stop_is_the_end(run_kind, make, send, upstream):
    upstream.say(*run_kind.api_stop, run_kind.ended_body())
    run = send(make("stopping"))
    assert (run.state, run.ended_at) == ("closed", datetime(2026, 5, 20, 10, tzinfo=UTC))
    assert run.remote_status == "closed"
    assert "viewer_url" not in run.remote


@pytest.mark.parametrize("answer", [CUT, (500, {"message": "broken"}), (401, {"message": "no"}), (200, "odd")])
def test_a_lost_stop_is_sent_again_until_it_is_over(run_kind, make, send, upstream, answer, monkeypatch):
    monkeypatch.setattr("notte_dashboard.notte_api.retry.FIRST_WAIT", 0.01)
    upstream.say(*run_kind.api_stop, *[answer] * 4, run_kind.ended_body())
    run = send(make("stopping"))
    while run.state == "stopping" and len(upstream.asked) < 9:
        assert run.problem
        assert run.next_attempt_at > timezone.now()
        run = send(run)
    assert (run.state, run.problem) == ("closed", "")


def test_the_sweep_sends_a_due_stop_again(run_kind, make, redis_client):
    waiting = make("stopping", next_attempt_at=timezone.now() + timedelta(seconds=5))
    run_kind.tasks.sweep()
    assert run_kind.stop_task not in b"".join(redis_client.lrange("celery", 0, -1))
    with time_machine.travel(timezone.now() + timedelta(seconds=6), tick=True):
        run_kind.tasks.sweep()
    (stop,) = [message for message in redis_client.lrange("celery", 0, -1) if run_kind.stop_task in message]
    assert f"({waiting.pk},)".encode() in stop


def test_a_stop_that_takes_its_time_is_asked_again_later(run_kind, make, send, upstream):
    upstream.say(*run_kind.api_stop, run_kind.body())
    run = send(make("stopping"))
    assert (run.state, run.next_attempt_at > timezone.now()) == ("stopping", True)


def test_what_the_api_no_longer_knows_is_over(run_kind, make, send, upstream):
    upstream.say(*run_kind.api_stop, (404, {"message": "not found"}))
    run = send(make("stopping"))
    assert (run.state, run.problem, run.is_over) == ("closed", "gone", True)


def test_a_lost_key_keeps_the_wish_and_says_why(make, send, upstream, lose_key):
    run = make("stopping")
    word = lose_key(run)
    run = send(run)
    assert (run.state, upstream.asked) == ("stopping", [])
    assert word in run.problem_detail
    assert run.next_attempt_at > timezone.now()


@pytest.mark.parametrize("state", ["queued", "sending", "unknown", "active", "closed"])
def test_a_stop_is_only_sent_for_what_is_stopping(make, send, upstream, state):
    assert send(make(state)).state == state
    assert upstream.asked == []


def test_an_id_of_an_answer_stays_one_segment_of_the_address(run_kind, make, send, upstream):
    run = make("stopping")
    run_kind.model.objects.filter(pk=run.pk).update(**{run_kind.remote_id: "../other/x?y="})
    send(run)
    assert [asked.path for asked in upstream.asked] == [f"{run_kind.path}/..%2Fother%2Fx%3Fy=/stop"]
