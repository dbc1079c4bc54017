"""What the tests of faults share: a place with everything that is built once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from ratings.typesetting import WIDTHS
from tests.e2e.installation import Installation, installed
from tests.servers import ROOT, Postgres, app_server, postgres_server

BUILT = ("fonts", "fonts-made-from", WIDTHS, "static")


def furnish(var_dir: Path) -> Path:
    """Let an installation in `var_dir` use the fonts and static files that `make test` has built; return it."""
    for name in BUILT:
        (var_dir / name).symlink_to(settings.VAR_DIR / name)
    return var_dir


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty VAR_DIR of this module's own, furnished."""
    return furnish(tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="package")
def installation(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Installation]:
    """Two real servers on one SQLite file; a test that stops one of them starts it again."""
    with django_db_blocker.unblock(), installed(tmp_path_factory.mktemp("var"), processes=2) as installation:
        yield installation


@pytest.fixture(scope="package")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL that tests may kill; its database `prepared` is as `manage.py prepare` leaves one."""
    with postgres_server(durable=True) as server:
        with psycopg.connect(server.url(), autocommit=True) as admin:
            admin.execute("CREATE DATABASE prepared")
        app = app_server(var_dir=furnish(tmp_path_factory.mktemp("var")), DATABASE_URL=_database(server, "prepared"))
        prepare = [sys.executable, "manage.py", "prepare"]
        subprocess.run(prepare, check=True, cwd=ROOT, env={**os.environ, **app.env}, stdout=subprocess.DEVNULL)
        yield server


def prepared(server: Postgres, name: str) -> str:
    """Make a database that is ready to be used; return its address."""
    with psycopg.connect(server.url(), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE prepared").format(sql.Identifier(name)))
    return _database(server, name)


def _database(server: Postgres, name: str) -> str:
    return f"{server.url().rpartition('/')[0]}/{name}"


@contextmanager
def copied(of: Installation, var_dir: Path, *, database: Path, **env: str) -> Iterator[Installation]:
    """Serve a copy of an installation, in one process, with its database in another place and its log in `var_dir`."""
    file = database / "midpoint.sqlite3"
    with closing(sqlite3.connect(of.var_dir / file.name)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)
    url = f"sqlite:///{file}"
    key = of.servers[0].env["SECRET_KEY"]
    server = app_server(var_dir=furnish(var_dir), DATABASE_URL=url, SECRET_KEY=key, **env)
    server.stderr = var_dir / "log"
    with server:
        copy = Installation([server])
        try:
            yield copy
        finally:
            copy.close()
