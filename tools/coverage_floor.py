"""Compares the coverage of the last run with `tests/coverage_floor.json`: the total and no single file may fall, but for chance.

coverage_floor.py            prints what fell; exit status 1 if anything did
coverage_floor.py --lower    also takes over figures that fell: after several runs, the lowest that chance brings
coverage_floor.py --set      takes over all figures
"""

import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FLOOR = ROOT / "tests" / "coverage_floor.json"
BY_CHANCE = 5
"""Lines and branches of a file that a run may miss and another reach: races, retries, drawn cases."""


def measured() -> dict[str, Any]:
    """Percent of lines and branches: `total` in tenths, `files` in whole numbers, both rounded down.

    `chance`: the percent of a file that BY_CHANCE of its lines or branches are.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        command = [sys.executable, "-m", "coverage", "json", "--quiet", "-o", str(report)]
        subprocess.run(command, cwd=ROOT, check=True)
        report_json = json.loads(report.read_text())
    files = {path: math.floor(facts["summary"]["percent_covered"]) for path, facts in report_json["files"].items()}
    parts = {
        path: facts["summary"]["num_statements"] + facts["summary"]["num_branches"]
        for path, facts in report_json["files"].items()
    }
    chance = {path: BY_CHANCE * 100 / max(count, 1) for path, count in parts.items()}
    return {"chance": chance, "total": math.floor(report_json["totals"]["percent_covered"] * 10) / 10, "files": files}


def fallen(floor: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """A line for each figure below its floor. A file without a floor counts in the total."""
    lines = [f"{path}: {floor['files'][path]} % before, {percent} % now" for path, percent in sorted(now["files"].items())
             if percent + now["chance"][path] < floor["files"].get(path, 0)]  # fmt: skip
    if now["total"] < floor["total"]:
        lines.append(f"total: {floor['total']} % before, {now['total']} % now")
    return lines


def main(arguments: list[str]) -> int:
    now = measured()
    floor = {name: now[name] for name in ("total", "files")} if "--set" in arguments else json.loads(FLOOR.read_text())
    fell = fallen(floor, now)
    print(*fell, f"Coverage of lines and branches: {now['total']} %, at least {floor['total']} % are asked for.", sep="\n")
    if "--lower" in arguments:
        files = {path: min(percent, floor["files"].get(path, percent)) for path, percent in now["files"].items()}
        floor, fell = {"total": min(floor["total"], now["total"]), "files": files}, []
    if arguments:
        FLOOR.write_text(json.dumps(floor, indent=1, sort_keys=True) + "\n")
    elif fell:
        print("Add the missing tests. `coverage report -m` shows the lines.")
    return int(bool(fell))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
