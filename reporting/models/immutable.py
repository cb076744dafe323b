"""What the database itself refuses to change once a version is final: its facts, its files and what it is (GOV-010).

A final version may be replaced by a later one, published and withdrawn, and lose the name of whoever asked for it.
Deleting a row is not refused here: reports and snapshots are kept by their foreign keys, and no page deletes a version.
Django rebuilds a table to change a column on SQLite, which a trigger of another table would not survive: `lift` runs
before every migration, `ensure` after it.
"""

# ruff: noqa: S608  tables and columns are constants

from django.db import connections, transaction

FINAL = "('final', 'superseded')"
# Of each table: which columns stay, and in which rows.
KEPT = {
    "reporting_build": (
        (
            *("report_id", "version", "becomes_final", "snapshot_id", "state", "finished_at"),
            *("pdf", "large_print", "html", "pdf_sha256", "pages"),
        ),
        f"OLD.status IN {FINAL}",
    ),
    "reporting_buildfile": (
        ("build_id", "kind", "file", "sha256", "pages"),
        f"EXISTS (SELECT 1 FROM reporting_build b WHERE b.id = OLD.build_id AND b.status IN {FINAL})",
    ),
    "reporting_snapshot": (
        ("report_id", "data", "sha256"),
        f"EXISTS (SELECT 1 FROM reporting_build b WHERE b.snapshot_id = OLD.id AND b.status IN {FINAL})",
    ),
}
MESSAGE = "a final version cannot be changed"


def ensure(using: str = "default", **signal) -> None:
    """Make the triggers, or make them again as they stand here."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if not tables >= set(KEPT):
        return
    statements = {"postgresql": _postgresql, "sqlite": _sqlite}[connection.vendor]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table, (columns, final) in KEPT.items():
            for statement in statements(table, columns, final):
                cursor.execute(statement)


def lift(using: str = "default", **signal) -> None:
    """Take the triggers away."""
    connection = connections[using]
    there = set(connection.introspection.table_names()) & set(KEPT)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table in sorted(there):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_final_stays{on}")


def _changed(columns: tuple[str, ...], differs: str, table: str) -> str:
    parts = [f"OLD.{name} {differs} NEW.{name}" for name in columns]
    if table == "reporting_build":
        # Final becomes superseded; nothing else becomes of it, and superseded is the end.
        parts.append(f"NEW.status NOT IN {FINAL}")
        parts.append("(OLD.status = 'superseded' AND NEW.status = 'final')")
    return " OR ".join(parts)


def _sqlite(table: str, columns: tuple[str, ...], final: str) -> tuple[str, ...]:
    name = f"{table}_final_stays"
    return (
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {final} AND ({_changed(columns, 'IS NOT', table)})"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    )


def _postgresql(table: str, columns: tuple[str, ...], final: str) -> tuple[str, ...]:
    name = f"{table}_final_stays"
    changed = _changed(columns, "IS DISTINCT FROM", table)
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {final} AND ({changed}) THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END IF;"
        " RETURN NEW; END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
