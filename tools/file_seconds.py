"""How long the tests of each file took on this machine the last time, in pytest's cache folder."""

import json
from collections import defaultdict
from pathlib import Path

from suite_report import Test

FILE = Path(__file__).resolve().parents[1] / ".pytest_cache" / "file_seconds.json"


def load_seconds() -> dict[str, float]:
    """Seconds by the path of a test file, setup and teardown included; empty before the first run."""
    return dict(json.loads(FILE.read_text())) if FILE.exists() else {}


def store_seconds(tests: list[Test]) -> None:
    """Takes over the figures of the files that were run."""
    by_file: dict[str, float] = defaultdict(float)
    for test in tests:
        by_file[test.id.partition("::")[0]] += test.seconds
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(load_seconds() | by_file))
