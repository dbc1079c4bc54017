"""What was signed is guarded in the database itself: no row is changed, and none goes before its workshop is erased.

The guards are raised after every migration, since SQLite writes a table anew to alter it and loses them. They name no
other table, so they are in the way of none. Whoever owns the database can lift them too; then the fingerprint tells.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, models

from ratings.models import SignedFile, SignedJournal

GUARDED: tuple[type[models.Model], ...] = (SignedJournal, SignedFile)
REFUSAL = "what was signed off never changes"
FUNCTION = f"""CREATE OR REPLACE FUNCTION guard_signed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE integrity_constraint_violation USING MESSAGE = '{REFUSAL}'; END $$"""
STAND = {
    "sqlite": (
        "CREATE TRIGGER IF NOT EXISTS {table}_is_not_changed BEFORE UPDATE OF {columns} ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
        "CREATE TRIGGER IF NOT EXISTS {table}_is_not_taken BEFORE DELETE ON {table} WHEN NOT OLD.let_go "
        "BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE TRIGGER {table}_is_not_changed BEFORE UPDATE OF {columns} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION guard_signed()",
        "CREATE OR REPLACE TRIGGER {table}_is_not_taken BEFORE DELETE ON {table} "
        "FOR EACH ROW WHEN (NOT OLD.let_go) EXECUTE FUNCTION guard_signed()",
    ),
}


def raise_guards(using: str = "default", **kwargs: Any) -> None:
    """Let the database refuse to change what was signed, and to delete what was not let go; twice does no more."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for model in GUARDED:
            table = model._meta.db_table
            columns = [str(field.column) for field in model._meta.concrete_fields if field.column != "let_go"]
            for statement in STAND[connection.vendor] if table in there else ():
                cursor.execute(statement.format(table=table, columns=", ".join(columns), refusal=REFUSAL))


def lift_guards(using: str = "default") -> None:
    """Take the guards away: a database that is emptied after a test is the one thing that they are in the way of."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for model in GUARDED:
            table = model._meta.db_table
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            for name in (f"{table}_is_not_changed", f"{table}_is_not_taken"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
