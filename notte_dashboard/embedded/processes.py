"""Who a process is, beyond its number: numbers are used again, a number together with a birth is not."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")


def birth(pid: int) -> str | None:
    """When this process began; None when it is gone (a dead one that nobody has waited for yet counts as gone)."""
    if BOOT.exists():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in {"Z", "X"} else f"{BOOT.read_text().strip()} {fields[19]}"
    shown = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607
    state, _, began = shown.stdout.strip().partition(" ")
    return began.strip() if state and not state.startswith("Z") else None


def record(path: Path, pids: Mapping[str, int]) -> None:
    """Leave a note about what runs, for the start after one that could not clean up."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({name: [pid, birth(pid)] for name, pid in pids.items() if pid}))
    draft.replace(path)


def recorded(path: Path) -> dict[str, int]:
    """Those of the note that are still alive and still the same process."""
    try:
        noted = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return {name: pid for name, (pid, began) in noted.items() if began and birth(pid) == began}


def end(path: Path, *, patience: float) -> list[str]:
    """Ends what the note names: asked politely first, then killed together with its process group. Returns the names."""
    found = recorded(path)
    for pid in found.values():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    ends = time.monotonic() + patience
    while (left := recorded(path)) and time.monotonic() < ends:
        time.sleep(0.05)
    for pid in left.values():
        _kill(pid)
    path.unlink(missing_ok=True)
    return list(found)


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        if os.getpgid(pid) == pid:
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGKILL)
