"""What a database holds, counted and checked: of the one in the settings, or by a process of its own, of a copy."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import field

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

from eip2review.keeping.failures import KeepingFailed


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


SURVEY = TypeAdapter(Survey)


def place() -> str:
    """Return which database is looked at: SQLite's file, or PostgreSQL's schema."""
    if connection.vendor == "sqlite":
        return str(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])


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


def survey_elsewhere(where: str, environment: Mapping[str, str], *, migrate: bool = False) -> Survey:
    """Look through another database with a process of its own, after bringing it up to this version if asked.

    `where` is its `place()`, and the environment leads there. Raises KeepingFailed when that process fails.
    """
    command = [sys.executable, "-m", "eip2review.keeping.survey", where, *(["--migrate"] if migrate else [])]
    own = {"SECRET_KEY": settings.SECRET_KEY, "VAR_DIR": str(settings.VAR_DIR)}
    environment = {**os.environ, **own, **environment}
    looked = subprocess.run(  # noqa: S603 - our own module, and no shell
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    if looked.returncode:
        what = "cannot be brought up to this version" if migrate else "cannot be read"
        last = looked.stderr.strip().splitlines()[-1:] or [f"exit {looked.returncode}"]
        raise KeepingFailed(f"What is in the backup {what}: {last[0].partition(':')[0]}.")
    return SURVEY.validate_json(looked.stdout)


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
    from ratings.verifying import not_as_signed
    from workshops.models import Workshop
    from workshops.trail import chains, first_break

    for workshop in (None, *Workshop.objects.order_by("pk")):
        for chain in chains(workshop):
            if entry := first_break(chain):
                whose = f"workshop {workshop.code}" if workshop else f"account {entry.by}"
                yield f"trail of {whose}, {entry.get_strand_display()}: entry {entry.number}"
    yield from not_as_signed()


def _linked() -> list[int]:
    from workshops.models import Participant

    people = Participant.objects.filter(rehearsal=False)
    return list(people.order_by("workshop").values_list("workshop", flat=True).distinct())


def main() -> None:
    """Print the survey of the database that the environment leads to, as JSON; exits when it is not the one meant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place")
    parser.add_argument("--migrate", action="store_true")
    options = parser.parse_args()
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eip2review.settings")
    django.setup()
    if place() != options.place:
        sys.exit("the environment leads to another database")
    if options.migrate:
        from django.core.management import call_command
        from django.core.management.commands.migrate import Command

        call_command(Command(), interactive=False, verbosity=0, skip_checks=True)
    sys.stdout.write(SURVEY.dump_json(survey()).decode())


if __name__ == "__main__":
    main()
