"""A backup is one state of the database, whole, alone readable to its owner, and holds nothing that was erased."""

from __future__ import annotations

import os
import resource
import sqlite3
import zipfile
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from eip2review.keeping import making
from eip2review.keeping.archive import MANIFEST, read_archive, read_manifest
from eip2review.keeping.failures import KeepingFailed
from ratings.append_only import lift_guards
from ratings.models import SignedFile, SignedJournal
from ratings.sealing import seal_workshop
from tests import factories
from tests.eip2review.conftest import Enter
from workshops.choices import StageKind
from workshops.models import Participant, TrailEntry, Workshop
from workshops.sessions import open_stage


def backup(*words: object) -> str:
    """Run the command; return what it says on both ways out."""
    said = StringIO()
    call_command("backup", *map(str, words), stdout=said, stderr=said)
    return said.getvalue()


def refused(*words: object) -> str:
    """Run the command, which has to refuse; return its sentence."""
    with pytest.raises(CommandError) as refusal:
        backup(*words)
    return str(refusal.value)


def left(folder: Path) -> list[str]:
    """Return what a test has written beside the installations."""
    return sorted(path.name for path in folder.iterdir() if path.name not in ("before", "here", "new"))


def taken_out(file: Path, folder: Path) -> Path:
    """Return the database in a backup."""
    read_archive(file, folder)
    return folder / "database"


def test_backup_is_one_private_file_that_says_what_it_holds(enter: Enter, tmp_path: Path) -> None:
    var, file = enter("here"), tmp_path / "one.backup"
    assert f"{file}: " in backup(file)
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == [MANIFEST, "database", "secret-key"]
        assert archive.read("secret-key").decode() == (var / "secret-key").read_text()
        assert archive.read("secret-key") not in archive.read(MANIFEST)
    manifest = read_archive(file)
    assert manifest.survey.rows["workshops_workshop"] == Workshop.objects.count() == 2
    assert manifest.survey.rows["workshops_trailentry"] == TrailEntry.objects.count() > 0
    assert "workshops.0001_initial" in manifest.survey.migrations
    assert (manifest.survey.faults, manifest.survey.broken) == ([], [])
    assert left(tmp_path) == ["one.backup"]
    with closing(sqlite3.connect(taken_out(file, tmp_path))) as opened:
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("delete",)  # nothing lies beside it


def test_backup_leaves_a_key_from_the_environment_where_it_is(
    enter: Enter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = (enter("here") / "secret-key").read_text()
    monkeypatch.setenv("SECRET_KEY", key)
    backup(tmp_path / "one.backup")
    assert "secret-key" not in read_archive(tmp_path / "one.backup").parts


def test_backup_holds_nothing_of_what_was_deleted(enter: Enter, tmp_path: Path) -> None:
    """Not even where SQLite leaves deleted bytes standing in free pages."""
    words = b"said and taken back "
    with closing(sqlite3.connect(enter("here") / "midpoint.sqlite3", isolation_level=None)) as opened:
        opened.executescript("PRAGMA secure_delete=OFF; CREATE TABLE said (words);")
        opened.execute("INSERT INTO said VALUES (?)", (words.decode() * 1000,))
        opened.execute("DROP TABLE said")
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert words in (tmp_path / "here/midpoint.sqlite3").read_bytes()
    backup(tmp_path / "one.backup")
    assert words not in taken_out(tmp_path / "one.backup", tmp_path).read_bytes()


def test_backup_overwrites_nothing(enter: Enter, tmp_path: Path) -> None:
    enter("here")
    file = tmp_path / "one.backup"
    file.write_text("another's")
    assert "exists, and is left as it is" in refused(file)
    assert file.read_text() == "another's"


def test_backup_names_nothing_that_came_to_be_meanwhile(enter: Enter, tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).write_text(name)
    with pytest.raises(KeepingFailed, match="exists now"):
        making.name(tmp_path / "one", tmp_path / "other")
    assert (tmp_path / "other").read_text() == "other"


def test_backup_asks_for_a_folder_that_is_there(enter: Enter, tmp_path: Path) -> None:
    enter("here")
    assert "There is no folder" in refused(tmp_path / "nowhere/one.backup")


def test_backup_asks_for_room_before_it_begins(enter: Enter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter("here")
    monkeypatch.setattr(making, "ROOM", 10**18)
    assert "MB free, and a backup may need" in refused(tmp_path / "one.backup")
    assert left(tmp_path) == []


def test_backup_says_that_it_cannot_write_and_leaves_nothing(enter: Enter, tmp_path: Path) -> None:
    enter("here")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        assert "Nothing was written" in refused(tmp_path / "one.backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert left(tmp_path) == []


def test_backup_is_not_made_of_a_damaged_database(enter: Enter, tmp_path: Path) -> None:
    path = enter("here") / "midpoint.sqlite3"
    data = bytearray(path.read_bytes())
    size = int.from_bytes(data[16:18], "big")
    for page in range(2, len(data) // size):  # what the pages of tables and indexes say of themselves
        data[page * size : page * size + 8] = b"\xff" * 8
    path.write_bytes(data)
    assert "Nothing was written" in refused(tmp_path / "one.backup")
    assert left(tmp_path) == []


def test_backup_is_made_of_a_trail_that_does_not_hold_and_says_so(enter: Enter, tmp_path: Path) -> None:
    enter("here")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER trail_is_not_changed")
    entry = TrailEntry.objects.filter(workshop__isnull=False).latest("pk")
    TrailEntry.objects.filter(pk=entry.pk).update(about="another venue")
    assert f"entry {entry.number}" in backup(tmp_path / "one.backup")
    broken = read_manifest(tmp_path / "one.backup").survey.broken
    assert broken is not None
    assert len(broken) == 1


def test_backup_says_that_it_tells_whose_answers_are_whose(enter: Enter, tmp_path: Path) -> None:
    enter("here")
    assert "1 workshops not sealed" in backup(tmp_path / "one.backup")
    Participant.objects.all().delete()
    assert "not sealed" not in backup(tmp_path / "two.backup")


def test_keep_leaves_so_many_and_nothing_that_sealing_was_to_end(
    enter: Enter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter("here")
    folder = tmp_path / "kept"
    folder.mkdir()
    others = folder / "notes.txt"
    others.write_text("not a backup")
    names = iter(f"midpoint-2026-05-1{day}-030000.backup" for day in range(9))
    monkeypatch.setattr("eip2review.management.commands.backup.name_backup", lambda folder: Path(folder) / next(names))
    backup("--keep", 2, folder)
    workshop = Workshop.objects.get(closed_at=None)
    open_stage(stage=workshop.stages.get(kind=StageKind.CLOSED), user=None)
    seal_workshop(workshop=workshop)
    said = backup("--keep", 2, folder)
    assert "deleted midpoint-2026-05-10-030000.backup: it could tell whose answers are whose" in said
    backup("--keep", 2, folder)
    assert "deleted midpoint-2026-05-11-030000.backup: old enough" in backup("--keep", 2, folder)
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["midpoint-2026-05-12-030000.backup", "midpoint-2026-05-13-030000.backup", "notes.txt"]
    assert "1 or more" in refused("--keep", 0, folder)


def test_keep_leaves_backups_of_other_installations_and_counts_damaged_ones(enter: Enter, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    enter("here")
    theirs = folder / "midpoint-2026-05-10-030000.backup"
    making.make_backup(theirs)
    enter("new")
    damaged = folder / "midpoint-2026-05-11-030000.backup"
    damaged.write_bytes(b"no backup")
    said = backup("--keep", 1, folder)
    assert f"deleted {damaged.name}: old enough" in said
    assert sorted(folder.iterdir())[0] == theirs
    assert len(list(folder.iterdir())) == 2


def test_keep_names_a_backup_by_its_time(tmp_path: Path) -> None:
    before = timezone.localtime().replace(microsecond=0)
    name = making.name_backup(tmp_path)
    assert name.match(making.NAMED)
    assert f"{before:midpoint-%Y-%m-%d-}" in name.name


def test_backup_clears_away_what_was_cut_off_a_day_ago(enter: Enter, tmp_path: Path) -> None:
    enter("here")
    old, new = (tmp_path / f"{making.UNFINISHED}{name}" for name in ("old", "new"))
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    backup(tmp_path / "one.backup")
    assert (old.exists(), new.exists()) == (False, True)


def test_backup_says_which_signed_journals_are_not_what_was_signed(enter: Enter, tmp_path: Path) -> None:
    enter("here")
    workshop = Workshop.objects.exclude(closed_at=None).get()
    signed = factories.signed_journal(workshop)
    file = signed.files.first()
    assert file is not None
    backup(tmp_path / "one.backup")
    assert read_manifest(tmp_path / "one.backup").survey.broken == []
    lift_guards()
    SignedFile.objects.filter(pk=file.pk).update(data=b"as it was not")
    assert f"journal of workshop {workshop.code}, its file {file.suffix}" in backup(tmp_path / "two.backup")
    SignedJournal.objects.update(record="something else")
    assert f"Does not hold, in the database as in the backup: edition {signed.number} of the" in backup(
        tmp_path / "three.backup"
    )
