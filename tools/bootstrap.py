"""From a fresh clone to an environment that works, then on to the command. Standard library only.

bootstrap.py runtime|dev [ARGUMENTS]   with arguments, goes on as `.venv/bin/python ARGUMENTS`
"""

import hashlib
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import browser
from steps import StepError, first_that_works, run
from system_packages import install_first_known

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = VENV / "log"
LOCKS = {name: ROOT / "requirements" / f"{name}.txt" for name in ("runtime", "dev")}
VENV_BY_HAND = "On Debian and Ubuntu: apt install python3-venv"
NETWORK = "Check the network (or the proxy and index that pip is configured for), then run the same command again."


def main(group: str, command: list[str]) -> int:
    try:
        if not _is_installed(group):
            _make_environment()
            _install(group)
    except StepError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        browser.ensure(VENV)
    except StepError as error:
        print(f"{error}\nGoing on without a Chromium.", file=sys.stderr)
    if command:
        sys.stdout.flush()
        os.chdir(ROOT)
        os.execv(PYTHON, [str(PYTHON), *command])  # noqa: S606 - no shell is wanted
    return 0


def _is_installed(group: str) -> bool:
    """Everything for running is also in what is for developing."""
    wanted = [group] if group == "dev" else [group, "dev"]
    return PYTHON.exists() and any(_stamp(name).exists() and _stamp(name).read_text() == _fingerprint(name) for name in wanted)


def _stamp(group: str) -> Path:
    return VENV / f"installed-{group}"


def _fingerprint(group: str) -> str:
    return hashlib.sha256(LOCKS[group].read_bytes()).hexdigest()


def _make_environment() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0:
        return
    log = Path(os.environ.get("TMPDIR", "/tmp")) / f"notte-dashboard-venv-{os.getuid()}.log"  # noqa: S108 - .venv is being made
    if find_spec("ensurepip") is None:
        # Debian packs it apart from Python.
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        install_first_known([package], [], why="for the environment", log=log, advice=VENV_BY_HAND)
    if find_spec("ensurepip") is not None:
        maker = [sys.executable, "-m", "venv", "--clear"]
    elif find_spec("virtualenv") is not None:
        maker = [sys.executable, "-m", "virtualenv", "--clear"]
    else:
        raise StepError(f"This Python ({sys.executable}) has no venv. {VENV_BY_HAND}")
    version = ".".join(map(str, sys.version_info[:3]))
    run(
        f"Making an environment for Python {version}",
        [*maker, VENV],
        log,
        advice=VENV_BY_HAND,
    )


def _install(group: str) -> None:
    lock = LOCKS[group]
    count = len(re.findall(r"^[A-Za-z0-9]", lock.read_text(), re.MULTILINE))
    title = f"Installing {count} Python packages"
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--require-hashes", "--requirement"]

    def with_uv() -> None:
        only_uv = LOG / "uv.txt"
        LOG.mkdir(exist_ok=True)
        only_uv.write_text(_uv_lines())
        run("Installing uv, the installer", [*pip, only_uv], LOG / "uv.log", advice="Going on with pip, which is slower.")
        uv = [PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, "--require-hashes", "--compile-bytecode", "--requirement"]
        run(title, [*uv, lock], LOG / "packages.log", advice="Going on with pip, which is slower.")

    first_that_works([with_uv, lambda: run(f"{title} with pip", [*pip, lock], LOG / "packages.log", advice=NETWORK)])
    _stamp(group).write_text(_fingerprint(group))


def _uv_lines() -> str:
    """The lines of the lock about uv, which is pinned there too, hashes included."""
    found = re.search(r"^uv==.*?(?=^\S|\Z)", LOCKS["dev"].read_text(), re.MULTILINE | re.DOTALL)
    if found is None:
        raise StepError("requirements/dev.txt names no uv.")
    return found[0]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except KeyboardInterrupt:
        sys.exit(130)
