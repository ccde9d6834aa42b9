"""The triggers that keep the audit log as it was written, for both databases.

A migration that alters the table makes SQLite build it anew, without its triggers: such a migration installs them again.
"""

from typing import Any

ENTRY, PERMIT = "audit_auditentry", "audit_prunepermit"
MESSAGE = "audit entries are never changed"
PERMITTED = f"SELECT 1 FROM {PERMIT} WHERE OLD.created_at < before AND "  # noqa: S608 - two constants
UNPERMITTED = f"NOT EXISTS ({PERMITTED} workspace_id IS OLD.workspace_id)"
REFUSE = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
SQLITE = (
    f"CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON {ENTRY} {REFUSE}",
    f"CREATE TRIGGER audit_entry_kept BEFORE DELETE ON {ENTRY} WHEN {UNPERMITTED} {REFUSE}",
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION audit_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND EXISTS ({PERMITTED} workspace_id IS NOT DISTINCT FROM OLD.workspace_id) THEN
            RETURN OLD;
        END IF;
        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"CREATE TRIGGER audit_entry_guard BEFORE UPDATE OR DELETE ON {ENTRY} FOR EACH ROW EXECUTE FUNCTION audit_entry_guard()",
)


def install(_apps: Any, schema_editor: Any) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER audit_entry_guard ON {ENTRY}")
        schema_editor.execute("DROP FUNCTION audit_entry_guard()")
    else:
        schema_editor.execute("DROP TRIGGER audit_entry_unchanged")
        schema_editor.execute("DROP TRIGGER audit_entry_kept")
