"""A start without an answer: looked for at the API, adopted when there is one match, never sent again."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from agents_app.services.reconcile import reconcile
from tests.factories import make_agent, make_session
from tests.scripted_api import CUT, agent_body

LIST = ("GET", "/agents")


@pytest.fixture
def unknown(bob):
    session = make_session(bob.workspace, bob.user, session_id="s-1")
    return make_agent(session, bob.user, state="unknown", sent_at=timezone.now(), problem="unanswered")


def listed(*bodies):
    return {"items": list(bodies), "page": 1, "page_size": 100, "has_next": False, "has_previous": False}


def found(agent_id="a-7", session_id="s-1", after=1.0):
    return agent_body(agent_id, session_id, created_at=(timezone.now() + timedelta(seconds=after)).isoformat())


def reconciled(agent, later=0.0):
    with time_machine.travel(timezone.now() + timedelta(seconds=later), tick=True):
        reconcile(agent.pk)
    agent.refresh_from_db()
    return agent


def test_the_only_match_in_its_session_is_adopted(unknown, upstream):
    upstream.say(*LIST, listed(found("other", "s-2"), found("old", after=-60), found("a-7")))
    agent = reconciled(unknown)
    assert (agent.state, agent.agent_id, agent.problem) == ("active", "a-7", "")
    assert "only_active=false" in upstream.asked[0].query.lower()


def test_an_agent_somebody_already_has_is_not_adopted(bob, unknown, upstream):
    make_agent(unknown.session, bob.user, agent_id="a-7")
    upstream.say(*LIST, listed(found("a-7")))
    assert reconciled(unknown).state == "unknown"


def test_two_unanswered_starts_never_adopt_the_same_agent(bob, unknown, upstream):
    other = make_agent(unknown.session, bob.user, state="unknown", sent_at=unknown.sent_at)
    upstream.say(*LIST, listed(found("a-7")))
    assert {reconciled(unknown).agent_id, reconciled(other).agent_id} == {"a-7", ""}


def test_three_misses_over_a_minute_mean_it_never_happened(unknown, upstream):
    upstream.say(*LIST, listed())
    assert [reconciled(unknown, later).state for later in (5, 30, 65)] == ["unknown", "unknown", "not_started"]
    assert unknown.problem == "not_found_again"


def test_several_matches_are_told_and_none_is_taken(unknown, upstream):
    upstream.say(*LIST, listed(found("a-7"), found("a-8")))
    assert (reconciled(unknown).state, unknown.problem, unknown.agent_id) == ("unknown", "ambiguous", "")


@pytest.mark.parametrize("answer", [CUT, (500, {}), (401, {"message": "no"}), (200, "no list")])
def test_a_list_that_can_not_be_read_says_nothing_about_the_start(unknown, upstream, answer, monkeypatch):
    monkeypatch.setattr("notte_dashboard.notte_api.retry.FIRST_WAIT", 0.01)
    upstream.say(*LIST, answer)
    agent = reconciled(unknown)
    assert (agent.state, agent.misses) == ("unknown", 0)
    assert agent.next_attempt_at > timezone.now()


def test_a_stop_that_was_asked_for_is_sent_once_it_is_found(unknown, bob, upstream, committed, redis_client):
    bob.client.post(f"/agents/{unknown.uuid}/stop/")
    upstream.say(*LIST, listed(found("a-7")))
    with committed():
        assert (reconciled(unknown).state, unknown.agent_id) == ("stopping", "a-7")
    assert b"agents_app.stop" in b"".join(redis_client.lrange("celery", 0, -1))
