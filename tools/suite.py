"""Runs the parts of the test suite, repeats what may be unstable, and sums up: `suite.py [PART ...]`.

All parts run, also after a red one. A failed test that drives a browser, a process or a clock is run once more,
alone, at the end of its part; if it passes then, it is listed as unstable. Exit status 1 when a check or a test
failed, when a test failed twice, or when more than three tests were unstable.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from file_seconds import store_seconds
from suite_report import Test, read_report, slowest

ROOT = Path(__file__).resolve().parents[1]
PYTEST = [sys.executable, "-m", "pytest"]
ON_POSTGRESQL = [sys.executable, "tests/on_postgresql.py"]
REPEATABLE = {"e2e", "chromium", "process", "clock"}
"""Markers of tests that depend on more than their own code."""
MOST_UNSTABLE = 3
MOST_REPEATED = 10
SLOWEST = 20
TESTS_FAILED = 1
"""pytest's exit status when all tests ran and some failed."""


@dataclass(frozen=True)
class Part:
    command: list[str]
    alone: list[str] = field(default_factory=list)
    """What a single test of this part is run with; empty for a part that is no pytest."""
    root: Path = ROOT


PARTS = {
    "lint": Part(["make", "--no-print-directory", "lint"]),
    "sqlite": Part([*PYTEST, "-n", "3", "--ignore", "tests/e2e", "--cov", "--cov-report="], PYTEST),
    "coverage": Part([sys.executable, "tools/coverage_floor.py"]),
    "postgresql": Part([*ON_POSTGRESQL, "-n", "3"], ON_POSTGRESQL),
    "e2e": Part([*PYTEST, "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "-p", "no:randomly", "tests/e2e"], PYTEST),
}


@dataclass
class Result:
    part: str
    seconds: float
    tests: list[Test]
    failed: list[str]
    """What is red for good: tests by their id, or the part itself."""
    unstable: list[str]


def run_part(name: str, part: Part, folder: Path) -> Result:
    """Reports are written into the folder."""
    began = time.monotonic()
    print(f"\n=== {name}: {' '.join(part.command).replace(sys.executable, 'python')}", flush=True)
    report = folder / f"{name}.jsonl"
    report.unlink(missing_ok=True)
    options = [f"--report-log={report}"] if part.alone else []
    status = subprocess.run([*part.command, *options], cwd=part.root, check=False).returncode
    tests = read_report(report)
    if name == "sqlite":
        store_seconds(tests)
    failed = [test for test in tests if test.failed]
    if status not in {0, TESTS_FAILED} or (status and not failed):
        red, unstable = [f"{name} ended with status {status}", *(test.id for test in failed)], []
    else:
        red, unstable = _repeat(part, failed, folder)
    return Result(name, time.monotonic() - began, tests, red, unstable)


def _repeat(part: Part, failed: list[Test], folder: Path) -> tuple[list[str], list[str]]:
    """Those that failed for good, and those that pass when they run alone."""
    repeatable = [test for test in failed if test.markers & REPEATABLE][:MOST_REPEATED]
    unstable = []
    for test in repeatable:
        print(f"\n=== once more, alone: {test.id}", flush=True)
        report = folder / "alone.jsonl"
        report.unlink(missing_ok=True)
        subprocess.run([*part.alone, f"--report-log={report}", test.id], cwd=part.root, check=False)
        again = read_report(report)
        if again and not any(each.failed for each in again):
            unstable.append(test.id)
    return [test.id for test in failed if test.id not in unstable], unstable


def summary(results: list[Result]) -> Iterator[str]:
    tests = [test for result in results for test in result.tests]
    yield f"The slowest {SLOWEST} tests:"
    yield from (f"  {test.seconds:6.1f} s  {test.id}" for test in slowest(tests, SLOWEST))
    yield "\nParts:"
    for result in results:
        passed = sum(not test.failed and not test.skipped for test in result.tests)
        counts = f"{passed:5} passed, {len(result.failed)} failed, {len(result.unstable)} unstable" if result.tests else ""
        yield f"  {result.part:10} {'red' if result.failed else 'green':5} {result.seconds:6.0f} s  {counts}"
    yield f"  {'':10} {'':5} {sum(result.seconds for result in results):6.0f} s"
    unstable = [test for result in results for test in result.unstable]
    yield f"\nUnstable, to be mended ({len(unstable)}):" if unstable else "\nUnstable: none"
    yield from (f"  {test}" for test in unstable)
    failed = [test for result in results for test in result.failed]
    yield f"\nFailed ({len(failed)}):" if failed else "\nFailed: none"
    yield from (f"  {test}" for test in failed)


def is_red(results: list[Result]) -> bool:
    return any(result.failed for result in results) or sum(len(result.unstable) for result in results) > MOST_UNSTABLE


def main(names: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="nd-suite-") as folder:
        results = [run_part(name, PARTS[name], Path(folder)) for name in names or PARTS]
    print("", *summary(results), sep="\n", flush=True)
    return int(is_red(results))


if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - PARTS.keys()
    if unknown:
        sys.exit(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
