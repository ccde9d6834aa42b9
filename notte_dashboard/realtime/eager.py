"""Start a coroutine without a task, for calls that nearly always end without waiting (Python 3.12 calls that an eager task)."""

from collections.abc import Coroutine, Generator
from types import coroutine as generator_coroutine
from typing import Any


class Begun:
    """What is left of a coroutine that has run until its first wait; awaited in a task, it goes on from there."""

    def __init__(self, begun: Coroutine[Any, Any, None], waits_for: Any) -> None:
        self._begun, self._waits_for = begun, waits_for

    async def rest(self) -> None:
        await _rest(self._begun, self._waits_for)


def begin(coroutine: Coroutine[Any, Any, None]) -> Begun | None:
    """Run it until it waits for something; None when it has ended. It must not ask which task it runs in before that."""
    try:
        waits_for = coroutine.send(None)
    except StopIteration:
        return None
    return Begun(coroutine, waits_for)


@generator_coroutine
def _rest(begun: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:
    while True:
        error: BaseException | None = None
        got = None
        try:
            got = yield waits_for
        except GeneratorExit:
            begun.close()
            raise
        except BaseException as raised:  # noqa: BLE001 - a cancellation too belongs to the coroutine
            error = raised
        try:
            waits_for = begun.send(got) if error is None else begun.throw(error)
        except StopIteration:
            return
