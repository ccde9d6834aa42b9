"""`local_api` is one server for all tests; `start_local_api` makes one to measure."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from notte_dashboard.local_api.settings import Settings
from tests.local_api.serving import KEY, LocalApi, ScriptedBrain, serve
from tests.ports import refusing_port


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, api_key=KEY, port=0, dashboard_port=refusing_port())


@pytest.fixture
def start_local_api(settings: Settings) -> Iterator[Callable[..., LocalApi]]:
    """Call it with Settings fields to change; `brain_for` other than the scripted one may be given."""
    running: list[LocalApi] = []

    def start(brain_for: Any = ScriptedBrain, **changes: Any) -> LocalApi:
        api = serve(replace(settings, **changes), brain_for=brain_for)
        running.append(api)
        return api

    yield start
    for api in running:
        api.stop()


@pytest.fixture(scope="session")
def shared_local_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalApi]:
    data_dir = tmp_path_factory.mktemp("local_api")
    settings = Settings(data_dir=data_dir, api_key=KEY, port=0, dashboard_port=refusing_port())
    api = serve(settings, brain_for=ScriptedBrain)
    yield api
    api.stop()


@pytest.fixture
def local_api(shared_local_api: LocalApi) -> Iterator[LocalApi]:
    """The shared server, without sessions of an earlier test when the test is over."""
    yield shared_local_api
    for session in shared_local_api.get("/sessions?page_size=100").json()["items"]:
        shared_local_api.delete(f"/sessions/{session['session_id']}/stop")
