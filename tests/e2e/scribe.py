"""Writes runs into the database of a running product as its workers would, and announces them: quicker than letting them run.

A program of its own, since a test process has its own settings; started once for many rows.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.e2e.stack import ROOT, Stack


class Scribe:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def __call__(self, what: str, **facts: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([what, facts]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def scribe_of(stack: Stack) -> Iterator[Scribe]:
    command = [sys.executable, "-m", "tests.e2e.scribe"]
    environ = stack.environ | {"DJANGO_SETTINGS_MODULE": "notte_dashboard.settings.base"}
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Scribe(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0


def main() -> None:
    import django  # noqa: PLC0415 - the test process must not set it up with these settings

    django.setup()
    from tests.e2e.rows import COMMANDS  # noqa: PLC0415 - needs Django to be set up

    for line in sys.stdin:
        what, facts = json.loads(line)
        told = COMMANDS[what](**facts)
        print(json.dumps(told if told is not None else time.time()), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())  # noqa: PTH109 - a string is what it wants
    main()
