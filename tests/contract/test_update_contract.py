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

MAPPING = "/components/schemas/ApiSessionStartRequest/properties/proxies/anyOf/0/items/discriminator/mapping"


@pytest.mark.django_db
def test_the_api_s_contract_is_shown_and_written_with_its_source(api, folder, newer, run):
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
def test_models_follow_the_new_contract(folder, newer, run):
    (folder / "new.json").write_text(json.dumps(newer))
    run("--from", str(folder / "new.json"), "--yes")
    assert "block_ads" in (folder / "generated.py").read_text()


@pytest.mark.django_db
def test_without_the_generator_it_says_so(folder, newer, monkeypatch, run):
    monkeypatch.setattr(writing, "GENERATOR", "no_such_generator")
    before = (folder / "generated.py").read_text()
    (folder / "new.json").write_text(json.dumps(newer))
    assert "make dev" in run("--from", str(folder / "new.json"), "--yes")
    assert (folder / "generated.py").read_text() == before


@pytest.mark.django_db
def test_a_document_that_the_generator_refuses_changes_nothing(folder, newer, run, contents):
    newer["components"]["schemas"]["Odd"] = {"oneOf": [{"type": "object"}], "discriminator": {"propertyName": "a", "mapping": 5}}
    (folder / "new.json").write_text(json.dumps(newer))
    before = contents()
    with pytest.raises(CommandError, match="can't be generated") as told:
        run("--from", str(folder / "new.json"), "--yes")
    assert told.value.returncode == 2
    assert contents() == before


@pytest.mark.django_db
def test_an_address_may_be_named(api, folder, newer, run):
    api.say("GET", "/docs/contract.json", newer)
    run("--from", f"{api.url}/docs/contract.json", "--yes", "--no-models")
    assert json.loads((folder / "openapi.json").read_text()) == newer
    assert "authorization" not in api.asked[0].headers


@pytest.mark.django_db
def test_the_same_contract_asks_nothing_and_writes_nothing(api, folder, run, contents):
    api.say("GET", "/openapi.json", published())
    before = contents()
    assert "is the contract in use (1.4.40)" in run()
    assert contents() == before


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "written"), [("y", True), ("YES", True), ("", False), ("n", False), (EOFError, False)])
def test_it_writes_after_confirmation_only(api, folder, newer, monkeypatch, answer, written, run):
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
def test_check_tells_by_its_exit_status_whether_something_matters(api, folder, change, status, run, contents):
    document = copy.deepcopy(published())
    change(document)
    api.say("GET", "/openapi.json", document)
    before = contents()
    if status:
        with pytest.raises(SystemExit) as ended:
            run("--check")
        assert ended.value.code == status
    else:
        run("--check")
    assert contents() == before


@pytest.mark.django_db
def test_fixes_that_are_over_are_told_and_dropped_and_doubtful_ones_are_kept_unused(api, folder, newer, run):
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


@pytest.mark.django_db
def test_a_write_that_fails_leaves_every_file_as_it_was(folder, newer, monkeypatch, run, contents):
    (folder / "new.json").write_text(json.dumps(newer))
    before = contents()
    (folder / "kept").mkdir()
    monkeypatch.setattr(regenerate, "TARGET", folder / "missing" / "generated.py")
    with pytest.raises(CommandError, match="can't be written"):
        run("--from", str(folder / "new.json"), "--yes")
    (folder / "kept").rmdir()
    assert contents() == before


@pytest.mark.django_db
def test_readers_never_see_half_a_file(folder, newer, monkeypatch, run):
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
