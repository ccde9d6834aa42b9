"""Lint, and the tests that a change touches, nearest first and two minutes at most: `make check [BASE=commit]`.

The change is what differs from BASE; without it, what is not committed yet, or else the last commit.
End-to-end tests and PostgreSQL are left to `make test`.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from change_reach import ROOT, distances_of_tests
from file_seconds import load_seconds, store_seconds
from suite_report import read_report

WORKERS = 2
BUDGET = 90
"""Seconds of wall time for the tests; lint takes about a quarter of a minute."""
UNKNOWN_FILE = 4.0
"""Seconds, for a test file that has not been timed on this machine."""


def changed_files(base: str) -> list[str]:
    untracked = _git("ls-files", "--others", "--exclude-standard")
    if base:
        return sorted({*_git("diff", "--name-only", base), *untracked})
    return sorted({*_git("diff", "--name-only", "HEAD"), *untracked}) or _git("diff", "--name-only", "HEAD~1")


def _git(*arguments: str) -> list[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()  # noqa: S607


def choose(distances: dict[str, int]) -> tuple[list[str], list[str]]:
    """Test files that fit into the budget, nearest first, and those that do not."""
    seconds = load_seconds()
    chosen: list[str] = []
    left_out: list[str] = []
    used = 0.0
    for path in sorted(distances, key=lambda path: (distances[path], seconds.get(path, UNKNOWN_FILE))):
        used += seconds.get(path, UNKNOWN_FILE)
        (chosen if used <= BUDGET * WORKERS or not chosen else left_out).append(path)
    return chosen, left_out


def run_tests(paths: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="nd-check-") as folder:
        report = Path(folder) / "report.jsonl"
        options = ["-q", "-n", str(WORKERS), f"--report-log={report}"]
        status = subprocess.run([sys.executable, "-m", "pytest", *options, *paths], cwd=ROOT, check=False).returncode
        store_seconds(read_report(report))
    return status


def main() -> int:
    began = time.monotonic()
    changed = changed_files(os.environ.get("BASE", ""))
    print(f"Changed: {', '.join(changed) or 'nothing'}", flush=True)
    lint = subprocess.run(["make", "--no-print-directory", "lint"], cwd=ROOT, check=False).returncode  # noqa: S607
    chosen, left_out = choose(distances_of_tests(changed))
    print(f"\n{len(chosen)} test files touch the change, {len(left_out)} more are further away.", flush=True)
    status = run_tests(chosen) if chosen else 0
    if left_out:
        print("Not run for want of time (make test runs all):", *left_out, sep="\n  ")
    print(
        f"\nmake check: lint {'red' if lint else 'green'}, tests {'red' if status else 'green'}, {time.monotonic() - began:.0f} s"
    )
    return int(bool(lint or status))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
