"""When a call is sent again: one pure table, and the loop that follows it."""

import random
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar

import stamina

from notte_dashboard.notte_api.errors import NotteError, Overloaded, RateLimited, ServerFailed, Unanswered, Unreachable

FIRST_WAIT, LONGEST_BACKOFF = 1.0, 10.0
LONGEST_WAIT = 30.0
REPEATABLE = frozenset({"GET", "DELETE"})
GATEWAY = frozenset({HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT})

Result = TypeVar("Result")


def retry_delay(
    method: str, error: Exception, attempt: int, *, retries: int = 3, jitter: Callable[[], float] = random.random
) -> float | None:
    """Seconds to wait after failed attempt number `attempt` (from 1), or None to give up.

    A start is never repeated here. Nor is a call for which the API asks for a long wait: its caller can sleep better.
    """
    if method not in REPEATABLE or attempt > retries:
        return None
    if isinstance(error, RateLimited | Overloaded):
        wait = error.retry_after + jitter()
        return wait if error.retry_after <= LONGEST_WAIT else None
    if isinstance(error, Unreachable | Unanswered) or (isinstance(error, ServerFailed) and error.status in GATEWAY):
        return min(LONGEST_BACKOFF, FIRST_WAIT * 2.0 ** (attempt - 1)) * jitter()
    return None


async def with_retries(method: str, send: Callable[[], Awaitable[Result]], *, retries: int) -> Result:
    if not retries or method not in REPEATABLE:
        return await send()
    tries = 0

    def after(error: Exception) -> float | bool:
        delay = retry_delay(method, error, tries, retries=retries) if isinstance(error, NotteError) else None
        return False if delay is None else delay

    async for attempt in stamina.retry_context(on=after, attempts=retries + 1, timeout=None):
        with attempt:
            tries = attempt.num
            return await send()
    raise AssertionError("stamina ends with a result or an exception")  # pragma: no cover - for the type checker
