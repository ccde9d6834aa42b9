"""Calls are counted by operation and outcome; ids and addresses are not part of a name."""

import httpx
import pytest

from notte_dashboard import metrics
from notte_dashboard.notte_api.calls import operation
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import NotteError


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("GET", "/sessions", "GET /sessions"),
        ("GET", "/sessions/4-2", "GET /sessions/{id}"),
        ("POST", "/sessions/start", "POST /sessions/start"),
        ("DELETE", "/agents/4-2/stop", "DELETE /agents/{id}/stop"),
        ("GET", "/health", "GET /health"),
        ("GET", "/some/contract.json", "GET other"),
    ],
)
def test_operations_are_few(method, path, name):
    assert operation(method, path) == name


def count(outcome):
    return metrics.UPSTREAM_CALLS.labels("GET /agents/{id}", outcome)._value.get()


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, "ok"), (404, "not_found"), (500, "server_failed"), (0, "unreachable"), (429, "rate_limited")]
)
async def test_each_attempt_is_counted_by_what_came_of_it(status, outcome):
    def answer(request):
        if not status:
            raise httpx.ConnectError("refused")
        return httpx.Response(status, json={"agent_id": "a", "session_id": "s", "status": "active", "created_at": None})

    before = count(outcome)
    connection = Connection("https://api.example.com", "a-key-of-some-length")
    async with NotteClient(connection, transport=httpx.MockTransport(answer), retries=0) as client:
        try:
            await client.agent_status("a")
        except NotteError as error:
            outcome_seen = error.code
        else:
            outcome_seen = "ok"

    assert (outcome_seen, count(outcome) - before) == (outcome, 1)
