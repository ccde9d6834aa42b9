"""One line per long step: what it does, how long it has taken; and when it fails, why and what to do. Standard library only."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

LAST_LINES = 15


class StepError(Exception):
    """A step failed; the message says which, why and what to do."""


def run(title: str, command: Sequence[str | Path], log: Path, *, advice: str, environ: dict[str, str] | None = None) -> None:
    """Runs a command that may take long; its output goes to the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | (environ or {}),
            )
        except OSError as error:
            raise StepError(f"{title} failed: {command[0]} does not start ({error.strerror}).\n{advice}") from error
        code = _wait(title, process)
    if code:
        last = log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        said = "\n".join(f"    {line}" for line in last)
        raise StepError(f"{title} failed (exit code {code}). The end of {log}:\n{said}\n{advice}")


def _wait(title: str, process: subprocess.Popen[bytes]) -> int:
    began = time.monotonic()
    show = _line_that_grows if sys.stdout.isatty() else _line_once
    show(f"{title} ...", began, last=False)
    try:
        while True:
            try:
                code = process.wait(1)
            except subprocess.TimeoutExpired:
                show(f"{title} ...", began, last=False)
                continue
            show(f"{title} {'failed after' if code else 'done in'}", began, last=True)
            return code
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise


def _line_that_grows(text: str, began: float, *, last: bool) -> None:
    print(f"\r{text} {time.monotonic() - began:.0f} s ", end="\n" if last else "", flush=True)


def _line_once(text: str, began: float, *, last: bool) -> None:
    """For logs: a line at the start, one at the end, and one each half a minute."""
    elapsed = time.monotonic() - began
    if last or elapsed < 1:
        print(f"{text} {elapsed:.0f} s" if last else text, flush=True)
    elif round(elapsed) % 30 == 0:
        print(f"{text} {elapsed:.0f} s", flush=True)


Attempt = Callable[[], None]


def first_that_works(attempts: Sequence[Attempt]) -> None:
    """The last failure is the one that is told."""
    for number, attempt in enumerate(attempts, 1):
        try:
            attempt()
        except StepError:
            if number == len(attempts):
                raise
        else:
            return
