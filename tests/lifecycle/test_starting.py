"""From a queued row to what became of it, with an API that answers on a real wire."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories import make_due, seconds_ago
from tests.run_kinds import each_kind
from tests.scripted_api import CUT, KEY

REASONS = {
    "session": {"loc": ["body", "idle_timeout_minutes"], "msg": "Input should be less than 16", "type": "less_than"},
    "agent": {"loc": ["body", "max_steps"], "msg": "Input should be less than 151", "type": "less_than"},
}


@pytest.fixture
def queued(bob, run_kind):
    return run_kind.make(bob.workspace, bob.user, "queued", request=run_kind.request)


@pytest.fixture
def send(run_kind):
    """Sends the start as its task does; returns the row as it is then."""

    def send_start(run):
        run_kind.send_start(run.pk)
        run.refresh_from_db()
        return run

    return send_start


def test_an_answered_start_is_active(run_kind, queued, send, upstream):
    upstream.say(*run_kind.api_start, run_kind.body("id-9", brand_new={"field": [1]}))
    run = send(queued)
    assert (run.state, run_kind.id_of(run), run.remote_status) == ("active", "id-9", "active")
    assert run.remote["brand_new"] == {"field": [1]}
    assert not {"viewer_url", "cdp_url", "steps"} & set(run.remote)
    assert (run.attempt, run.problem, run.lease_until) == (1, "", None)


def test_the_request_carries_the_key_and_says_who_asks(run_kind, queued, send, upstream):
    upstream.say(*run_kind.api_start, run_kind.body())
    send(queued)
    asked = upstream.requests(*run_kind.api_start)[0]
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["x-notte-request-origin"] == "notte-dashboard"
    assert asked.body == run_kind.request | run_kind.sent_with


def test_a_start_is_sent_once_however_often_its_task_runs(run_kind, queued, send, upstream):
    upstream.say(*run_kind.api_start, run_kind.body())
    for _ in range(3):
        send(queued)
    assert len(upstream.requests(*run_kind.api_start)) == 1


def test_a_refused_start_keeps_the_reasons_and_shows_them(bob, run_kind, queued, send, upstream):
    reason = REASONS[run_kind.name]
    upstream.say(*run_kind.api_start, (422, {"message": "Validation error", "detail": [{**reason, "input": 999}]}))
    run = send(queued)
    assert (run.state, run.problem) == ("rejected", "invalid")
    assert run.reasons == [reason]
    assert run.ended_at is not None
    html = bob.client.get(run.get_absolute_url()).content.decode()
    assert 'data-problem="invalid"' in html
    assert reason["loc"][1] in html
    assert reason["msg"] in html


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (400, "refused"),
        (401, "unauthorized"),
        (402, "refused"),
        (403, "unauthorized"),
        (404, "not_found"),
        (409, "refused"),
    ],
)
def test_a_refusal_is_the_end(run_kind, queued, send, upstream, status, problem):
    upstream.say(*run_kind.api_start, (status, {"message": "No"}))
    run = send(queued)
    assert (run.state, run.problem) == ("rejected", problem)
    assert_sent_once(run_kind, run, send, upstream)


def test_nobody_at_the_address_means_queued_again(queued, send, nobody_answers):
    run = send(queued)
    assert (run.state, run.problem) == ("queued", "unreachable")
    assert run.next_attempt_at > timezone.now()
    assert run.stale_since is None


def test_a_start_waits_its_turn_before_it_is_tried_again(queued, send, nobody_answers):
    send(queued)
    assert send(queued).attempt == 1
    make_due(queued)
    run = send(queued)
    assert (run.state, run.attempt, run.problem) == ("queued", 2, "unreachable")


def test_ten_minutes_out_of_reach_are_given_up(queued, send, nobody_answers):
    send(queued)
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=True):
        run = send(queued)
    assert (run.state, run.problem) == ("not_started", "gave_up")
    assert run.is_over


@pytest.mark.parametrize(
    ("status", "headers", "problem"),
    [(529, {"retry-after": "7"}, "overloaded"), (529, {}, "overloaded"), (429, {"retry-after": "3"}, "rate_limited")],
)
def test_a_start_without_a_free_browser_is_sent_when_there_is_one(run_kind, queued, send, upstream, status, headers, problem):
    upstream.say(*run_kind.api_start, (status, {"message": "full"}, headers), run_kind.body())
    run = send(queued)
    assert (run.state, run.problem) == ("queued", problem)
    wait = timedelta(seconds=int(headers.get("retry-after", 30)))
    assert timedelta(0) < run.next_attempt_at - timezone.now() <= wait
    if headers:
        assert run.next_attempt_at - timezone.now() > wait - timedelta(seconds=1)
    assert_sent_once(run_kind, run, send, upstream)
    make_due(run)
    run = send(run)
    assert (run.state, run.problem, run.problem_detail) == ("active", "", "")


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (CUT, "unanswered"),
        ((500, {"message": "broken"}), "server_failed"),
        ((502, {"message": "gateway"}), "server_failed"),
        ((503, {"message": "later"}), "overloaded"),
        ((200, ["no object"]), "bad_answer"),
        ((200, {"status": "active"}), "bad_answer"),
        ((200, {"no": "id"}), "bad_answer"),
    ],
)
def test_a_start_that_may_have_happened_is_unknown_and_never_sent_again(run_kind, queued, send, upstream, answer, problem):
    upstream.say(*run_kind.api_start, answer)
    run = send(queued)
    assert (run.state, run.problem) == ("unknown", problem)
    make_due(run)
    assert_sent_once(run_kind, run, send, upstream)


def assert_sent_once(run_kind, run, send, upstream):
    """Neither its task nor the sweep sends it again."""
    send(run)
    run_kind.tasks.sweep()
    assert len(upstream.requests(*run_kind.api_start)) == 1


def test_a_worker_that_died_while_sending_leaves_an_unknown_start(run_kind, queued, upstream):
    began = seconds_ago(1)
    run_kind.model.objects.filter(pk=queued.pk).update(state="sending", sent_at=began, lease_until=began)
    run_kind.tasks.sweep()
    queued.refresh_from_db()
    assert (queued.state, queued.problem) == ("unknown", "unanswered")


def test_a_lost_key_rejects_the_start_and_asks_nobody(queued, send, upstream, lose_key):
    word = lose_key(queued)
    run = send(queued)
    assert (run.state, run.problem, upstream.asked) == ("rejected", "key_lost", [])
    assert word in run.problem_detail


def test_a_status_of_a_newer_api_is_kept_and_is_no_end(bob, run_kind, queued, send, upstream):
    upstream.say(*run_kind.api_start, run_kind.body(status="warming_up"))
    run = send(queued)
    assert (run.state, run.remote_status) == ("active", "warming_up")
    assert "warming_up" in bob.client.get(run.get_absolute_url()).content.decode()


def test_fields_of_a_newer_api_are_shown(bob, run_kind, queued, send, upstream):
    upstream.say(*run_kind.api_start, run_kind.body(region="eu-north", pool={"size": 3}))
    run = send(queued)
    html = bob.client.get(run.get_absolute_url()).content.decode()
    rest = html.partition("Also in the API&#x27;s answer")[2]
    assert "region" in rest
    assert "eu-north" in rest
    assert "&quot;size&quot;: 3" in rest


@pytest.mark.parametrize(
    ("run_kind", "odd"),
    each_kind(
        session=[
            {"idle_timeout_minutes": -1, "max_duration_minutes": 10**15, "viewport_width": 10**12},
            {"created_at": "0001-01-01T00:00:00+14:00", "last_accessed_at": "9999-12-31T23:59:59-12:00"},
            {"duration": "P999999999D", "network_request_bytes": 10**30},
            {"last_accessed_at": "9999-12-31T23:59:59Z", "idle_timeout_minutes": 10**8},
            {"session_id": "s" * 255, "status": "x" * 5000, "browser_type": "b" * 5000},
            {"user_agent": "\x00\ud83d", "error": "\x00", "note\x00": ["\x00\ud83d"]},
            {"created_at": 5, "proxies": "yes", "viewport_width": "wide", "headless": None, "session_id": 12},
        ],
        agent=[
            {"agent_id": "a" * 255, "status": "x" * 5000},
            {"created_at": "9999-12-31T23:59:59-12:00", "saved": "yes"},
            {"answer": {"price": 3}, "success": "perhaps"},
            {"answer": "\x00\ud83d", "task": "\x00", "url": 7},
        ],
    ),
)
def test_odd_values_cost_nothing_but_themselves(bob, run_kind, queued, send, upstream, odd):
    upstream.say(*run_kind.api_start, {**run_kind.body(), **odd})
    run = send(queued)
    assert (run.state, run.request) == ("active", run_kind.request)
    assert run_kind.id_of(run) == str(odd.get(run_kind.remote_id, run_kind.api_id))
    assert getattr(run, "task", "") == run_kind.required.get("task", "")
    for accept in ("text/html", "application/json"):
        assert bob.client.get(run.get_absolute_url(), headers={"Accept": accept}).status_code == 200
    assert bob.client.get("/").status_code == 200
