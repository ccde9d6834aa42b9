"""One dashboard per DATA_DIR. The lock is the kernel's, so it ends with its process however that ends."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from notte_dashboard.embedded.errors import StartError


class Holder(NamedTuple):
    pid: int
    url: str


@contextlib.contextmanager
def held(path: Path, url: str) -> Iterator[None]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a+") as file:
        if not _took(file.fileno()):
            other = holder(path)
            where = f" at {other.url} (process {other.pid})" if other else ""
            raise StartError(
                f"The dashboard is already running with this DATA_DIR{where}. "
                "Stop it with `make stop`, or choose another DATA_DIR."
            )
        file.truncate(0)
        file.write(json.dumps(Holder(os.getpid(), url)))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def holder(path: Path) -> Holder | None:
    """Who holds the lock now, as far as it can be told."""
    try:
        with path.open("r+") as file:
            if _took(file.fileno()):
                return None
            pid, url = json.load(file)
    except (FileNotFoundError, ValueError):
        return None
    return Holder(pid, url)


def _took(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
