"""What is sent for each operation, and what comes of each answer; the wire is httpx's own MockTransport."""

import json

import httpx
import pytest

from notte_dashboard import __version__
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import BadAnswer, NotFound, Overloaded, Refused, ServerFailed, Unauthorized

KEY = "key/with+signs%and=more-1234567890"
SESSION = {"session_id": "s-1", "status": "active"}
AGENT = {"agent_id": "a-1", "session_id": "s-1", "status": "active", "task": "x"}
PAGE = {"items": [], "page": 1, "page_size": 50, "has_next": False, "has_previous": False}


class Api:
    """Answers in order, the last for ever, and keeps what it was asked."""

    def __init__(self, *answers: tuple[int, object]) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return httpx.Response(status, json=body)

    def client(self, base_url="https://api.notte.cc", **options) -> NotteClient:
        return NotteClient(Connection(base_url, KEY), transport=httpx.MockTransport(self), **options)

    @property
    def asked(self) -> list[tuple[str, str]]:
        return [(request.method, request.url.raw_path.decode()) for request in self.requests]


KEYLESS = {"/health", "/openapi.json", "/docs/v2.json"}
OPERATIONS = [
    (lambda client: client.health(), {}, "GET", "/health"),
    (lambda client: client.start_session({"headless": True}), SESSION, "POST", "/sessions/start"),
    (lambda client: client.session_status("s-1"), SESSION, "GET", "/sessions/s-1"),
    (lambda client: client.stop_session("s-1"), SESSION, "DELETE", "/sessions/s-1/stop"),
    (lambda client: client.list_sessions(), PAGE, "GET", "/sessions?only_active=true&page=1&page_size=50"),
    (
        lambda client: client.list_sessions(only_active=False, page=3, page_size=10),
        PAGE,
        "GET",
        "/sessions?only_active=false&page=3&page_size=10",
    ),
    (lambda client: client.session_debug("s-1"), {}, "GET", "/sessions/s-1/debug?update_metadata=false"),
    (lambda client: client.start_agent({"task": "x"}), AGENT, "POST", "/agents/start"),
    (lambda client: client.agent_status("a-1"), AGENT, "GET", "/agents/a-1"),
    (lambda client: client.stop_agent("a-1", "s&1"), AGENT, "DELETE", "/agents/a-1/stop?session_id=s%261"),
    (lambda client: client.contract(), {"openapi": "3.1.0"}, "GET", "/openapi.json"),
    (lambda client: client.contract("/docs/v2.json"), {"openapi": "3.1.0"}, "GET", "/docs/v2.json"),
    (lambda client: client.list_vaults(), PAGE, "GET", "/vaults?page=1&page_size=100"),
    (lambda client: client.list_personas(page=2), PAGE, "GET", "/personas?page=2&page_size=100"),
    (lambda client: client.list_profiles(page_size=10), PAGE, "GET", "/profiles?page=1&page_size=10"),
    (lambda client: client.list_agents(), PAGE, "GET", "/agents?only_active=true&page=1&page_size=50"),
]


@pytest.mark.parametrize(("call", "answer", "method", "path"), OPERATIONS)
async def test_each_operation_asks_its_own_path(call, answer, method, path):
    api = Api((200, answer))
    async with api.client() as client:
        await call(client)
    async with api.client("http://127.0.0.1:8001/api/v0") as client:
        await call(client)

    assert api.asked == [(method, path), (method, f"/api/v0{path}")]


@pytest.mark.parametrize(("call", "answer", "method", "path"), OPERATIONS)
async def test_each_request_says_who_asks(call, answer, method, path):
    api = Api((200, answer))
    async with api.client() as client:
        await call(client)

    headers = api.requests[0].headers
    assert headers["x-notte-request-origin"] == "notte-dashboard"
    assert headers["x-notte-sdk-version"] == __version__
    assert headers.get("authorization") == (None if path in KEYLESS else f"Bearer {KEY}")
    assert "cookie" not in headers


async def test_start_sends_the_body_as_it_is():
    api = Api((200, SESSION))
    body = {"headless": True, "proxies": [{"type": "notte", "country": "gb"}], "name": "é"}
    async with api.client() as client:
        answer = await client.start_session(body)

    assert json.loads(api.requests[0].content) == body
    assert answer.session_id == "s-1"


async def test_empty_start_has_an_empty_object_as_its_body():
    api = Api((200, SESSION))
    async with api.client() as client:
        await client.start_session({})

    assert api.requests[0].content == b"{}"


@pytest.mark.parametrize(
    ("remote_id", "path"),
    [
        ("a/../b", "/sessions/a%2F..%2Fb"),
        ("a?x=1#y", "/sessions/a%3Fx%3D1%23y"),
        ("é %2F", "/sessions/%C3%A9%20%252F"),
        ("...x", "/sessions/...x"),
    ],
)
async def test_id_stays_one_segment_of_the_path(remote_id, path):
    api = Api((200, SESSION))
    async with api.client() as client:
        await client.session_status(remote_id)

    assert api.asked == [("GET", path)]


@pytest.mark.parametrize("remote_id", ["", ".", ".."])
async def test_id_that_would_change_the_path_is_not_asked_for(remote_id):
    api = Api((200, SESSION))
    async with api.client() as client:
        for call in (client.session_status, client.stop_session, client.agent_status, client.session_debug):
            with pytest.raises(NotFound):
                await call(remote_id)

    assert api.requests == []


async def test_known_answer_is_not_read_again():
    api = Api((200, SESSION), (200, SESSION), (200, {**SESSION, "status": "closed"}))
    async with api.client() as client:
        first = await client.session_status("s-1")
        assert first is not None
        assert await client.session_status("s-1", known=first.digest) is None
        changed = await client.session_status("s-1", known=first.digest)

    assert changed is not None
    assert changed.status == "closed"


async def test_known_answer_of_an_agent_is_not_read_again():
    api = Api((200, AGENT))
    async with api.client() as client:
        first = await client.agent_status("a-1")
        assert first is not None
        assert await client.agent_status("a-1", known=first.digest) is None


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
@pytest.mark.parametrize("text", ["Session already closed", "ALREADY STOPPED by someone"])
async def test_stop_of_what_had_ended_answers_how_it_ended(status, text, no_waiting):
    ended = {**SESSION, **AGENT, "status": "timed_out"}
    sessions, agents = (Api((status, {"message": text}), (200, ended)) for _ in range(2))
    async with sessions.client() as client:
        assert (await client.stop_session("s-1")).status == "timed_out"
    async with agents.client() as client:
        assert (await client.stop_agent("a-1", "s-1")).status == "timed_out"

    assert sessions.asked == [("DELETE", "/sessions/s-1/stop"), ("GET", "/sessions/s-1")]
    assert agents.asked == [("DELETE", "/agents/a-1/stop?session_id=s-1"), ("GET", "/agents/a-1")]


@pytest.mark.parametrize(("status", "kind"), [(400, Refused), (401, Unauthorized), (404, NotFound), (500, ServerFailed)])
async def test_stop_that_is_refused_for_another_reason_is_refused(status, kind):
    api = Api((status, {"message": "No"}))
    async with api.client() as client:
        with pytest.raises(kind):
            await client.stop_session("s-1")
        with pytest.raises(kind):
            await client.stop_agent("a-1", "s-1")

    assert len(api.requests) == 2


async def test_read_is_sent_up_to_four_times(no_waiting):
    api = Api((529, {}))
    async with api.client() as client:
        with pytest.raises(Overloaded):
            await client.session_status("s-1")

    assert len(api.requests) == 4


async def test_stop_is_sent_again_until_it_is_taken(no_waiting):
    api = Api((502, {}), (503, {}), (200, SESSION))
    async with api.client() as client:
        assert (await client.stop_session("s-1")).session_id == "s-1"

    assert len(api.requests) == 3


async def test_caller_that_paces_itself_gets_each_error_at_once():
    api = Api((529, {}))
    async with api.client(retries=0) as client:
        with pytest.raises(Overloaded):
            await client.agent_status("a-1")

    assert len(api.requests) == 1


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_any_success_with_the_object_is_one(status):
    api = Api((status, SESSION))
    async with api.client() as client:
        assert (await client.start_session({})).session_id == "s-1"


async def test_success_that_is_an_error_in_disguise_is_bad():
    api = Api((200, {"detail": "No session for you"}))
    async with api.client() as client:
        with pytest.raises(BadAnswer, match="session_id"):
            await client.session_status("s-1")


@pytest.mark.parametrize("body", [[], "text", 1, True])
async def test_a_contract_is_an_object(body):
    async with Api((200, body)).client() as client:
        with pytest.raises(BadAnswer, match="not a JSON object"):
            await client.contract()


async def test_a_contract_comes_as_it_is_but_without_the_key():
    document = {"openapi": "3.1.0", "info": {"title": "é \u2028", "note": KEY}, "order": ["b", "a"]}
    async with Api((200, document)).client() as client:
        found = await client.contract()

    assert list(found) == list(document)
    assert found == {**document, "info": {"title": "é \u2028", "note": "[api key]"}}
