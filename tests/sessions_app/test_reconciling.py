"""Which session of the API's list a start without an answer was: one that echoes what it asked for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app.services.reconcile import reconcile
from tests.factories import make_session
from tests.scripted_api import list_page, session_body


@pytest.fixture
def reconciled(bob, upstream):
    """A session whose start had no answer, after the API has list_page one with these fields."""

    def look_for(**fields):
        session = make_session(bob.workspace, bob.user, "unknown", sent_at=timezone.now(), request={"idle_timeout_minutes": 4})
        created_at = (timezone.now() + timedelta(seconds=1)).isoformat()
        upstream.say("GET", "/sessions", list_page(session_body("s-7", created_at=created_at, **fields)))
        reconcile(session.pk)
        session.refresh_from_db()
        return session

    return look_for


def test_what_echoes_the_request_is_adopted_with_its_facts(reconciled):
    session = reconciled()
    assert (session.session_id, session.viewport_width) == ("s-7", 1280)


def test_what_does_not_echo_the_request_is_not_adopted(reconciled):
    assert reconciled(idle_timeout_minutes=5).state == "unknown"


def test_what_the_list_does_not_say_does_not_speak_against_a_match(reconciled):
    assert reconciled(idle_timeout_minutes=None, user_agent=None).session_id == "s-7"
