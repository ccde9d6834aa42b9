"""The Procfile is the one list of programs; which of them run here follows from the settings."""

import re
import shlex
import string
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

_LINE = re.compile(r"(?P<name>[a-z][a-z0-9_]*):\s*(?P<command>\S.*)")


class Program(NamedTuple):
    name: str
    command: str


def read(path: Path, environ: Mapping[str, str]) -> list[Program]:
    """The programs in the file's order, variables filled in; a command is never seen by a shell."""
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"{path.name}, line {number} is not `name: command`")
        words = [string.Template(word).substitute(environ) for word in shlex.split(match["command"])]
        found.append(Program(match["name"], shlex.join(words)))
    return found


def needed(programs: list[Program]) -> list[Program]:
    unneeded = {name for name, wanted in (("redis", settings.BUNDLED_REDIS), ("local_api", settings.EMBEDDED)) if not wanted}
    return [program for program in programs if program.name not in unneeded]
