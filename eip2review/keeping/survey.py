"""What a database holds, counted and checked: of the one in the settings, or for a while of another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from pydantic.dataclasses import dataclass

from ratings.verifying import not_as_signed
from workshops.models import Participant, Workshop
from workshops.trail import chains, first_break


@dataclass(frozen=True)
class Survey:
    """What was found: how many rows each table has, which migrations were applied, what is wrong.

    `broken` are the trails that do not hold and the signed journals that are not what was signed; None: this version
    cannot tell before it has migrated. `linked` are the ids of the workshops whose answers still belong to phones.
    """

    rows: dict[str, int]
    migrations: list[str]
    faults: list[str] = field(default_factory=list)
    broken: list[str] | None = None
    linked: list[int] = field(default_factory=list)


def survey() -> Survey:
    """Look through the database of the settings; of one state only inside a transaction that sees one."""
    tables = sorted(connection.introspection.table_names())
    applied = MigrationRecorder(connection).applied_migrations()
    executor = MigrationExecutor(connection)
    is_current = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Survey(
        rows={table: _count(table) for table in tables},
        migrations=sorted(f"{app}.{name}" for app, name in applied),
        faults=list(_faults()),
        broken=list(_broken()) if is_current else None,
        linked=_linked() if is_current else [],
    )


@contextmanager
def elsewhere(*, secret_key: str = "", **changes: Any) -> Iterator[None]:
    """Let everything in this process look at another database: of the settings of this one, with these changes.

    For commands, whose process has one thread. `secret_key`: with which its trails were written, if with another.
    """
    here, key = connections["default"], settings.SECRET_KEY
    there = here.copy()
    there.settings_dict.update(changes)
    connections["default"], settings.SECRET_KEY = there, secret_key or key
    try:
        yield
    finally:
        there.close()
        connections["default"], settings.SECRET_KEY = here, key


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table's own name
        return int(cursor.fetchone()[0])


def _faults() -> Iterator[str]:
    """Yield what SQLite finds wrong with its file; PostgreSQL looks after its own."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        yield from (line for (line,) in cursor.fetchall() if line != "ok")
        cursor.execute("PRAGMA foreign_key_check")
        yield from (f"{table}: row {row} points to nothing in {parent}" for table, row, parent, _ in cursor.fetchall())


def _broken() -> Iterator[str]:
    for workshop in (None, *Workshop.objects.order_by("pk")):
        for chain in chains(workshop):
            if entry := first_break(chain):
                whose = f"workshop {workshop.code}" if workshop else f"account {entry.by}"
                yield f"trail of {whose}, {entry.get_strand_display()}: entry {entry.number}"
    yield from not_as_signed()


def _linked() -> list[int]:
    people = Participant.objects.filter(rehearsal=False)
    return list(people.order_by("workshop").values_list("workshop", flat=True).distinct())
