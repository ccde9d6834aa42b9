"""Installs packages of Debian and its relatives, where that needs no password. Standard library only."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from steps import StepError, run


def as_root() -> list[str] | None:
    """The words that make a command run as root without asking for a password; None when that can't be."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def can_install() -> bool:
    return shutil.which("apt-get") is not None and as_root() is not None


def install_first_known(names: Sequence[str], also: Sequence[str], *, why: str, log: Path, advice: str) -> None:
    """The first of the names that there is, and what goes with it; nothing when none is known or this is no such system."""
    root = as_root()
    if root is None or not shutil.which("apt-get"):
        return

    def refresh() -> None:
        run("Reading the list of system packages", [*root, "apt-get", "update"], log, advice=advice)

    if not _is_known(names[0]):
        refresh()
    name = next((name for name in names if _is_known(name)), None)
    if name is None:
        return
    install = [
        *root,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "install",
        "--yes",
        "--no-install-recommends",
        name,
        *also,
    ]
    title = f"Installing {name} ({why})"
    try:
        run(title, install, log, advice="Trying once more with a fresh list of packages.")
    except StepError as error:
        print(error)
        refresh()
        run(title, install, log, advice=advice)


def _is_known(package: str) -> bool:
    return subprocess.run(["apt-cache", "show", package], capture_output=True, check=False).returncode == 0  # noqa: S607
