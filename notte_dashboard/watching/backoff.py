"""When to look again (seconds). Pure."""

from random import uniform

LONGEST = 30.0


def next_look(*, viewed: bool, listening: bool, unchanged: int, soon: float, late: float) -> float:
    """Soon while somebody looks; late when the upstream socket will wake us; in between, slower the quieter the run is."""
    if listening:
        return late
    if viewed:
        return soon
    return min(late, soon * 1.5 ** min(unchanged, 10))


def after_failure(failures: int, *, wait: float = 0.0) -> float:
    """Doubling with full jitter up to LONGEST, never before `wait`, the time the API asked for."""
    return max(wait, uniform(0.5, 1.0) * min(LONGEST, 2.0 ** min(failures, 5)))  # noqa: S311 - jitter, no secret
