"""An SQLite file, copied and replaced as a whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection

from eip2review.keeping.archive import sync
from eip2review.keeping.failures import InUse
from eip2review.keeping.survey import Survey, elsewhere, survey

BESIDE = ("", "-wal", "-shm", "-journal")
"""What can belong to a database file."""


class SqliteStore:
    """The database in one file."""

    kind = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.staged = path.with_name(f"{path.name}.restoring")

    def version(self) -> str:
        """Return the version of SQLite."""
        return sqlite3.sqlite_version

    def size(self) -> int:
        """Return how large a copy may be, in bytes."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            return int(cursor.fetchone()[0])

    def copy(self, target: Path) -> Survey:
        """Write one state into a new file; it has no free page, so nothing that was erased is in it.

        Raises DatabaseError when it cannot be written or is not whole.
        """
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        with elsewhere(NAME=str(target)):
            found = survey()
        _close_up(target)
        return found

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the only lock on the file, its log folded into it. Raises InUse when anybody has the database open."""
        connection.close()
        if not self.path.exists():
            yield
            return
        with closing(sqlite3.connect(self.path, timeout=1, isolation_level=None)) as opened:
            try:
                opened.execute("PRAGMA journal_mode=DELETE")  # only whoever is alone may
                opened.execute("PRAGMA journal_mode=MEMORY")  # so that no file lies beside the one that comes
                opened.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                raise InUse(
                    "Something is using the database: a server, a command, or a program that looks into it. "
                    "Stop it, then restore."
                ) from None
            except sqlite3.DatabaseError:  # it is not whole, which is why a backup is restored
                pass
            yield

    def stage(self, copy: Path) -> dict[str, Any]:
        """Lay a copy beside the database."""
        self.discard()
        shutil.move(copy, self.staged)
        return {"NAME": str(self.staged)}

    def put_in_place(self, *, aside: str | None) -> None:
        """Let the staged file have the database's name; the file before gets another name first."""
        _close_up(self.staged)
        if aside and self.path.exists():
            os.link(self.path, aside)
        for end in BESIDE[1:]:  # of a file that is not whole: the next one must not take it for its own
            with suppress(FileNotFoundError):
                os.rename(f"{self.path}{end}", f"{aside or self.staged}{end}")  # noqa: PTH104 - names and an ending
        self.staged.replace(self.path)
        _sync_folder(self.path.parent)

    def discard(self) -> None:
        """Delete the staged file."""
        for end in BESIDE:
            with suppress(FileNotFoundError):
                os.unlink(f"{self.staged}{end}")  # noqa: PTH108 - a file's name and an ending

    def name_aside(self, moment: str) -> str:
        """Return the file that the database before is kept in."""
        return str(self.path.with_name(f"{self.path.stem}-before-{moment}{self.path.suffix}"))


def _close_up(path: Path) -> None:
    """Fold a database's log into its file, and let the disk have it; nobody else may be at it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
    with path.open("rb") as file:
        sync(file)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
