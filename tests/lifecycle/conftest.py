"""Keys that a run was started with and that can no longer be used."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import make_key
from tests.scripted_api import ScriptedApi


@pytest.fixture(params=["revoked", "a space"])
def lose_key(request: pytest.FixtureRequest, upstream: ScriptedApi, settings: Any) -> Callable[[Any], str]:
    """Takes a run's key away, or spoils that of the environment; returns a word that says what is wrong with it."""

    def lose(run: Any) -> str:
        if request.param == "revoked":
            key = make_key(run.workspace, base_url=upstream.url, revoked_at=timezone.now())
            type(run).objects.filter(pk=run.pk).update(api_key=key)
        else:
            settings.NOTTE_API_KEY = "two words of a key"
        return str(request.param)

    return lose
