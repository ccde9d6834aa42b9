"""Runs the benchmarks one after the other and writes docs/benchmarks.md: `python -m tests.benchmarks.report [--quick] [names]`.

A benchmark is a module with `TITLE`, `ABOUT` and `main(quick: bool) -> list[Figure]`. It runs in a process of its own, which is
given so many seconds as its `PATIENCE` says; what fails or takes too long is said in the report and stops nothing else.
"""

import argparse
import importlib
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
NAMES = ("step_to_paint", "stored_to_paint", "fanout", "watch", "long_run", "partial", "viewer", "forms", "admin_list")
PATIENCE = 240
PACKAGES = ("Django", "channels", "channels_redis", "uvicorn", "uvloop", "websockets", "celery", "redis", "aiohttp", "httpx")


@dataclass(frozen=True)
class Figure:
    """One comparison, made some times: what ours took, what the other took, and their ratio in the same run.

    A figure without a peer has only `ours`, and its goal is about that. `goal` is such as "<= 1.5"; empty for what is only told.
    """

    name: str
    ours: list[float]
    peer: list[float] = field(default_factory=list)
    ratio: list[float] = field(default_factory=list)
    unit: str = ""
    goal: str = ""
    note: str = ""
    """What exactly was compared; where the goal is missed, what was tried."""

    @property
    def judged(self) -> list[float]:
        return self.ratio or self.ours

    @property
    def met(self) -> bool | None:
        if not self.goal:
            return None
        relation, _, bound = self.goal.partition(" ")
        median = statistics.median(self.judged)
        return median <= float(bound) if relation == "<=" else median >= float(bound)


def compared(
    name: str,
    ours: Sequence[float],
    peer: Sequence[float],
    *,
    inverse: bool = False,
    goal: str = "",
    unit: str = "",
    note: str = "",
) -> Figure:
    """Ours through the peer's, pair by pair; the other way round where a higher figure is to be better."""
    pairs = zip(peer, ours, strict=True) if inverse else zip(ours, peer, strict=True)
    return Figure(name, list(ours), list(peer), [above / below for above, below in pairs], unit, goal, note)


def number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def spread(values: Sequence[float]) -> str:
    """Median, and in brackets the range."""
    if not values:
        return "-"
    if len(values) == 1:
        return number(values[0])
    return f"{number(statistics.median(values))} ({number(min(values))}-{number(max(values))})"


VERDICTS = {True: "met", False: "**missed**", None: ""}


def shown(figures: Sequence[Figure]) -> str:
    """A table, and under it the notes."""
    lines = ["| what | ours | peer | ratio | goal | |", "|---|---|---|---|---|---|"]
    for each in figures:
        unit = f" {each.unit}" if each.unit else ""
        peer = f"{spread(each.peer)}{unit}" if each.peer else "-"
        goal = each.goal.replace("<=", "≤").replace(">=", "≥") + ("" if each.ratio or not each.goal else unit)
        lines.append(
            f"| {each.name} | {spread(each.ours)}{unit} | {peer} | {spread(each.ratio)} | {goal} | {VERDICTS[each.met]} |"
        )
    notes = [f"- {each.name}: {each.note}" for each in figures if each.note]
    return "\n".join([*lines, "", *notes]).rstrip() + "\n"


def machine() -> list[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"- processor: {_processor()}, {os.cpu_count()} cores; memory: {memory:.0f} GiB",
        f"- system: {platform.system()} {platform.release()} ({platform.machine()}), Python {platform.python_version()}",
        f"- versions: {', '.join(f'{name} {_version(name)}' for name in PACKAGES)}",
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def there() -> list[str]:
    return [name for name in NAMES if (Path(__file__).parent / f"{name}.py").exists()]


def measured(name: str, *, quick: bool) -> dict[str, Any]:
    """One benchmark in its own process, with what the machine was doing before and after."""
    module = importlib.import_module(f"tests.benchmarks.{name}")
    patience = getattr(module, "PATIENCE", PATIENCE)
    found = {"title": module.TITLE, "about": module.ABOUT, "figures": [], "failed": "", "load": [os.getloadavg()[0]]}
    pace, stolen, began = loop_takes(), stolen_seconds(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nd-bench-") as folder:
        told = Path(folder) / "told.json"
        found["failed"] = _ran(name, told, patience, ["--quick"] if quick else [])
        if told.exists():
            found["figures"] = [Figure(**each) for each in json.loads(told.read_text())]
    seconds = time.monotonic() - began
    stolen = (stolen_seconds() - stolen) / seconds / (os.cpu_count() or 1)
    return found | {
        "load": [*found["load"], os.getloadavg()[0]],
        "pace": [pace, loop_takes()],
        "stolen": stolen,
        "seconds": seconds,
    }


def loop_takes() -> float:
    """Milliseconds for a million additions: a virtual machine is not equally quick at all hours."""
    took = []
    for _ in range(5):
        began = time.perf_counter()
        total = 0
        for number in range(1_000_000):
            total += number
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)


def stolen_seconds() -> float:
    """Processor time that other virtual machines had instead of this one (proc(5), /proc/stat, "steal")."""
    return int(Path("/proc/stat").read_text().split(maxsplit=9)[8]) / os.sysconf("SC_CLK_TCK")


def _ran(name: str, told: Path, patience: float, more: list[str]) -> str:
    """Empty, or why it did not end well. Interrupted as by Ctrl-C, so that it can end what it has started."""
    command = [sys.executable, "-m", "tests.benchmarks.report", "--one", name, "--to", str(told), *more]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            code = process.wait(patience)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()
            return f"took longer than {patience} s"
    return f"ended with code {code}" if code else ""


def section(result: dict[str, Any], *, quick: bool) -> str:
    load = " → ".join(f"{load:.1f}" for load in result["load"])
    pace = " → ".join(f"{pace:.0f}" for pace in result["pace"])
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC{' with `--quick`: only a rehearsal' if quick else ''}"
    parts = [
        f"## {result['title']}",
        "",
        result["about"],
        "",
        f"Measured until {when}, load {load}, loop {pace} ms, stolen {100 * result['stolen']:.1f} %, {result['seconds']:.0f} s.",
        "",
    ]
    if result["failed"]:
        parts += [f"**Not measured to the end: {result['failed']}.**", ""]
    if result["figures"]:
        parts += [shown(result["figures"])]
    return "\n".join(parts).rstrip() + "\n"


def page(sections: Sequence[str]) -> str:
    rows = [line.strip("|").split("|") for text in sections for line in text.splitlines() if line.startswith("| ")]
    judged = {row[0].strip(): row[-1].strip() for row in rows if row[-1].strip() in VERDICTS.values() and row[-1].strip()}
    missed = [name for name, verdict in judged.items() if verdict == VERDICTS[False]]
    head = [
        "# Benchmarks",
        "",
        "Written by `make bench`. Each figure is a median with its range; a ratio is of two things that ran in turns in one run,",
        "so that a busy machine slows both. Processor time is read from `/proc`. Everything is on the loopback interface, with a",
        "Redis and a database of its own. Beside each part stand the load, what a loop of a million additions took, both before",
        "and after, and how much of the processors other virtual machines had meanwhile: times in ms are those of that hour.",
        "",
        *machine(),
        f"- goals: {len(judged) - len(missed)} of {len(judged)} met" + (f"; missed: {', '.join(missed)}" if missed else ""),
        "",
    ]
    return "\n".join([*head, *sections]).rstrip() + "\n"


def written_before() -> dict[str, str]:
    """The parts of the page by their titles."""
    parts = PAGE.read_text().split("\n## ")[1:] if PAGE.exists() else []
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}


def one(name: str, to: Path | None, *, quick: bool) -> None:
    module = importlib.import_module(f"tests.benchmarks.{name}")
    figures = module.main(quick=quick)
    print(f"\n{module.TITLE}\n{shown(figures)}", flush=True)
    if to:
        to.write_text(json.dumps([asdict(figure) for figure in figures]))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "names", nargs="*", help=f"of {', '.join(NAMES)}: only their parts are written anew; all when none is given"
    )
    options.add_argument("--quick", action="store_true", help="few repeats; docs/benchmarks.md is not written")
    options.add_argument("--one", help=argparse.SUPPRESS)
    options.add_argument("--to", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        one(given.one, given.to, quick=given.quick)
        return
    results = [measured(name, quick=given.quick) for name in given.names or there()]
    fresh = {result["title"]: section(result, quick=given.quick) for result in results}
    if given.quick:
        print(page(list(fresh.values())))
    else:
        known = written_before() | fresh
        titles = [importlib.import_module(f"tests.benchmarks.{name}").TITLE for name in there()]
        PAGE.write_text(page([known[title] for title in titles if title in known]))
        print(f"Written: {PAGE.relative_to(ROOT)}")
    sys.exit(any(result["failed"] for result in results))


if __name__ == "__main__":
    main()
