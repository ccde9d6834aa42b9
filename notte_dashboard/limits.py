"""What a process that serves thousands allows itself: many open files, and few looks for garbage."""

import gc
import resource

OPEN_FILES = 65_536


def raise_open_files() -> None:
    """As far as the system lets an ordinary user; a socket is an open file, and shells allow few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def collect_rarely() -> None:
    """After start-up: what it built never becomes garbage, and full collections over a large heap stop everything else."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
