"""A restore on PostgreSQL is killed half-way: the database is wholly the old or the new one, and the server starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from tests import factories
from tests.e2e.installation import Installation
from tests.faults.conftest import prepared
from tests.faults.phones import ask
from tests.servers import ROOT, Postgres, app_server, installed

OLD, NEW = {"Before", "Since"}, {"Before"}
PATIENCE = 60.0  # seconds

RESTORE = """
import os, signal, sys
from django.core.management import execute_from_command_line
from django.db import connection
beginning, nth, file = sys.argv[1], int(sys.argv[2]), sys.argv[3]
seen = []
def kill_after(execute, statement, *rest):
    done = execute(statement, *rest)
    seen.extend([statement] * statement.startswith(beginning))
    if len(seen) == nth:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
connection.execute_wrappers.append(kill_after)
execute_from_command_line(["manage.py", "restore", file, "--replace"])
"""
"""Restores, and is killed after the n-th statement that begins so; after none, if n is 0."""

PSQL = """#!{python}
import os, sys
script = next(word.removeprefix("--file=") for word in sys.argv if word.startswith("--file="))
with open(script) as opened:
    lines = opened.readlines()
ends = [number for number, line in enumerate(lines, 1) if line == "\\\\.\\n"]
kill = f"\\\\! kill -9 {{os.getppid()}} {{os.getpid() if {too} else ''}}\\n"
guards = [line for line in lines if line.startswith("\\\\restrict ")]  # which a script has in versions of late
half = ends[len(ends) // 2]
lines[half:half] = [*(line.replace("restrict", "unrestrict") for line in guards), kill, *guards]
with open(script, "w") as opened:
    opened.writelines(lines)
os.execv("{psql}", ["{psql}", *sys.argv[1:]])
"""
"""PostgreSQL's own psql, which half-way through the tables that it reads kills who has called it, and itself `too`."""


class Restoring:
    """An installation on PostgreSQL with a workshop that is in a backup, and one that has come since."""

    def __init__(self, var_dir: Path, postgres: Postgres) -> None:
        self.url, self.elsewhere, self.file = prepared(postgres, "restored"), postgres.url(), var_dir / "one.backup"
        self.server = app_server(var_dir=var_dir, DATABASE_URL=self.url, SECRET_KEY=settings.SECRET_KEY)
        self.env = {**os.environ, **self.server.env, "DJANGO_SETTINGS_MODULE": "eip2review.settings"}
        self._add("Before")
        backup = [sys.executable, "manage.py", "backup", str(self.file)]
        subprocess.run(backup, check=True, cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL)
        self._add("Since")

    def _add(self, organisation: str) -> None:
        installation = Installation([self.server])
        installation.arrange(lambda: factories.workshop(organisation=organisation))
        installation.close()

    def restore(self, beginning: str = "", nth: int = 0, *, path: str = "") -> int:
        """Restore, with programs from `path` first; return how it ended, once nobody is connected any more."""
        command = [sys.executable, "-c", RESTORE, beginning, str(nth), str(self.file)]
        env = self.env | {"PATH": f"{path}:{self.env['PATH']}"} if path else self.env
        code = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, check=False).returncode
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'restored'"
        until = time.monotonic() + PATIENCE
        with psycopg.connect(self.elsewhere, autocommit=True) as admin:
            while admin.execute(others).fetchone() != (0,):
                assert time.monotonic() < until, "somebody is still connected"
                time.sleep(0.05)
        return code

    def holds(self, schema: str = "public") -> set[str]:
        """Return whose workshops are in a schema."""
        query = sql.SQL("SELECT organisation FROM {}.workshops_workshop").format(sql.Identifier(schema))
        with psycopg.connect(self.url) as connected:
            return {name for (name,) in connected.execute(query)}

    def schemas(self, like: str) -> list[str]:
        """Return the schemas with such names."""
        with psycopg.connect(self.url) as connected:
            found = connected.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE %s", [like])
            return [name for (name,) in found]

    def examined(self) -> str:
        """Return what `manage.py doctor` finds of restores."""
        find = "from eip2review.doctor.data import cut_off; print(cut_off())"
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", find]
        return subprocess.run(command, check=True, cwd=ROOT, env=self.env, capture_output=True, text=True).stdout

    def starts(self) -> bool:
        """Start the server; return whether it is ready to serve, and stop it."""
        with self.server:
            return ask(self.server.port, "GET", "/ready/")[0] == ask(self.server.port, "GET", "/")[0] == 200


@pytest.fixture
def here(place: Path, postgres: Postgres, django_db_blocker: DjangoDbBlocker) -> Restoring:
    with django_db_blocker.unblock():
        return Restoring(place, postgres)


def test_killed_restore_leaves_the_old_or_the_new_and_does_not_hinder_the_next_one(
    here: Restoring, tmp_path: Path
) -> None:
    for too in (True, False):  # as when the power goes; and psql, which nobody has told, reads the rest
        folder = tmp_path / f"killed-too-{too}"
        folder.mkdir()
        (folder / "psql").write_text(PSQL.format(python=sys.executable, psql=installed("psql"), too=too))
        (folder / "psql").chmod(0o755)
        assert here.restore(path=str(folder)) == -signal.SIGKILL
        assert here.holds() == OLD
    assert here.schemas("midpoint%") == ["midpoint_restoring"]
    assert "look at" in here.examined()
    assert "DROP SCHEMA midpoint_restoring CASCADE" in here.examined()
    assert here.starts()

    assert here.restore("ALTER SCHEMA midpoint_restoring", 1) == -signal.SIGKILL  # renamed, and not yet committed
    assert here.holds() == OLD

    assert here.restore("DROP SCHEMA IF EXISTS", 2) == -signal.SIGKILL  # committed, and about to tidy up
    assert here.holds() == NEW
    assert here.starts()
    (aside,) = here.schemas("before%")
    assert here.holds(aside) == OLD
    assert here.schemas("midpoint%") == []
    assert "fine" in here.examined()
