"""The backend for SQLite asks what Django's own asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

from eip2review.sqlite3.base import DatabaseWrapper, _converted

pytestmark = pytest.mark.django_db


def test_it_is_the_one_in_use() -> None:
    assert isinstance(connections[DEFAULT_DB_ALIAS], DatabaseWrapper)


@pytest.mark.parametrize(
    ("statement", "given", "told"),
    [
        ("SELECT %s, '100%%', %s", [1, "%s"], (1, "100%", "%s")),
        ("SELECT '%%s', %s", (2,), ("%s", 2)),
        ("SELECT %(a)s, %(b)s, %(a)s", {"a": 1, "b": 2}, (1, 2, 1)),
        ("SELECT '100%'", None, ("100%",)),
    ],
)
def test_statements_are_written_as_django_writes_them(statement: str, given: Any, told: tuple[object, ...]) -> None:
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(statement, given)
            assert cursor.fetchone() == told


def test_statement_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def again(*_: object, **__: object) -> str:
        raise AssertionError

    with connection.cursor() as cursor:
        cursor.execute("SELECT %s, 'once'", [1])
        before = _converted.cache_info().hits
        monkeypatch.setattr(SQLiteCursorWrapper, "convert_query", again)
        cursor.execute("SELECT %s, 'once'", [2])
        assert cursor.fetchone() == (2, "once")
        assert _converted.cache_info().hits > before
