"""A socket is an open file, and shells allow few: a process that holds thousands raises its own limit."""

import resource

OPEN_FILES = 65_536


def raise_open_files() -> None:
    """As far as the system lets an ordinary user."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
