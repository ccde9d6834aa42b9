"""What the client uses must be in the vendored contract, so that a new contract shows what it breaks."""

import httpx
import pytest

from notte_dashboard.notte_api.answers import (
    AgentAnswer,
    Answer,
    DebugSockets,
    HealthAnswer,
    Page,
    PersonaAnswer,
    ProfileAnswer,
    SessionAnswer,
    SessionDebug,
    VaultAnswer,
)
from notte_dashboard.notte_api.client import NotteClient
from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.contract import contract_with_overrides

CONTRACT = contract_with_overrides()
ANSWERS = {
    "SessionResponse": (SessionAnswer, set()),
    "LegacyAgentStatusResponse": (AgentAnswer, set()),
    "SessionDebugResponse": (SessionDebug, set()),
    "WebSocketUrls": (DebugSockets, set()),
    "HealthResponse": (HealthAnswer, set()),
    "Vault": (VaultAnswer, set()),
    "PersonaResponse": (PersonaAnswer, set()),
    "ProfileResponse": (ProfileAnswer, set()),
    "PaginatedResponse_SessionResponse_": (Page, {"skipped"}),
    "PaginatedResponse_AgentResponse_": (Page, {"skipped"}),
}
OPERATIONS = {
    "health": ((), "get", "/health", "HealthResponse"),
    "start_session": (({"headless": True},), "post", "/sessions/start", "SessionResponse"),
    "session_status": (("{session_id}",), "get", "/sessions/{session_id}", "SessionResponse"),
    "stop_session": (("{session_id}",), "delete", "/sessions/{session_id}/stop", "SessionResponse"),
    "list_sessions": ((), "get", "/sessions", "PaginatedResponse_SessionResponse_"),
    "session_debug": (("{session_id}",), "get", "/sessions/{session_id}/debug", "SessionDebugResponse"),
    "start_agent": (({"task": "x"},), "post", "/agents/start", "AgentResponse"),
    "agent_status": (("{agent_id}",), "get", "/agents/{agent_id}", "LegacyAgentStatusResponse"),
    "stop_agent": (("{agent_id}", "s-1"), "delete", "/agents/{agent_id}/stop", "AgentStatusResponse"),
    "list_agents": ((), "get", "/agents", "PaginatedResponse_AgentResponse_"),
    "list_vaults": ((), "get", "/vaults", "PaginatedResponse_Vault_"),
    "list_personas": ((), "get", "/personas", "PaginatedResponse_PersonaResponse_"),
    "list_profiles": ((), "get", "/profiles", "PaginatedResponse_ProfileResponse_"),
}


def schema(name):
    return CONTRACT["components"]["schemas"][name]


@pytest.mark.parametrize("name", ANSWERS)
def test_answer_names_every_field_of_its_schema_and_no_other(name):
    model, ours = ANSWERS[name]
    assert set(model.model_fields) - ours == set(schema(name)["properties"])


@pytest.mark.parametrize("name", ["AgentResponse", "AgentStatusResponse"])
def test_shorter_answers_of_agents_are_parts_of_the_longest(name):
    assert set(schema(name)["properties"]) <= set(AgentAnswer.model_fields) | {"credits"}


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("SessionResponse", {"session_id"}),
        ("LegacyAgentStatusResponse", {"agent_id"}),
        ("Vault", {"vault_id"}),
        ("PersonaResponse", {"persona_id"}),
        ("ProfileResponse", {"profile_id"}),
    ],
)
def test_only_ids_are_required_of_an_answer(name, ids):
    model: type[Answer] = ANSWERS[name][0]
    assert {field for field, details in model.model_fields.items() if details.is_required()} == ids
    assert ids <= set(schema(name)["required"])


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_operation_is_in_the_contract_with_its_parameters(operation):
    arguments, method, path, answer = OPERATIONS[operation]
    asked: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"session_id": "s", "agent_id": "a", "items": []})

    async with NotteClient(Connection("https://api.notte.cc", "key"), transport=httpx.MockTransport(respond)) as client:
        await getattr(client, operation)(*arguments)

    described = CONTRACT["paths"][path][method]
    queries = {parameter["name"] for parameter in described.get("parameters", []) if parameter["in"] == "query"}
    needed = {
        parameter["name"]
        for parameter in described.get("parameters", [])
        if parameter["in"] == "query" and parameter.get("required")
    }
    assert (asked[0].method.lower(), asked[0].url.path) == (method, path)
    assert needed <= set(asked[0].url.params) <= queries
    assert described["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith(f"/{answer}")
    assert ("requestBody" in described) is bool(asked[0].content)


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name != "health"])
def test_operation_takes_the_headers_that_name_us(operation):
    _, method, path, _ = OPERATIONS[operation]
    headers = {parameter["name"] for parameter in CONTRACT["paths"][path][method]["parameters"] if parameter["in"] == "header"}

    assert headers == {"x-notte-request-origin", "x-notte-sdk-version"}


def test_422_has_the_shape_whose_reasons_are_read():
    assert schema("HTTPValidationError")["properties"]["detail"]["items"]["$ref"].endswith("/ValidationError")
    assert {"loc", "msg", "type"} <= set(schema("ValidationError")["properties"])
