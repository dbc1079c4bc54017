"""Commands at a database that is not there, or not of this version: a sentence each, and no traceback."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from eip2review.upgrading import LATER
from tests.raw import run
from tests.servers import ROOT, app_server, free_port

COMMANDS = [
    "check_trail",
    "verify_journal README.md",
    "seal_due",
    "erase_due",
    "carry 123456 nowhere",
    "take_in README.md --owner ann",
    "import_journal tests/eip2review/test_commands.py --facilitator ann",
    "changepassword ann",
]


def ended(folder: Path, command: str, *, program: tuple[str, ...] = ("manage.py",), **env: str) -> str:
    """Return what a command says as it ends, without a traceback."""
    words = [sys.executable, *program, *command.split()]
    env = {**os.environ, **app_server(var_dir=folder).env, **env}
    ran = subprocess.run(
        words, cwd=ROOT, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr, ran.stderr
    return ran.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_command_at_an_empty_database_says_what_to_run_first(command: str, tmp_path: Path) -> None:
    said = ended(tmp_path, command)
    assert said.startswith("The database is not of this version, which needs ")
    assert "Run make setup, or on a server manage.py prepare as the user that it runs as." in said


def test_command_at_a_database_of_an_earlier_version_says_the_same(tmp_path: Path) -> None:
    run(tmp_path, "migrate", "workshops", "0006", "--verbosity", "0", "--skip-checks")
    assert "The database is not of this version" in ended(tmp_path, "check_trail")


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation whose database a later version has changed, and a backup that was made before."""
    folder = tmp_path_factory.mktemp("later")
    run(folder, "migrate", "--verbosity", "0", "--skip-checks")
    run(folder, "backup", str(folder / "before.backup"))
    with closing(sqlite3.connect(folder / "midpoint.sqlite3")) as database, database:
        database.execute("ALTER TABLE workshops_workshop RENAME COLUMN organisation TO body")
        database.execute("ALTER TABLE auth_user RENAME COLUMN username TO signs_in_as")
        database.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('workshops', '9999_bodies', 0)")
    return folder


@pytest.mark.parametrize("command", ["prepare", "prepare --force", "migrate", "serve", *COMMANDS[2:], "backup one"])
def test_command_at_a_database_of_a_later_version_says_what_to_do(command: str, later: Path) -> None:
    said = ended(later, command)
    assert said.strip().removeprefix("CommandError: ") == LATER.format(step="workshops.9999_bodies")


def test_server_refuses_a_database_of_a_later_version(later: Path) -> None:
    said = ended(later, f"--port {free_port()}", program=("-m", "eip2review.server"))
    assert said.strip().removeprefix("CommandError: ") == LATER.format(step="workshops.9999_bodies")


def test_backup_made_before_a_later_version_came_is_restored_as_the_sentence_says(later: Path, tmp_path: Path) -> None:
    here = shutil.copytree(later, tmp_path / "var")
    run(here, "restore", str(here / "before.backup"), "--replace")
    run(here, "migrate", "--check", "--skip-checks")


def test_command_at_a_database_that_is_away_says_so(tmp_path: Path) -> None:
    url = "postgres://nobody@127.0.0.1:9/nothing"
    for command in "check_trail", "prepare":
        said = ended(tmp_path, command, DATABASE_URL=url)
        assert said.startswith("The database cannot be used (")
        assert "See that it runs and that its disk has room, then run this again." in said


def test_fault_of_the_program_keeps_its_traceback(tmp_path: Path) -> None:
    run(tmp_path, "migrate", "--verbosity", "0", "--skip-checks")
    wrong = "from django.db import connection; connection.cursor().execute('SELECT * FROM nothing', [1])"
    words = [sys.executable, "manage.py", "shell", "-v", "0", "-c", wrong]
    env = {**os.environ, **app_server(var_dir=tmp_path).env}
    ran = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert "Traceback" in ran.stderr
