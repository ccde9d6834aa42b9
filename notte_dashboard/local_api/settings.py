"""Everything the local API reads from its environment, once, with errors that name the variable."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

KEY_FILE = "local_api_key"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:*]+")


class SettingsError(Exception):
    """The start stops here; the message names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    data_dir: Path
    api_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8001
    chromium: str = ""
    dashboard_port: int = 8000
    dashboard_origins: tuple[str, ...] = ()
    display: bool = False
    """Whether a window can be shown, as headless=false wants."""
    session_limit: int = 8
    sessions_kept: int = 200
    warm: bool = False
    """Whether a browser waits for the next session."""
    minute: float = 60.0
    """Seconds in a minute of the timeouts: tests shorten it, nothing else should."""

    @property
    def public_host(self) -> str:
        """The host that browsers on this machine use to reach us."""
        if self.host in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared, not bound
            return "127.0.0.1"
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def base_url(self) -> str:
        return f"http://{self.public_host}:{self.port}"

    @property
    def allowed_hosts(self) -> frozenset[str]:
        return frozenset({*LOOPBACK, self.host.lower(), self.public_host.strip("[]").lower()})


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    data_dir = Path(environ.get("DATA_DIR") or "var")
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"DATA_DIR: {data_dir} cannot be made: {error.strerror}.") from error
    return Settings(
        data_dir=data_dir,
        api_key=_api_key(environ, data_dir),
        host=environ.get("LOCAL_API_HOST") or "127.0.0.1",
        port=_port(environ, "LOCAL_API_PORT", 8001),
        chromium=environ.get("CHROMIUM", ""),
        dashboard_port=_port(environ, "PORT", 8000),
        dashboard_origins=_origins(environ, "CSRF_TRUSTED_ORIGINS"),
        warm=_switch(environ.get("LOCAL_API_WARM", ""), "LOCAL_API_WARM"),
        display=bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")),
    )


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:  # noqa: PLR2004 - the range of TCP ports
        raise SettingsError(f"{name} must be a port number from 1 to 65535.")
    return int(text)


def _switch(text: str, name: str) -> bool:
    if text.lower() not in {"", "1", "true", "yes", "0", "false", "no"}:
        raise SettingsError(f"{name} must be yes or no.")
    return text.lower() in {"", "1", "true", "yes"}


def _origins(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/") for part in environ.get(name, "").split(",") if part.strip())
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise SettingsError(f"{name} must be a comma-separated list of origins such as https://dashboard.example.")
    return origins


def _api_key(environ: Mapping[str, str], data_dir: Path) -> str:
    key = environ.get("LOCAL_API_KEY", "")
    if key:
        return _checked(key, "LOCAL_API_KEY")
    path = data_dir / KEY_FILE
    try:
        return _checked(_stored_key(path), str(path))
    except OSError as error:
        raise SettingsError(f"DATA_DIR: the key file {path} cannot be used: {error.strerror}.") from error


def _checked(key: str, name: str) -> str:
    if not key.isascii() or not key.isprintable() or " " in key:
        raise SettingsError(f"{name} must hold a key of printable ASCII characters without spaces.")
    return key


def _stored_key(path: Path) -> str:
    if not path.exists():
        fresh = path.with_name(f".{KEY_FILE}.{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32) + "\n")
            # A link is made whole or not at all, and never over a key that another process has made meanwhile.
            if not path.exists():
                _link(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
    path.chmod(0o600)
    key = path.read_text().strip()
    if not key:
        raise SettingsError(f"{path} is empty: delete it to get a new key.")
    return key


def _link(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
