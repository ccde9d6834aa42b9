"""The contract's files in a folder of their own, an API that serves one, and the command."""

import copy
from io import StringIO

import pytest
from django.core.management import call_command

from notte_dashboard.notte_api import contract, regenerate
from notte_dashboard.notte_api.contract import published
from tests.scripted_api import ScriptedApi


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
    server = ScriptedApi().start()
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


@pytest.fixture
def run():
    """What the command says."""

    def update_contract(*arguments):
        out = StringIO()
        call_command("update_contract", *arguments, stdout=out)
        return out.getvalue()

    return update_contract


@pytest.fixture
def contents(folder):
    return lambda: {path.name: path.read_text() for path in folder.iterdir()}
