import asyncio

import pytest

from notte_dashboard.notte_api.errors import (
    BadAnswer,
    Invalid,
    NotFound,
    Overloaded,
    RateLimited,
    Refused,
    ServerFailed,
    Unanswered,
    Unauthorized,
    Unreachable,
)
from notte_dashboard.notte_api.retry import retry_delay, with_retries

PASSING = [
    Unreachable("x"),
    Unanswered("x"),
    RateLimited("x", status=429, retry_after=5),
    Overloaded("x", status=529, retry_after=5),
    Overloaded("x", status=503, retry_after=5),
    ServerFailed("x", status=502),
    ServerFailed("x", status=504),
]
LASTING = [
    BadAnswer("x", status=200),
    Refused("x", status=400),
    Unauthorized("x", status=401),
    NotFound("x", status=404),
    Invalid("x", status=422),
    ServerFailed("x", status=500),
    ServerFailed("x", status=501),
    RateLimited("x", status=429, retry_after=31),
    ValueError("not ours"),
]


def shown(error):
    return f"{type(error).__name__}-{getattr(error, 'status', None)}"


@pytest.mark.parametrize("error", [*PASSING, *LASTING], ids=shown)
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
def test_nothing_that_starts_something_is_repeated(method, error):
    assert retry_delay(method, error, 1) is None


@pytest.mark.parametrize("error", PASSING, ids=shown)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_reads_and_stops_are_repeated_up_to_three_times(method, error):
    delays = [retry_delay(method, error, attempt, jitter=lambda: 1.0) for attempt in (1, 2, 3, 4)]

    assert delays == ([6, 6, 6, None] if hasattr(error, "retry_after") else [1, 2, 4, None])


@pytest.mark.parametrize("error", LASTING, ids=shown)
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_will_not_change_is_not_repeated(method, error):
    assert retry_delay(method, error, 1) is None


def test_backoff_is_jittered_wholly_and_capped():
    assert retry_delay("GET", Unreachable("x"), 1, jitter=lambda: 0.0) == 0
    assert retry_delay("GET", Unreachable("x"), 9, retries=9, jitter=lambda: 1.0) == 10


async def test_loop_ends_with_the_last_error(no_waiting):
    errors = [Unreachable("one"), Unanswered("two"), Unreachable("three"), Unanswered("four"), Unreachable("five")]

    async def send():
        raise errors.pop(0)

    with pytest.raises(Unanswered, match="four"):
        await with_retries("GET", send, retries=3)


async def test_loop_ends_with_the_first_success(no_waiting):
    outcomes = [Unreachable("one"), "result"]

    async def send():
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert await with_retries("GET", send, retries=3) == "result"


async def test_cancellation_is_not_an_error_to_repeat():
    calls, asked = [], asyncio.Event()

    async def send():
        calls.append(1)
        asked.set()
        await asyncio.sleep(60)

    task = asyncio.create_task(with_retries("GET", send, retries=3))
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert calls == [1]
