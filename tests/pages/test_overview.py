"""The overview: what runs, what ended lately, and what it costs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_agent, make_run, make_session
from tests.pages.test_lists import Page

# As a list's page, and four lists of rows instead of one.
QUERIES = 7


def shown(person):
    return person.client.get("/").context


def test_what_runs_and_what_ended_are_told_apart_newest_first(bob, eve):
    make_run("agent", eve.workspace, eve.user)
    session = make_session(bob.workspace, bob.user)
    agent = make_agent(session, bob.user)
    waiting = make_session(bob.workspace, bob.user, state="queued")
    older = make_agent(session, bob.user, state="closed", ended_at=timezone.now() - timedelta(hours=1))
    newer = make_session(bob.workspace, bob.user, state="timed_out")
    found = shown(bob)
    assert found["running"] == [waiting, agent, session]
    assert found["ended"] == [newer, older]


def test_every_run_is_drawn_once(bob):
    session = make_session(bob.workspace, bob.user)
    made = [
        session,
        make_agent(session, bob.user),
        make_agent(session, bob.user, state="closed"),
        make_session(bob.workspace, state="error"),
    ]
    rows = Page(bob.client.get("/").content.decode()).rows
    assert sorted(rows) == sorted(str(run.uuid) for run in made)


def test_only_the_last_ended_are_shown(bob):
    for _ in range(8):
        make_agent(make_session(bob.workspace, state="closed"), state="closed")
    assert len(shown(bob)["ended"]) == 10


def test_trouble_of_running_runs_is_counted(bob):
    make_session(bob.workspace, problem="unreachable", state="queued")
    make_session(bob.workspace, problem="gave_up", state="not_started")
    make_session(bob.workspace)
    assert shown(bob)["attention"] == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_costs_the_same_for_one_run_and_for_three(bob, count, django_assert_num_queries):
    for _ in range(count):
        session = make_session(bob.workspace, bob.user)
        make_agent(session, bob.user)
        make_agent(session, bob.user, state="closed")
        make_session(bob.workspace, bob.user, state="closed")
    with django_assert_num_queries(QUERIES):
        bob.client.get("/")


def test_a_new_user_is_shown_what_to_do_and_without_a_key_what_is_used(bob, settings):
    settings.EMBEDDED, settings.LOCAL_DEMO_URL = True, "http://127.0.0.1:1/demo/"
    html = bob.client.get("/").content.decode()
    assert 'href="/sessions/start/"' in html
    assert 'href="/agents/start/"' in html
    assert "embedded local API" in html
    assert "NOTTE_API_KEY" in html
    assert "http://127.0.0.1:1/demo/" in html
    settings.EMBEDDED = False
    assert "embedded local API" not in bob.client.get("/").content.decode()


def test_reviewers_are_offered_nothing_to_start(vera):
    assert "/start/" not in vera.client.get("/").content.decode()
