"""A new version meets a morning under way: the database is not changed under people's hands, and somebody is told."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from pytest_django import Settings

from eip2review.upgrading import MORNING, later_steps, refuse_in_session, rooms_in_session
from tests import factories
from tests.e2e.installation import Installation
from tests.faults.conftest import furnish
from tests.faults.hall import Hall, hall
from tests.faults.phones import Phone, ask
from tests.servers import ROOT, Process, app_server
from workshops.choices import StageKind
from workshops.clock import steady_for
from workshops.models import StageMove, Workshop

BEFORE = ("ratings", "0005")


class Old:
    """An installation on a database that a version before has left, in the middle of a morning."""

    def __init__(self, var_dir: Path, here: Hall) -> None:
        self.here = here
        self.file = furnish(var_dir) / "midpoint.sqlite3"
        self.server = app_server(var_dir=var_dir)
        live = here.installation.var_dir / "midpoint.sqlite3"
        with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(self.file)) as target:
            source.backup(target)
        assert self.manage("migrate", *BEFORE, "--force", "--skip-checks").returncode == 0

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of Python's in this installation, to its end."""
        environ = {**os.environ, **self.server.env}
        return subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120
        )

    def manage(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a management command."""
        return self.run("manage.py", *command)

    def schema(self) -> list[str]:
        """Return how the database is made."""
        with closing(sqlite3.connect(self.file)) as opened:
            return [str(row[0]) for row in opened.execute("SELECT sql FROM sqlite_master ORDER BY name")]


@pytest.fixture
def old(installation: Installation, tmp_path: Path) -> Old:
    here = hall(installation, 2)
    here.phones[0].save(7, "Two teams began it.")
    return Old(tmp_path, here)


def test_new_version_is_refused_in_session_with_a_sentence_and_taken_when_forced(old: Old) -> None:
    before = old.schema()
    run = old.manage("serve", "--host", "127.0.0.1", "--port", str(old.server.port))
    serve = old.run("-m", "eip2review.server", "--port", str(old.server.port))
    for refused in (run, serve):
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
    assert "The database was not changed" in run.stderr
    assert f"Carreg Bay Council ({old.here.room.code})" in run.stderr
    assert "make run FORCE=1" in run.stderr
    assert "Run make setup" in serve.stderr
    assert old.schema() == before

    assert old.manage("prepare", "--force").returncode == 0
    assert old.schema() != before
    command = [sys.executable, "-u", "manage.py", "serve", "--host", "127.0.0.1", "--port", str(old.server.port)]
    phone = Phone(old.server.port, old.here.phones[1].path, old.here.phones[1].cookie)
    with Process(command, port=old.server.port, env=old.server.env):  # the room is in session, nothing is missing
        status, _, said = ask(old.server.port, "GET", f"/w/{old.here.room.code}/", old.here.phones[0].cookie)
        assert (status, "Two teams began it." in said) == (200, True)
        phone.save(8)
    assert phone.tries == 1


@pytest.fixture
def lacking(db: None) -> None:
    """A database that lacks a migration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(name) FROM django_migrations WHERE app = 'ratings'")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'ratings' AND name = %s", cursor.fetchone())


def moved(hours: float) -> Callable[[Workshop], None]:
    """Return what lets the last move of a stage be so long ago."""

    def move(of: Workshop) -> None:
        factories.opened(of, StageKind.SCALE)
        StageMove.objects.filter(stage__workshop=of).update(at=timezone.now() - timedelta(hours=hours))

    return move


def close(of: Workshop) -> None:
    """Close a workshop."""
    factories.opened(of, StageKind.CLOSED)


def nothing(of: Workshop) -> None:
    """Leave a workshop in its lobby."""


@pytest.mark.usefixtures("lacking")
@pytest.mark.parametrize(
    ("phones", "fields", "act", "refused"),
    [
        (1, {}, moved(0), True),
        (1, {}, moved(MORNING / timedelta(hours=1) - 0.1), True),
        (1, {}, moved(MORNING / timedelta(hours=1) + 0.1), False),
        (0, {}, moved(0), False),
        (1, {}, nothing, False),
        (1, {}, close, False),
        (1, {"self_paced_until": timezone.localdate()}, nothing, True),
        (1, {"self_paced_until": timezone.localdate() - timedelta(days=1)}, nothing, False),
    ],
)
def test_migration_waits_for_whoever_is_in_session_and_for_nobody_else(
    phones: int, fields: dict[str, Any], act: Callable[[Workshop], None], refused: bool
) -> None:
    of = factories.workshop(**fields)
    for _ in range(phones):
        factories.participant(of)
    act(of)
    if refused:
        with pytest.raises(CommandError, match=f"{of.organisation} \\({of.code}\\) is in session[\\s\\S]*--insist"):
            refuse_in_session(force="--insist")
    else:
        refuse_in_session(force="--insist")


@pytest.mark.usefixtures("lacking")
@pytest.mark.parametrize(
    ("forward", "fields", "hours", "refused"),
    [
        (12, {}, 13, True),
        (12, {}, 25, False),  # so long ago before the jump, too
        (-12, {}, 13, False),
        (24, {"self_paced_until": timezone.localdate() - timedelta(days=1)}, 100, True),
        (24, {"self_paced_until": timezone.localdate() - timedelta(days=2)}, 100, False),
    ],
)
def test_room_is_in_session_as_before_when_the_clock_has_jumped(
    settings: Settings, tmp_path: Path, forward: int, fields: dict[str, Any], hours: float, refused: bool
) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"
    of = factories.workshop(**fields)
    factories.participant(of)
    moved(hours)(of)
    steady_for()
    noted = json.loads(settings.CLOCK_FILE.read_text())
    settings.CLOCK_FILE.write_text(json.dumps({**noted, "shown": noted["shown"] - forward * 3600}))
    for _ in range(2):  # it is remembered
        assert bool(rooms_in_session()) is refused


@pytest.mark.django_db
def test_room_in_session_is_no_hindrance_when_there_is_nothing_to_migrate() -> None:
    of = factories.workshop()
    factories.participant(of)
    factories.opened(of, StageKind.SCALE)
    refuse_in_session(force="--insist")


@pytest.mark.django_db
@pytest.mark.parametrize(("app", "told"), [("ratings", ["ratings.9999_from_tomorrow"]), ("mfa", [])])
def test_version_is_told_by_our_migrations_and_not_by_those_of_a_library(app: str, told: list[str]) -> None:
    MigrationRecorder(connection).record_applied(app, "9999_from_tomorrow")
    assert later_steps() == told
