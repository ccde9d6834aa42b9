"""Documents that are no contract, and places that give none: explained, and nothing is written."""

import copy

import pytest
from django.core.management.base import CommandError

from notte_dashboard.notte_api.contract import published
from tests.ports import refusing_port
from tests.scripted_api import CUT

NO_CONTRACT = {"openapi": "3.1.0", "info": {"version": "9"}, "paths": {}, "components": {"schemas": {}}}


def without(*names):
    document = copy.deepcopy(published())
    place = document
    for name in names[:-1]:
        place = place[name]
    del place[names[-1]]
    return document


def with_request(schema):
    document = copy.deepcopy(published())
    document["components"]["schemas"]["ApiAgentStartRequest"] = schema
    return document


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "not a JSON object"),
        ({}, "not an OpenAPI 3 document"),
        ({"swagger": "2.0"}, "not an OpenAPI 3 document"),
        ({"openapi": 3}, "not an OpenAPI 3 document"),
        (NO_CONTRACT, "lacks the request POST /sessions/start"),
        ({**NO_CONTRACT, "paths": []}, "lacks the request"),
        (without("paths", "/agents/start"), "lacks the request POST /agents/start"),
        (without("paths", "/agents/start", "post", "requestBody"), "lacks the request POST /agents/start"),
        (without("components", "schemas", "ApiAgentStartRequest"), "no usable schema ApiAgentStartRequest"),
        (without("components"), "no usable schema ApiSessionStartRequest"),
        (with_request({"type": "object"}), "names no field of ApiAgentStartRequest"),
        (with_request({"properties": 5}), "no usable schema|names no field"),
        (with_request({"$ref": "#/components/schemas/ApiAgentStartRequest"}), "no usable schema"),
        (with_request(7), "no usable schema|names no field"),
    ],
)
def test_a_document_without_the_requests_is_refused_and_nothing_is_written(api, folder, document, why, run, contents):
    api.say("GET", "/openapi.json", document)
    before = contents()
    with pytest.raises(CommandError, match=why) as told:
        run("--yes")
    assert told.value.returncode == 2
    assert "Nothing was written" in str(told.value)
    assert contents() == before


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [(404, {"message": "no such page"}), (500, "oops"), CUT, (302, {}, {"location": "/x"})])
def test_an_api_without_a_contract_is_explained(api, folder, answer, run):
    api.say("GET", "/openapi.json", answer)
    with pytest.raises(CommandError, match="gave no contract"):
        run()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where",
    [
        "missing.json",
        ".",
        "http://127.0.0.1:1/openapi.json",
        "http://user:pass@127.0.0.1/openapi.json",
        "https:///openapi.json",
        "http://127.0.0.1/openapi.json?x=1",
    ],
)
def test_a_place_that_gives_nothing_is_explained(folder, where, run):
    with pytest.raises(CommandError, match=r"can't be|gave no contract|must not hold") as told:
        run("--from", where if "://" in where else str(folder / where))
    assert "user:pass" not in str(told.value)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"openapi": "3.1.0"'])
def test_a_file_that_is_not_json_is_refused(folder, content, run):
    (folder / "broken.json").write_bytes(content)
    with pytest.raises(CommandError, match="is not JSON"):
        run("--from", str(folder / "broken.json"))


@pytest.mark.django_db
def test_an_api_that_is_not_there_is_explained(settings, folder, run):
    settings.NOTTE_API_URL = f"http://127.0.0.1:{refusing_port()}"
    with pytest.raises(CommandError, match="cannot be reached"):
        run()
