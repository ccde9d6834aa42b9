"""What travels through the channel layer: wake-ups, never content."""

from typing import TypedDict


class Wake(TypedDict):
    """Something about this run is new in the database. Where the state is empty, anything may be."""

    type: str
    run: str
    seq: int
    state: str


class ListWake(TypedDict):
    """The same for those who show many runs: each run that is new, with its state."""

    type: str
    states: dict[str, str]


def wake(run: str, seq: int, state: str) -> Wake:
    return {"type": "wake", "run": run, "seq": seq, "state": state}


def list_wake(states: dict[str, str]) -> ListWake:
    return {"type": "wake", "states": states}
