"""The command, on real files in a folder of its own, fed by a real server on loopback."""

import copy
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from notte_dashboard.contract import writing
from notte_dashboard.notte_api import contract, regenerate
from notte_dashboard.notte_api.contract import FOLDER, Source, published
from notte_dashboard.presets.kinds import SESSION
from notte_dashboard.presets.services.save import save_preset
from tests.sessions_app.upstream import CUT, Upstream, free_port

MAPPING = "/components/schemas/ApiSessionStartRequest/properties/proxies/anyOf/0/items/discriminator/mapping"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The four files of the contract, as the command finds and writes them."""
    for module, name in ((contract, "DOCUMENT"), (contract, "OVERRIDES"), (contract, "SOURCE"), (regenerate, "TARGET")):
        original = getattr(module, name)
        path = tmp_path / original.name
        path.write_text(original.read_text())
        monkeypatch.setattr(module, name, path)
    return tmp_path


@pytest.fixture
def api(settings):
    """What NOTTE_API_URL names."""
    server = Upstream().start()
    settings.NOTTE_API_URL = server.url
    yield server
    server.stop()


@pytest.fixture
def newer():
    document = copy.deepcopy(published())
    document["info"]["version"] = "1.5.0"
    properties = document["components"]["schemas"]["ApiSessionStartRequest"]["properties"]
    properties["block_ads"] = {"type": "boolean", "default": False, "title": "Block Ads"}
    properties["max_duration_minutes"]["maximum"] = 60
    del properties["web_bot_auth"]
    return document


def run(*arguments, **options):
    out = StringIO()
    call_command("update_contract", *arguments, stdout=out, **options)
    return out.getvalue()


def contents(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.django_db
def test_the_api_s_contract_is_shown_and_written_with_its_source(api, folder, newer):
    api.say("GET", "/openapi.json", newer)
    out = run("--yes", "--no-models")

    assert "In use:  1.4.40\nOffered: 1.5.0" in out
    assert "  + block_ads: new: boolean, default false" in out
    assert "  ~ max_duration_minutes: maximum: 1440 → 60" in out
    assert "  - web_bot_auth: gone" in out
    assert json.loads((folder / "openapi.json").read_text()) == newer
    recorded = contract.recorded_source()
    assert isinstance(recorded, Source)
    assert recorded.source == f"{api.url}/openapi.json"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", recorded.date)
    assert {path.name for path in folder.iterdir()} == {"openapi.json", "overrides.json", "source.json", "generated.py"}
    assert "authorization" not in api.asked[0].headers


@pytest.mark.django_db
def test_models_follow_the_new_contract(folder, newer):
    (folder / "new.json").write_text(json.dumps(newer))
    run("--from", str(folder / "new.json"), "--yes")
    assert "block_ads" in (folder / "generated.py").read_text()


@pytest.mark.django_db
def test_without_the_generator_it_says_so(folder, newer, monkeypatch):
    monkeypatch.setattr(writing, "GENERATOR", "no_such_generator")
    before = (folder / "generated.py").read_text()
    (folder / "new.json").write_text(json.dumps(newer))
    assert "make dev" in run("--from", str(folder / "new.json"), "--yes")
    assert (folder / "generated.py").read_text() == before


@pytest.mark.django_db
def test_a_document_that_the_generator_refuses_changes_nothing(folder, newer):
    newer["components"]["schemas"]["Odd"] = {"oneOf": [{"type": "object"}], "discriminator": {"propertyName": "a", "mapping": 5}}
    (folder / "new.json").write_text(json.dumps(newer))
    before = contents(folder)
    with pytest.raises(CommandError, match="can't be generated") as told:
        run("--from", str(folder / "new.json"), "--yes")
    assert told.value.returncode == 2
    assert contents(folder) == before


@pytest.mark.django_db
def test_an_address_may_be_named(api, folder, newer):
    api.say("GET", "/docs/contract.json", newer)
    run("--from", f"{api.url}/docs/contract.json", "--yes", "--no-models")
    assert json.loads((folder / "openapi.json").read_text()) == newer
    assert "authorization" not in api.asked[0].headers


@pytest.mark.django_db
def test_the_same_contract_asks_nothing_and_writes_nothing(api, folder):
    api.say("GET", "/openapi.json", published())
    before = contents(folder)
    assert "is the contract in use (1.4.40)" in run()
    assert contents(folder) == before


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "written"), [("y", True), ("YES", True), ("", False), ("n", False), (EOFError, False)])
def test_it_writes_after_confirmation_only(api, folder, newer, monkeypatch, answer, written):
    def asked(_prompt):
        if answer is EOFError:
            raise EOFError
        return answer

    monkeypatch.setattr("builtins.input", asked)
    api.say("GET", "/openapi.json", newer)
    if written:
        run("--no-models")
    else:
        with pytest.raises(CommandError, match="Nothing was written"):
            run("--no-models")
    assert (contract.version_of(published()) == "1.5.0") is written


def elsewhere(document):
    document["paths"]["/usage/new"] = {"get": {"responses": {}}}


def wording(document):
    document["components"]["schemas"]["ApiSessionStartRequest"]["properties"]["headless"]["description"] = "Other words"


def new_field(document):
    document["components"]["schemas"]["ApiAgentStartRequest"]["properties"]["note"] = {"type": "string"}


def fix_is_over(document):
    fixed = contract.at(contract.contract_with_overrides(), MAPPING)
    contract.at(document, MAPPING.removesuffix("/mapping"))["mapping"] = fixed


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "status"), [(dict, 0), (elsewhere, 0), (wording, 0), (new_field, 1), (fix_is_over, 1)])
def test_check_tells_by_its_exit_status_whether_something_matters(api, folder, change, status):
    document = copy.deepcopy(published())
    change(document)
    api.say("GET", "/openapi.json", document)
    before = contents(folder)
    if status:
        with pytest.raises(SystemExit) as ended:
            run("--check")
        assert ended.value.code == status
    else:
        run("--check")
    assert contents(folder) == before


@pytest.mark.django_db
def test_fixes_that_are_over_are_told_and_dropped_and_doubtful_ones_are_kept_unused(api, folder, newer):
    del newer["components"]["schemas"]["SmsReadAction"]
    fix_is_over(newer)
    contract.at(newer, "/components/schemas/EmailReadAction/properties/timedelta/anyOf")[0] = {"type": "integer"}
    api.say("GET", "/openapi.json", newer)
    out = run("--yes", "--no-models")

    assert f"- {MAPPING}: the document is right by now; it is dropped" in out
    assert "- /components/schemas/SmsReadAction/properties/timedelta/anyOf/0: its place is gone" in out
    assert "! /components/schemas/EmailReadAction/properties/timedelta/anyOf/0: the document says something new" in out
    assert [each.pointer.split("/")[3] for each in contract.recorded_overrides()] == ["EmailReadAction"]
    assert contract.contract_with_overrides() == newer


def test_presets_that_break_are_named_with_their_reasons_but_not_their_secrets(api, folder, newer, bob):
    fits = {"headless": True}
    breaks = {"max_duration_minutes": 90, "web_bot_auth": True, "extra_http_headers": {"Authorization": "canary-secret"}}
    for name, request in (("Fits", fits), ("Breaks", breaks)):
        save_preset(by=bob.user, workspace=bob.workspace, kind=SESSION, name=name, shared=True, request=request)
    api.say("GET", "/openapi.json", newer)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("update_contract", "--check", stdout=out)

    told = out.getvalue().split("Presets that would no longer fit")[1]
    assert "! Shared: Breaks: " in told
    assert "web_bot_auth: The contract has no such field" in told
    assert "60" in told
    assert "Fits" not in told
    assert "canary-secret" not in told


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
def test_a_document_without_the_requests_is_refused_and_nothing_is_written(api, folder, document, why):
    api.say("GET", "/openapi.json", document)
    before = contents(folder)
    with pytest.raises(CommandError, match=why) as told:
        run("--yes")
    assert told.value.returncode == 2
    assert "Nothing was written" in str(told.value)
    assert contents(folder) == before


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [(404, {"message": "no such page"}), (500, "oops"), CUT, (302, {}, {"location": "/x"})])
def test_an_api_without_a_contract_is_explained(api, folder, answer):
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
def test_a_place_that_gives_nothing_is_explained(folder, where):
    with pytest.raises(CommandError, match=r"can't be|gave no contract|must not hold") as told:
        run("--from", where if "://" in where else str(folder / where))
    assert "user:pass" not in str(told.value)


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"openapi": "3.1.0"'])
def test_a_file_that_is_not_json_is_refused(folder, content):
    (folder / "broken.json").write_bytes(content)
    with pytest.raises(CommandError, match="is not JSON"):
        run("--from", str(folder / "broken.json"))


@pytest.mark.django_db
def test_an_api_that_is_not_there_is_explained(settings, folder):
    settings.NOTTE_API_URL = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(CommandError, match="cannot be reached"):
        run()


@pytest.mark.django_db
def test_a_write_that_fails_leaves_every_file_as_it_was(folder, newer, monkeypatch):
    (folder / "new.json").write_text(json.dumps(newer))
    before = contents(folder)
    (folder / "kept").mkdir()
    monkeypatch.setattr(regenerate, "TARGET", folder / "missing" / "generated.py")
    with pytest.raises(CommandError, match="can't be written"):
        run("--from", str(folder / "new.json"), "--yes")
    (folder / "kept").rmdir()
    assert contents(folder) == before


@pytest.mark.django_db
def test_readers_never_see_half_a_file(folder, newer, monkeypatch):
    """Whatever is read while the command writes is a whole document, the old one or the new one."""
    seen = []
    replace = Path.replace

    def watched(self, target):
        seen.append(json.loads((folder / "openapi.json").read_text())["info"]["version"])
        contract.contract_with_overrides()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    (folder / "new.json").write_text(json.dumps(newer))
    run("--from", str(folder / "new.json"), "--yes", "--no-models")
    assert seen == ["1.4.40", "1.5.0", "1.5.0"]


def test_the_recorded_source_is_of_the_file_that_is_there(folder):
    assert contract.recorded_source() is not None
    (folder / "openapi.json").write_text((folder / "openapi.json").read_text().replace("1.4.40", "1.4.41"))
    assert contract.recorded_source() is None
    (folder / "source.json").unlink()
    assert contract.recorded_source() is None


def test_the_tests_leave_the_contract_alone():
    assert contract.DOCUMENT.parent == FOLDER
