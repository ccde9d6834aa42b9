"""What the end of a session says of it."""

import pytest

from sessions_app.services.stop import send_stop
from tests.factories import make_session
from tests.scripted_api import session_body

STOP = ("DELETE", "/sessions/s-1/stop")
CLOSED_AT = "2026-05-20T10:00:00Z"


@pytest.fixture
def stopped(bob):
    def send():
        session = make_session(bob.workspace, bob.user, "stopping", session_id="s-1")
        send_stop(session.pk)
        session.refresh_from_db()
        return session

    return send


def test_the_answer_of_a_stop_brings_the_last_facts(stopped, upstream):
    upstream.say(*STOP, session_body("s-1", status="closed", closed_at=CLOSED_AT, network_request_bytes=99))
    session = stopped()
    assert (session.state, session.network_request_bytes) == ("closed", 99)


def test_a_session_that_had_timed_out_meanwhile_is_told_so(stopped, upstream):
    upstream.say(*STOP, (400, {"message": "Session is already closed"}))
    upstream.say("GET", "/sessions/s-1", session_body("s-1", status="timed_out", closed_at=CLOSED_AT))
    assert stopped().state == "timed_out"
