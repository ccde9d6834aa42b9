"""What travels through the channel layer: wake-ups, never content."""

from typing import TypedDict


class Wake(TypedDict):
    """Something about this run is new in the database."""

    type: str
    run: str
    seq: int


def wake(run: str, seq: int) -> Wake:
    return {"type": "wake", "run": run, "seq": seq}
