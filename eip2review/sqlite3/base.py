"""What Django loads for a database of SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.db.backends.sqlite3 import base


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that remembers how SQLite writes a statement: looking for its `%s` takes longer than small queries."""

    def convert_query(self, query: str, *, param_names: Sequence[str] | None = None) -> str:
        """Return a statement with SQLite's own signs for parameters."""
        if param_names is not None:
            return str(super().convert_query(query, param_names=param_names))
        return _converted(query)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, with such cursors."""

    def create_cursor(self, name: str | None = None) -> Cursor:
        """Return a new cursor."""
        return self.connection.cursor(factory=Cursor)  # type: ignore[no-any-return]


@lru_cache(maxsize=1024)
def _converted(query: str) -> str:
    return str(base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%"))
