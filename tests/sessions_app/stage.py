"""Fixtures of the three folders of view and service tests; each conftest takes them from here."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.people import Person
from tests.sessions_app.upstream import KEY, Upstream, free_port


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def people(alice: Person, bob: Person, vera: Person, eve: Person) -> SimpleNamespace:
    return SimpleNamespace(alice=alice, bob=bob, vera=vera, eve=eve)


@pytest.fixture
def as_(people: SimpleNamespace) -> Callable[[str], Client]:
    """The client of a person; "nobody" is signed out."""
    return lambda name: Client() if name == "nobody" else getattr(people, name).client


@pytest.fixture
def upstream(settings: Any) -> Iterator[Upstream]:
    """The API of the environment, in this test."""
    server = Upstream().start()
    settings.NOTTE_API_URL, settings.NOTTE_API_KEY = server.url, KEY
    yield server
    server.stop()


@pytest.fixture
def nobody_answers(settings: Any) -> None:
    settings.NOTTE_API_URL, settings.NOTTE_API_KEY = f"http://127.0.0.1:{free_port()}", KEY


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """Runs what waits for the commit, as it would outside of a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
