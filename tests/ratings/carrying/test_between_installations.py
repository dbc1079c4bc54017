"""From a laptop to a server: two real installations, each with its own database and its own secret key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests.ratings.carrying.finished import PEOPLE

PATIENCE = 120.0
PREPARE = """
from django.contrib.auth.models import User
from django.core.management import call_command
call_command("migrate", verbosity=0)
User.objects.create_user("bob")
"""
LAPTOP = """
import json
from django.contrib.auth.models import User
from django.core.management import call_command
from tests.ratings.carrying.carried import told
from tests.ratings.carrying.finished import finished
of = finished(User.objects.create_user("ann"), files=("pdf", "json", "md"))
call_command("carry", of.code, {file!r})
told = told(of)
print(json.dumps([of.code, told], default=lambda value: value.hex() if isinstance(value, bytes) else str(value)))
"""
SERVER = """
import json
from django.core.management import call_command
from ratings.models import SignedFile
from tests.ratings.carrying.carried import told
from workshops.models import Workshop
of = Workshop.objects.get()
call_command("check_trail", of.code)
for file in SignedFile.objects.all():
    open({file!r}, "wb").write(bytes(file.data))
    call_command("verify_journal", {file!r})
told = told(of)
print(json.dumps([of.code, told], default=lambda value: value.hex() if isinstance(value, bytes) else str(value)))
"""
COUNT = """
SELECT (SELECT count(*) FROM workshops_arrival) + (SELECT count(*) FROM workshops_workshop)
    + (SELECT count(*) FROM workshops_edition) + (SELECT count(*) FROM workshops_trailentry)
    + (SELECT count(*) FROM ratings_score) + (SELECT count(*) FROM ratings_signedjournal)
"""


@dataclass(frozen=True)
class Installation:
    """A place with a database and a secret key of its own; commands are run there."""

    env: Mapping[str, str]

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *words],
            cwd=settings.BASE_DIR,
            env={**os.environ, **self.env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, typed: str = "") -> tuple[int, str, str]:
        """Run a command; return how it ended, what it printed and what it complained of."""
        process = self.start(*words)
        out, error = process.communicate(typed, timeout=PATIENCE)
        return process.returncode, out, error

    def tell(self, script: str) -> str:
        """Run a few lines of Python; return what they print."""
        ended, out, error = self.run("shell", "-v", "0", "-c", script)
        assert ended == 0, error
        return out


@dataclass(frozen=True)
class Brought:
    """What came from the laptop: the file, its passphrase, the workshop's code there, and all that was told of it."""

    file: Path
    passphrase: str
    code: str
    told: dict[str, Any]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a database on SQLite that nobody has used but "bob", who has an account."""
    place = on_sqlite(tmp_path_factory.mktemp("empty"))
    place.tell(PREPARE + "from django.db import connection\nconnection.cursor().execute('PRAGMA journal_mode=DELETE')")
    return Path(place.env["VAR_DIR"], "midpoint.sqlite3").read_bytes()


def on_sqlite(folder: Path, database: bytes = b"") -> Installation:
    """Return an installation on SQLite; it makes its own secret key."""
    if database:
        (folder / "midpoint.sqlite3").write_bytes(database)
    url = f"sqlite:///{folder}/midpoint.sqlite3"
    return Installation({"VAR_DIR": str(folder), "DATABASE_URL": url, "SECRET_KEY": "", "REDIS_URL": ""})


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory, empty: bytes) -> Brought:
    """Return a workshop that was run, signed and packed on a laptop."""
    folder = tmp_path_factory.mktemp("laptop")
    file = folder / "workshop.midpoint"
    laptop = on_sqlite(folder, empty)
    *_said, passphrase, last = laptop.tell(LAPTOP.format(file=str(file))).strip().splitlines()
    code, told = json.loads(last)
    assert file.stat().st_mode & 0o777 == 0o600
    return Brought(file, passphrase, code, told)


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[Installation]:
    """Return an installation on PostgreSQL that nobody has used but "bob"."""
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE carrying")
    folder, url = tmp_path_factory.mktemp("server"), postgres_url.replace("/postgres", "/carrying")
    place = Installation({"VAR_DIR": str(folder), "DATABASE_URL": url, "SECRET_KEY": "", "REDIS_URL": ""})
    place.tell(PREPARE)
    yield place
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("DROP DATABASE carrying WITH (FORCE)")


def same_there(server: Installation, brought: Brought, folder: Path) -> None:
    """Look whether a server tells of the workshop what the laptop told; trail and signed files have to hold."""
    *said, last = server.tell(SERVER.format(file=str(folder / "signed"))).strip().splitlines()
    code, told = json.loads(last)
    assert code == brought.code
    assert len([line for line in said if "entries hold" in line]) == 2
    assert len([line for line in said if "exactly the file that was signed off" in line]) == 3
    own = [entry for entry in told["trail"] if entry[2] == "taken_in"]
    assert [entry[4] for entry in own] == ["bob"]
    told["trail"].remove(own[0])
    assert told["bytes"].keys() == {"pdf", "json", "md"}
    assert told["details"][-4] == PEOPLE
    for what, words in brought.told.items():
        assert told[what] == words, what


def test_from_sqlite_to_sqlite_it_is_the_same_workshop(brought: Brought, empty: bytes, tmp_path: Path) -> None:
    server = on_sqlite(tmp_path, empty)
    words = ("take_in", str(brought.file), "--owner", "bob")
    ended, out, error = server.run(*words, typed=brought.passphrase.lower() + "\n")
    assert (ended, out, error) == (0, f"{brought.code}\n", "")
    same_there(server, brought, tmp_path)
    ended, out, error = server.run(*words, typed=brought.passphrase + "\n")
    assert (ended, out) == (1, "")
    assert "Nothing was taken in. This workshop was taken in on" in error
    assert "Traceback" not in error


def waiting(admin: psycopg.Connection[Any], count: int) -> bool:
    """Wait until so many connections wait for a lock; return whether they do, in time."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'carrying' AND wait_event_type = 'Lock'"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if admin.execute(asked).fetchone() == (count,):
            return True
        time.sleep(0.05)
    return False


def test_from_sqlite_to_postgresql_once_though_killed_in_the_middle_and_tried_twice_at_once(
    brought: Brought, on_postgres: Installation, tmp_path: Path
) -> None:
    words = ("take_in", str(brought.file), "--owner", "bob")
    with psycopg.connect(on_postgres.env["DATABASE_URL"], autocommit=True) as admin:
        with psycopg.connect(on_postgres.env["DATABASE_URL"]) as holder:
            holder.execute("LOCK TABLE ratings_signedfile IN ACCESS EXCLUSIVE MODE")
            process = on_postgres.start(*words)
            assert process.stdin
            process.stdin.write(brought.passphrase + "\n")
            process.stdin.flush()
            assert waiting(admin, 1)  # everything but the signed files is written, and nothing is committed
            process.kill()
            process.communicate(timeout=PATIENCE)
        deadline = time.monotonic() + PATIENCE
        gone = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'carrying'"
        while admin.execute(gone).fetchone() != (1,) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert admin.execute(COUNT).fetchone() == (0,)

        with psycopg.connect(on_postgres.env["DATABASE_URL"]) as holder:
            holder.execute("LOCK TABLE ratings_signedfile IN ACCESS EXCLUSIVE MODE")
            both = [on_postgres.start(*words) for _n in range(2)]
            for each in both:
                assert each.stdin
                each.stdin.write(brought.passphrase + "\n")
                each.stdin.flush()
            assert waiting(admin, 2)  # the one for the files, the other for the one
        told = [each.communicate(timeout=PATIENCE) for each in both]
    assert sorted(each.returncode for each in both) == [0, 1]
    (refused,) = [error for each, (_out, error) in zip(both, told, strict=True) if each.returncode]
    assert "This workshop was taken in on" in refused
    assert "Traceback" not in refused
    same_there(on_postgres, brought, tmp_path)
