"""Each test starts with an empty cache and database; the audit log, which nobody else may empty, is emptied too."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db.backends.sqlite3.base import DatabaseOperations

from notte_dashboard.audit import append_only


@pytest.fixture(scope="session", autouse=True)
def audit_log_can_be_emptied() -> Iterator[None]:
    """SQLite deletes row by row, under the eyes of the triggers; PostgreSQL's TRUNCATE is not seen by them."""
    plain = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, style: Any, tables: Any, **options: Any) -> list[str]:
        emptied = plain(self, style, tables, **options)
        if append_only.ENTRY not in tables:
            return emptied
        return ["DROP TRIGGER audit_entry_unchanged", "DROP TRIGGER audit_entry_kept", *emptied, *append_only.SQLITE]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()
