"""Work that waits for the commit, in tests whose transaction never commits."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Makes a context at whose end runs what waits for the commit, as it would outside of a test."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
