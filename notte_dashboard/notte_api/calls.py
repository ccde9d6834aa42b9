"""Counting the calls of the API: which operation, what came of it, how long it took. Never an id or an address."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from notte_dashboard import metrics
from notte_dashboard.notte_api.errors import NotteError

COLLECTIONS = frozenset({"sessions", "agents", "vaults", "personas", "profiles", "health"})


def operation(method: str, path: str) -> str:
    """The call's name in the API's own manner; few, whatever ids and addresses there are."""
    collection, *rest = path.strip("/").split("/")
    if collection not in COLLECTIONS:
        return f"{method} other"
    if rest and rest != ["start"]:
        rest[0] = "{id}"
    return f"{method} /{'/'.join([collection, *rest])}"


@contextmanager
def counted(name: str) -> Iterator[None]:
    began, outcome = time.perf_counter(), "cancelled"
    try:
        yield
        outcome = "ok"
    except NotteError as error:
        outcome = error.code
        raise
    except Exception:
        outcome = "failed"
        raise
    finally:
        metrics.UPSTREAM_CALLS.labels(name, outcome).inc()
        metrics.UPSTREAM_CALL.labels(name).observe(time.perf_counter() - began)
