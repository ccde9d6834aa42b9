"""Finding a Chromium on this machine, and saying what to do when there is none."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

# The program itself before /usr/bin/chromium-headless-shell: that is a script, and killing it leaves the browser alive.
_KNOWN = (
    "/usr/lib/chromium/chromium-headless-shell",
    "chromium-headless-shell",
    "/usr/lib/chromium/chromium",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
MISSING = (
    "No Chromium was found. Install one (Debian: `apt install chromium-headless-shell`; "
    "elsewhere: `python -m playwright install chromium`) or set CHROMIUM to its path."
)


class ChromiumMissingError(Exception):
    """The message says what to install or which variable to correct."""


@dataclass(frozen=True, slots=True)
class Chromium:
    path: str
    version: str

    @property
    def is_google_chrome(self) -> bool:
        return self.version.startswith("Google Chrome")

    @property
    def is_headless_only(self) -> bool:
        return "headless" in Path(self.path).name


def exists(found: Chromium) -> bool:
    return Path(found.path).exists()


def find(configured: str, playwrights_own: str) -> str:
    """`configured` wins and is never replaced by another one."""
    if configured:
        found = shutil.which(configured)
        if found is None:
            raise ChromiumMissingError(f"CHROMIUM names {configured}, which is not a program.")
        return found
    for candidate in (*_KNOWN, playwrights_own):
        found = shutil.which(candidate) if candidate else None
        if found is not None:
            return found
    raise ChromiumMissingError(MISSING)


async def identify(path: str) -> Chromium:
    try:
        process = await asyncio.create_subprocess_exec(
            path, "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, start_new_session=True
        )
        output, _ = await asyncio.wait_for(process.communicate(), timeout=20)
    except (OSError, TimeoutError) as error:
        raise ChromiumMissingError(f"{path} does not start ({type(error).__name__}). {MISSING}") from error
    version = output.decode(errors="replace").strip()[:100]
    if process.returncode != 0 or not version:
        raise ChromiumMissingError(f"{path} does not work (`--version` failed). {MISSING}")
    return Chromium(path, version)
