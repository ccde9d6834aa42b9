"""What is sent, before any language has a say: one call, or two when an agent gets a session of its own."""

from typing import Any, NamedTuple


class Variable(str):
    """A value that only running the code brings."""

    __slots__ = ()


NEW_SESSION = Variable("SESSION_ID")


class Call(NamedTuple):
    path: str
    body: dict[str, Any]
