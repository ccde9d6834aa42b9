"""Waiting: the connection to the database goes back to the pool meanwhile, which would else be empty when an API is slow."""

import asyncio
from collections.abc import Coroutine
from time import sleep
from typing import Any, TypeVar

from django.db import connection

Answer = TypeVar("Answer")


def wait_for(asked: Coroutine[Any, Any, Answer]) -> Answer:
    """Runs what asks an API. Within a transaction the connection is kept."""
    _let_go()
    return asyncio.run(asked)


def rest(seconds: float) -> None:
    """Until the next look at a row that another process changes."""
    if connection.vendor != "sqlite":  # which has no pool, and reads its whole schema for each new connection
        _let_go()
    sleep(seconds)


def _let_go() -> None:
    if not connection.in_atomic_block:
        connection.close()
