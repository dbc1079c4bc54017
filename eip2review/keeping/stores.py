"""What is done with a database's files as a whole: copied while it is in use, and replaced while nobody is at it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from django.db import connection

from eip2review.keeping.failures import KeepingFailed
from eip2review.keeping.survey import Survey


class Store(Protocol):
    """A kind of database."""

    kind: str

    def version(self) -> str:
        """Return the version of the database's program."""

    def size(self) -> int:
        """Return how large a copy may be, in bytes."""

    def copy(self, target: Path) -> Survey:
        """Write one state of the database into a new file, while it is in use, and say what is in that file."""

    def hold(self) -> AbstractContextManager[None]:
        """Let nobody else use the database meanwhile. Raises InUse when somebody does."""

    def stage(self, copy: Path) -> dict[str, Any]:
        """Lay a copy beside the database; return the changes to the settings that lead there.

        What was staged before goes.
        """

    def put_in_place(self, *, aside: str | None) -> None:
        """Let what is staged be the database, at one stroke; the one before is kept as `aside`, if named."""

    def discard(self) -> None:
        """Take away what is staged, if anything is."""

    def name_aside(self, moment: str) -> str:
        """Return how what was there before is kept."""


def store() -> Store:
    """Return how this installation's database is kept. Raises KeepingFailed for a kind that cannot be."""
    from eip2review.keeping.postgresql import PostgresqlStore
    from eip2review.keeping.sqlite import SqliteStore

    if connection.vendor == "sqlite":
        return SqliteStore(Path(connection.settings_dict["NAME"]))
    if connection.vendor == "postgresql":
        return PostgresqlStore()
    raise KeepingFailed(f"Only SQLite and PostgreSQL can be backed up here, not {connection.vendor}.")
