"""A restore is whole or has not happened, and refuses in a sentence what it should not do."""

from __future__ import annotations

import datetime
import os
import random
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing, suppress
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from eip2review.keeping import restoring
from eip2review.keeping.archive import MANIFEST, MANIFESTS, Manifest, read_archive, read_manifest
from eip2review.keeping.failures import Damaged, InUse
from eip2review.keeping.in_use import nobody_serving, serving
from eip2review.keeping.making import UNFINISHED, key_mark, make_backup
from eip2review.keeping.sqlite import SqliteStore
from tests import factories
from tests.eip2review.conftest import Enter
from workshops.erasing import erase_workshop
from workshops.models import Review, TrailEntry, Workshop
from workshops.trail import chains, first_break


def restore(file: Path, *words: str) -> str:
    """Run the command; return what it says on both ways out."""
    said = StringIO()
    call_command("restore", str(file), *words, stdout=said, stderr=said)
    return said.getvalue()


def refused(file: Path, *words: str) -> str:
    """Run the command, which has to refuse and to change nothing; return its sentence."""
    before = files()
    with pytest.raises(CommandError) as refusal:
        restore(file, *words)
    assert files() == before
    return str(refusal.value)


def files() -> dict[str, object]:
    """Return what lies in this installation: of its database all that it says, or its bytes where it says nothing."""
    connection.close()
    found: dict[str, object] = {"midpoint.sqlite3": ()}
    for path in settings.VAR_DIR.iterdir():
        if path.is_file() and path.name not in ("in-use", "midpoint.sqlite3-shm"):
            found[path.name] = path.read_bytes()
    with closing(sqlite3.connect(settings.VAR_DIR / "midpoint.sqlite3")) as opened, suppress(sqlite3.DatabaseError):
        found["midpoint.sqlite3"] = tuple(opened.iterdump())[1:-1]
    return found


def organisations() -> set[str]:
    """Return whose workshops are here."""
    return set(Workshop.objects.values_list("organisation", flat=True))


def rewritten(file: Path, target: Path, change: Callable[[Manifest], None], *, without: str = "") -> Path:
    """Return a backup that says something else of itself."""
    manifest = read_manifest(file)
    change(manifest)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as archive:
        archive.writestr(MANIFEST, MANIFESTS.dump_json(manifest))
        for name in source.namelist():
            if name not in (MANIFEST, without):
                archive.writestr(name, source.read(name))
    return target


@pytest.fixture
def file(enter: Enter, tmp_path: Path) -> Path:
    """A backup of the seed; the process is in the installation that it was made of, and a workshop came since."""
    enter("here")
    make_backup(tmp_path / "one.backup")
    factories.workshop(organisation="Since")
    return tmp_path / "one.backup"


def test_backup_comes_back_in_an_empty_installation_with_its_key(enter: Enter, file: Path) -> None:
    rows = dict(TrailEntry.objects.values_list("link", "about"))
    there = enter("new")
    assert Review.objects.exists()
    assert "Restored: " in restore(file)
    assert (there / "secret-key").read_text() == (there.parent / "here/secret-key").read_text()
    assert (there / "secret-key").stat().st_mode & 0o777 == 0o600
    enter("new")
    assert organisations() == {"Carreg Bay Council (illustrative)", "Glanmor Council (illustrative)"}
    found = [chain for workshop in (None, *Workshop.objects.all()) for chain in chains(workshop)]
    assert {entry.link for chain in found for entry in chain} <= set(rows)
    assert found
    assert [first_break(chain) for chain in found] == [None] * len(found)
    connection.close()
    assert {path.name for path in there.iterdir()} == {"in-use", "midpoint.sqlite3", "secret-key"}


def test_backup_comes_back_where_there_is_no_database_yet(enter: Enter, file: Path) -> None:
    enter("there")
    restore(file)
    assert Workshop.objects.count() == 2


def test_what_is_here_stays_unless_it_is_to_be_replaced_and_then_is_kept_aside(file: Path) -> None:
    assert "With --replace" in refused(file)
    said = restore(file, "--replace")
    assert "Since" not in organisations()
    (aside,) = settings.VAR_DIR.glob("midpoint-before-*.sqlite3")
    assert str(aside) in said
    with closing(sqlite3.connect(aside)) as opened:
        assert ("Since",) in opened.execute("SELECT organisation FROM workshops_workshop").fetchall()
    restore(file, "--replace")
    assert len(list(settings.VAR_DIR.glob("midpoint-before-*.sqlite3"))) == 2


def test_truncated_backup_is_refused(file: Path) -> None:
    data = file.read_bytes()
    for length in (0, 1, len(data) // 2, len(data) - 1):
        file.write_bytes(data[:length])
        assert "is not a backup as Midpoint writes them" in refused(file, "--replace")


def test_flipped_bit_is_refused_or_changes_nothing_that_is_read(file: Path, tmp_path: Path) -> None:
    data, manifest, chance = file.read_bytes(), read_manifest(file), random.Random(17)
    whole = (tmp_path / "whole", tmp_path / "read")
    for folder in whole:
        folder.mkdir()
    read_archive(file, whole[0])
    found = 0
    for place in chance.sample(range(len(data)), 150):
        flipped = bytearray(data)
        flipped[place] ^= 1 << chance.randrange(8)
        file.write_bytes(flipped)
        try:
            assert read_archive(file, whole[1]) == manifest
        except Damaged:
            found += 1
        else:
            assert all((whole[1] / name).read_bytes() == (whole[0] / name).read_bytes() for name in manifest.parts)
    assert found > 130  # the rest is in dates and padding
    file.write_bytes(data[:5000] + bytes([data[5000] ^ 1]) + data[5001:])
    assert "damaged" in refused(file, "--replace")


def test_part_that_is_not_what_the_manifest_says_is_refused(file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(tmp_path / "other", "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            archive.writestr(name, data[:-1] + b"\0" if name == "database" else data)
    assert "damaged" in refused(tmp_path / "other", "--replace")


def test_database_that_holds_other_rows_than_the_manifest_counts_is_refused(file: Path, tmp_path: Path) -> None:
    def change(manifest: Manifest) -> None:
        manifest.survey.rows["workshops_workshop"] += 1

    assert "not what its manifest counts" in refused(rewritten(file, tmp_path / "other", change), "--replace")


def test_trail_that_held_and_does_not_hold_is_refused(file: Path, tmp_path: Path) -> None:
    """As when the key that came along is another."""
    settings.SECRET_KEY = "another, with the same mark"

    def change(manifest: Manifest) -> None:
        object.__setattr__(manifest, "key", key_mark(settings.SECRET_KEY))

    assert "does not hold now" in refused(rewritten(file, tmp_path / "other", change), "--replace")


def test_other_files_and_missing_ones_are_refused(file: Path, tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "nowhere")
    assert "cannot be read" in refused(tmp_path)
    for words in (b"", b"PK", b"something else"):
        (tmp_path / "other").write_bytes(words)
        assert "is not a backup" in refused(tmp_path / "other")
    with zipfile.ZipFile(tmp_path / "other", "w") as archive:
        archive.writestr(MANIFEST, "{}")
    assert "is not a backup" in refused(tmp_path / "other")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("format", 2, "later version"),
        ("database", "postgresql", "of a postgresql database"),
        ("key", "another", "SECRET_KEY is set|another secret key"),
    ],
)
def test_backup_that_does_not_fit_is_refused(
    file: Path, tmp_path: Path, name: str, value: object, sentence: str
) -> None:
    other = rewritten(file, tmp_path / "other", lambda manifest: object.__setattr__(manifest, name, value))
    assert any(words in refused(other, "--replace") for words in sentence.split("|"))


def test_backup_of_a_later_version_is_refused(file: Path, tmp_path: Path) -> None:
    later = rewritten(
        file, tmp_path / "later", lambda manifest: manifest.survey.migrations.append("workshops.9999_from_tomorrow")
    )
    assert "workshops.9999_from_tomorrow is not known here" in refused(later, "--replace")


def test_backup_of_an_earlier_version_is_brought_along(enter: Enter, tmp_path: Path) -> None:
    enter("before")
    manifest = make_backup(tmp_path / "before.backup")
    assert manifest.survey.broken is None
    enter("there")
    restore(tmp_path / "before.backup")
    assert Review.objects.get().title == "Then"
    assert not MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes())
    assert TrailEntry.objects.count() == 0


def test_key_that_is_neither_here_nor_in_the_backup_is_asked_for(
    enter: Enter, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget(manifest: Manifest) -> None:
        del manifest.parts["secret-key"]

    without = rewritten(file, tmp_path / "without", forget, without="secret-key")
    enter("there")
    assert "Set SECRET_KEY to that key" in refused(without)
    monkeypatch.setenv("SECRET_KEY", settings.SECRET_KEY)
    assert "Take SECRET_KEY out of .env" in refused(file)
    assert "Does not hold, as in the backup: trail of workshop" in restore(without, "--lost-key")


def test_running_server_is_in_the_way_and_so_is_whoever_looks(file: Path) -> None:
    with serving(), serving():
        assert "The server is running. Stop it" in refused(file, "--replace")
    with closing(sqlite3.connect(settings.VAR_DIR / "midpoint.sqlite3")) as other:
        other.execute("SELECT count(*) FROM workshops_workshop").fetchone()
        with pytest.raises(CommandError, match="Something is using the database"):
            restore(file, "--replace")
    assert "Since" in organisations()
    with nobody_serving(), pytest.raises(InUse, match="A backup is being restored"), serving():
        pass
    restore(file, "--replace")


def test_no_room_is_said_before_anything_is_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "ROOM", 10**18)
    assert "Make room first" in refused(file, "--replace")


def test_database_that_cannot_be_read_is_replaced_and_kept(file: Path) -> None:
    connection.close()
    (settings.VAR_DIR / "midpoint.sqlite3").write_bytes(b"no database at all" * 500)
    assert "With --replace" in refused(file)
    restore(file, "--replace")
    assert Workshop.objects.count() == 2
    (aside,) = settings.VAR_DIR.glob("midpoint-before-*.sqlite3")
    assert aside.read_bytes().startswith(b"no database at all")


def test_log_of_the_database_before_is_not_left_beside_the_new_one(tmp_path: Path) -> None:
    kept = SqliteStore(tmp_path / "midpoint.sqlite3")
    kept.path.write_bytes(b"old")
    Path(f"{kept.path}-wal").write_bytes(b"its log")
    sqlite3.connect(tmp_path / "new").close()
    kept.stage(tmp_path / "new")
    kept.put_in_place(aside=str(tmp_path / "aside"))
    left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert left == {"midpoint.sqlite3": b"", "aside": b"old", "aside-wal": b"its log"}


def test_what_is_due_or_was_erased_since_is_said(file: Path) -> None:
    gone = Workshop.objects.get(organisation__startswith="Glanmor")
    erase_workshop(workshop=gone, by="a test")
    said = restore(file, "--replace")
    assert f"Erased since the backup, and back: {gone.code}" in said
    assert "Past its erase date" not in said
    Workshop.objects.filter(code=gone.code).update(erase_on=datetime.date(2020, 1, 1))
    connection.close()
    make_backup(file.with_name("two.backup"))
    said = restore(file.with_name("two.backup"), "--replace")
    assert f"Past its erase date, 2020-01-01: {gone.code}" in said
    assert "manage.py erase_due" in said
    assert Workshop.objects.filter(code=gone.code).exists()
    assert "Certificate" in restore(file.with_name("two.backup"), "--replace", "--erase-due")
    assert not Workshop.objects.filter(code=gone.code).exists()


def test_command_of_another_user_is_refused(file: Path) -> None:
    """Files of root's in VAR_DIR would keep the server from starting."""
    if os.geteuid() != 0:
        pytest.skip("only root can act for another")
    os.chown(settings.VAR_DIR, 65534, -1)
    assert "sudo -u nobody" in refused(file, "--replace")
    os.chown(settings.VAR_DIR, 54_321, -1)
    assert "sudo -u '#54321'" in refused(file, "--replace")


KILLED = """
import os, signal, sys
event, end = sys.argv[1:3]
def hook(name, arguments):
    if name == event and str(arguments[{place}]).endswith(end):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "restore", sys.argv[3], "--replace"])
"""


@pytest.mark.parametrize(
    ("event", "place", "end", "is_new"),
    [
        ("os.link", 0, "midpoint.sqlite3", False),  # the database is about to be kept aside
        ("os.rename", 1, "midpoint.sqlite3", False),  # it is, and the backup is about to take its place
        ("open", 0, "/here", True),  # it has, and the folder is about to be told to the disk
    ],
)
def test_kill_in_the_middle_leaves_the_old_or_the_new(
    file: Path, event: str, place: int, end: str, is_new: bool
) -> None:
    connection.close()
    env = {**os.environ, "VAR_DIR": str(settings.VAR_DIR), "DJANGO_SETTINGS_MODULE": "eip2review.settings"}
    command = [sys.executable, "-c", KILLED.format(place=place), event, end, str(file)]
    ran = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, check=False)
    assert ran.returncode == -signal.SIGKILL
    assert ("Since" in organisations()) == (not is_new)
    assert {"Carreg Bay Council (illustrative)", "Glanmor Council (illustrative)"} <= organisations()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchone() == ("ok",)
    for left in settings.VAR_DIR.glob(f"{UNFINISHED}*"):
        os.utime(left, (0, 0))
    restore(file, "--replace")
    assert "Since" not in organisations()
    assert not list(settings.VAR_DIR.glob(f"{UNFINISHED}*"))
    assert not list(settings.VAR_DIR.glob("*.restoring*"))
