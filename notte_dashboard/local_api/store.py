"""Sessions, agents and their steps on disk, so that what has ended survives a restart. Records hold no secrets.

Calls are made on the event loop: with WAL and synchronous=NORMAL an append is well under a millisecond.
"""

import json
import os
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pydantic_core

Record = dict[str, Any]
RESTARTED = "The local API was restarted while this session was active; its browser is gone."
AGENT_RESTARTED = "Failed due to a restart of the local API."

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
  id TEXT PRIMARY KEY, created_at TEXT NOT NULL, active INTEGER NOT NULL, record TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS agents (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
  created_at TEXT NOT NULL, active INTEGER NOT NULL, record TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS steps (
  session_id TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, position INTEGER NOT NULL, agent_id TEXT, step TEXT NOT NULL,
  PRIMARY KEY (session_id, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sessions_by_age ON sessions (created_at);
CREATE INDEX IF NOT EXISTS agents_by_age ON agents (created_at);
CREATE INDEX IF NOT EXISTS agents_by_session ON agents (session_id);
CREATE INDEX IF NOT EXISTS steps_by_agent ON steps (agent_id, position);
"""


def timestamp(moment: datetime | None = None) -> str:
    return (moment or datetime.now(UTC)).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Store:
    def __init__(self, path: Path, *, keep: int) -> None:
        # Made before SQLite does, so that page contents are never readable by others.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._keep = keep
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000;"
        )
        self._db.executescript(_SCHEMA)
        self._end_interrupted()

    def close(self) -> None:
        self._db.close()

    def save_session(self, record: Record) -> None:
        values = (record["session_id"], record["created_at"], record["status"] == "active", _dumped(record))
        self._db.execute(
            "INSERT INTO sessions VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET active = excluded.active, record = excluded.record",
            values,
        )
        self._db.execute(
            "DELETE FROM sessions WHERE NOT active"
            " AND id NOT IN (SELECT id FROM sessions ORDER BY active DESC, created_at DESC LIMIT ?)",
            (self._keep,),
        )

    def save_agent(self, record: Record) -> None:
        values = (
            record["agent_id"],
            record["session_id"],
            record["created_at"],
            record["status"] == "active",
            _dumped(record),
        )
        self._db.execute(
            "INSERT INTO agents VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET active = excluded.active, record = excluded.record",
            values,
        )

    def add_step(self, session_id: str, position: int, agent_id: str | None, step: Record) -> None:
        self._db.execute("INSERT INTO steps VALUES (?, ?, ?, ?)", (session_id, position, agent_id, _dumped(step)))

    def session(self, session_id: str) -> Record | None:
        return _first(self._db.execute("SELECT record FROM sessions WHERE id = ?", (session_id,)))

    def agent(self, agent_id: str) -> Record | None:
        return _first(self._db.execute("SELECT record FROM agents WHERE id = ?", (agent_id,)))

    def session_steps(self, session_id: str) -> list[Record]:
        return _loaded(self._db.execute("SELECT step FROM steps WHERE session_id = ? ORDER BY position", (session_id,)))

    def agent_steps(self, agent_id: str) -> list[Record]:
        return _loaded(self._db.execute("SELECT step FROM steps WHERE agent_id = ? ORDER BY position", (agent_id,)))

    def sessions(self, *, offset: int, limit: int, only_active: bool) -> list[Record]:
        rows = self._db.execute(
            "SELECT record FROM sessions WHERE active OR NOT ? ORDER BY created_at DESC, id LIMIT ? OFFSET ?",
            (only_active, limit, offset),
        )
        return _loaded(rows)

    def agents(self, *, offset: int, limit: int, only_active: bool) -> list[Record]:
        rows = self._db.execute(
            "SELECT record FROM agents WHERE active OR NOT ? ORDER BY created_at DESC, id LIMIT ? OFFSET ?",
            (only_active, limit, offset),
        )
        return _loaded(rows)

    def _end_interrupted(self) -> None:
        """What is active in the file when it is opened belongs to a process that died: its browsers died with it."""
        now = timestamp()
        for record in _loaded(self._db.execute("SELECT record FROM sessions WHERE active").fetchall()):
            self.save_session({**record, "status": "error", "closed_at": now, "error": RESTARTED})
        for record in _loaded(self._db.execute("SELECT record FROM agents WHERE active").fetchall()):
            self.save_agent({**record, "status": "closed", "closed_at": now, "success": False, "answer": AGENT_RESTARTED})


def _dumped(record: Record) -> str:
    return pydantic_core.to_json(record).decode()


def _loaded(rows: Iterable[tuple[str]]) -> list[Record]:
    return [json.loads(row[0]) for row in rows]


def _first(rows: sqlite3.Cursor) -> Record | None:
    row = rows.fetchone()
    return None if row is None else json.loads(row[0])
