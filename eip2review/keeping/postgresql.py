"""A PostgreSQL database: dumped and read back by its own programs, replaced by renaming schemas."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from eip2review.keeping.failures import InUse, KeepingFailed
from eip2review.keeping.survey import Survey, survey

STAGED = "midpoint_restoring"
CURRENT = "midpoint_current"
"""What the schema in use is called while another is read in; nobody ever sees it."""
COPIED = re.compile(rb"COPY [^ ]*?\.?\"?([^ .\"]+)\"? \(")
LEAVING = 5.0
"""Seconds for which a session may still be listed after its end."""
OTHERS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""


class PostgresqlStore:
    """The schema that holds the tables."""

    kind = "postgresql"

    def version(self) -> str:
        """Return the server's version."""
        return _ask("SHOW server_version")

    def size(self) -> int:
        """Return how large a dump may be, in bytes: it holds no indexes and is compressed."""
        return int(_ask("SELECT pg_database_size(current_database())"))

    def copy(self, target: Path) -> Survey:
        """Dump one state of the schema, and count again what is in the dump. Raises KeepingFailed."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = _ask("SELECT pg_export_snapshot()")
            found = survey()
            options = ["--format=custom", "--no-owner", "--no-privileges", f"--schema={_schema()}"]
            _run("pg_dump", *options, f"--snapshot={snapshot}", f"--file={target}", connect=True)
        script = target.with_suffix(".sql")
        _run("pg_restore", "--data-only", f"--file={script}", str(target))
        dumped = _count_rows(script)
        script.unlink()
        if dumped != found.rows:
            raise KeepingFailed("The dump does not hold every row of the database. Nothing was kept; try again.")
        return found

    @contextmanager
    def hold(self) -> Iterator[None]:
        """See that nobody else is connected. Raises InUse; `put_in_place` looks again."""
        _refuse_others()
        yield

    def stage(self, copy: Path) -> dict[str, Any]:
        """Read a dump into a schema of its own, in one transaction."""
        self.discard()
        here, script = _schema(), copy.with_suffix(".sql")
        quoted = connection.ops.quote_name(here)
        _run("pg_restore", "--no-owner", "--no-privileges", f"--schema={here}", f"--file={script}", str(copy))
        statements = [
            f"--command=ALTER SCHEMA {quoted} RENAME TO {CURRENT}",
            f"--command=CREATE SCHEMA {quoted}",
            f"--file={script}",
            f"--command=ALTER SCHEMA {quoted} RENAME TO {STAGED}",
            f"--command=ALTER SCHEMA {CURRENT} RENAME TO {quoted}",
        ]
        quiet = ["--no-psqlrc", "--quiet", "--output=/dev/null"]
        _run("psql", *quiet, "--set=ON_ERROR_STOP=1", "--single-transaction", *statements, connect=True)
        script.unlink()
        options = connection.settings_dict["OPTIONS"]
        return {"OPTIONS": {**options, "options": f"{options.get('options', '')} -c search_path={STAGED}"}}

    def put_in_place(self, *, aside: str | None) -> None:
        """Let the staged schema have the name of the one in use, in one transaction. Raises InUse."""
        here = connection.ops.quote_name(_schema())
        _refuse_others()  # outside of the transaction, which would see the same list of sessions until its end
        with transaction.atomic(), connection.cursor() as cursor:
            if aside:
                cursor.execute(f"ALTER SCHEMA {here} RENAME TO {connection.ops.quote_name(aside)}")
            else:
                cursor.execute(f"DROP SCHEMA {here} CASCADE")
            cursor.execute(f"ALTER SCHEMA {STAGED} RENAME TO {here}")

    def discard(self) -> None:
        """Drop the staged schema."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {STAGED} CASCADE")

    def name_aside(self, moment: str) -> str:
        """Return the schema that holds what was there before."""
        return f"before_{moment.replace('-', '_')}"


def _schema() -> str:
    return _ask("SELECT current_schema()")


def _ask(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def _refuse_others() -> None:
    """Raise InUse while others are connected; a session that has just ended is listed for a moment more."""
    until = time.monotonic() + LEAVING
    while int(_ask(OTHERS)):
        if time.monotonic() > until:
            raise InUse("Others are connected to the database: a server or a command. Stop them all, then restore.")
        time.sleep(0.05)


def _run(program: str, *options: str, connect: bool = False) -> None:
    """Run one of PostgreSQL's own programs, on this installation's database if asked. Raises KeepingFailed."""
    found = shutil.which(program)
    if found is None:
        raise KeepingFailed(f"{program} is missing. Install PostgreSQL's programs: apt-get install postgresql-client")
    command, environment = [found, *options], {**os.environ, "LC_ALL": "C"}
    if connect:
        (_psql, *where), told = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
        command += ["--dbname", where.pop(), *where]
        environment |= told or {}
    ran = subprocess.run(  # noqa: S603 - a program of the system's, and no shell
        command, env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        said = [line for line in ran.stderr.splitlines() if "error" in line.lower()] or ran.stderr.splitlines()
        raise KeepingFailed(f"{program} failed: {said[0].strip() if said else ran.returncode}")


def _count_rows(script: Path) -> dict[str, int]:
    """Return how many rows of each table are in a script of COPY statements."""
    counts: dict[str, int] = {}
    table = ""
    with script.open("rb") as opened:
        for line in opened:
            if table and line == b"\\.\n":
                table = ""
            elif table:
                counts[table] += 1
            elif found := COPIED.match(line):
                table = found[1].decode()
                counts[table] = 0
    return counts
