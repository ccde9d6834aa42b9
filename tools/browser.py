"""Makes sure that a Chromium is there: one that is installed, else Debian's package, else Playwright's own download."""

import os
import subprocess
import sys
from pathlib import Path

from steps import StepError, run
from system_packages import can_install, install_first_known

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from notte_dashboard.local_api.chromium import ChromiumMissingError, find  # noqa: E402 - the application's own list of places

FONT = "fonts-dejavu-core"
BY_HAND = (
    "Sessions need a Chromium: install one (on Debian: apt install chromium-headless-shell) and run again, "
    "or set CHROMIUM to its path. Everything else works without."
)


def ensure(venv: Path) -> None:
    """Raises StepError when there is none and none can be installed. May set CHROMIUM for the programs started next."""
    if _is_there(venv):
        return
    if os.environ.get("CHROMIUM"):
        raise StepError(f"CHROMIUM is {os.environ['CHROMIUM']}, which is not a program. {BY_HAND}")
    log = venv / "log" / "chromium.log"
    try:
        _from_debian(log)
    except StepError as error:
        print(error)
    if not _is_there(venv):
        _from_playwright(venv, log)


def _is_there(venv: Path) -> bool:
    downloaded = venv / "chromium-path"
    try:
        find(os.environ.get("CHROMIUM", ""), "")
    except ChromiumMissingError:
        if os.environ.get("CHROMIUM") or not downloaded.exists() or not Path(downloaded.read_text()).exists():
            return False
        os.environ["CHROMIUM"] = downloaded.read_text()
    return True


def _from_debian(log: Path) -> None:
    # Ubuntu's `chromium` is a stub that wants snap.
    names = ["chromium-headless-shell"] if _is_ubuntu() else ["chromium-headless-shell", "chromium"]
    install_first_known(names, [FONT], why="the browser that sessions run in", log=log, advice=BY_HAND)


def _is_ubuntu() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "ID=ubuntu" in release.read_text().splitlines()


def _from_playwright(venv: Path, log: Path) -> None:
    playwright = [venv / "bin" / "python", "-m", "playwright", "install"]
    libraries = ["--with-deps"] if can_install() else []
    run(
        "Downloading Chromium (about 100 MB)",
        [*playwright, *libraries, "chromium-headless-shell"],
        log,
        advice=BY_HAND,
    )
    said = subprocess.run(
        [*playwright, "--dry-run", "chromium-headless-shell"], capture_output=True, text=True, check=True
    ).stdout
    folder = next(line.split(":", 1)[1].strip() for line in said.splitlines() if "Install location" in line)
    names = {"headless_shell", "chrome-headless-shell"}
    found = next((path for path in Path(folder).rglob("*") if path.name in names and path.is_file()), None)
    if found is None:
        raise StepError(f"Playwright downloaded a Chromium into {folder}, but no program was found there. {BY_HAND}")
    (venv / "chromium-path").write_text(str(found))
    os.environ["CHROMIUM"] = str(found)
