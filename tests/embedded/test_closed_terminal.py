"""`up` goes on, and stops what it started, when nobody reads what it says any more."""

import os

from notte_dashboard.embedded.management.commands.up import Command


def test_a_closed_terminal_keeps_nobody_from_stopping_the_programs():
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "w", buffering=1) as terminal:
        up = Command(stdout=terminal)
        up.say("Stopping ...")
        os.dup2(os.open(os.devnull, os.O_WRONLY), writes)  # so that closing it succeeds
