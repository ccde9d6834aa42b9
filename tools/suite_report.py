"""What pytest reported of a run: its tests, how long they took and which failed (the file of pytest-reportlog)."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Test:
    id: str
    markers: set[str] = field(default_factory=set)
    """Names of its markers, and pytest's other keywords."""
    seconds: float = 0
    """Setup and teardown included."""
    failed: bool = False
    skipped: bool = False


def read_report(path: Path) -> list[Test]:
    """The tests of a report. A module that could not be imported is a failed test by the module's name."""
    tests: dict[str, Test] = {}
    lines = path.read_text().splitlines() if path.exists() else []
    for line in lines:
        _add(tests, json.loads(line))
    return list(tests.values())


def _add(tests: dict[str, Test], entry: dict[str, Any]) -> None:
    failed = entry.get("outcome") == "failed"
    if entry["$report_type"] != "TestReport" and not (entry["$report_type"] == "CollectReport" and failed):
        return
    test = tests.setdefault(entry["nodeid"], Test(entry["nodeid"]))
    test.markers |= set(entry.get("keywords", ()))
    test.seconds += entry.get("duration", 0)
    test.failed |= failed
    test.skipped |= entry["outcome"] == "skipped"


def slowest(tests: list[Test], count: int) -> list[Test]:
    return sorted(tests, key=lambda test: -test.seconds)[:count]
