"""What is asked of the database for every answer: Django writes the SQL once, and later it is only told the values.

Writing the SQL of a small query takes Django several times as long as asking it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.query import get_related_populators
from django.db.models.sql import DeleteQuery, InsertQuery

M = TypeVar("M", bound=Model)


class Given(Expression):
    """What is told only when the query is asked: `Given("code")` stands in a filter where a code would."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return the place of a parameter, and this as the parameter."""
        return "%s", [self]


class Prepared(Generic[M]):
    """A query for the first row of a queryset, in the default database, with what it selects besides; or to delete."""

    def __init__(self, queryset: Callable[[], QuerySet[M]]) -> None:
        """Keep how to make the queryset: it is made, and its SQL written, when it is first asked."""
        self._queryset = queryset

    def first(self, **given: object) -> M | None:
        """Return the first row for what is given, by the names in the queryset; None when there is none. One query."""
        sql, parameters, read = self._written
        connection = connections[DEFAULT_DB_ALIAS]  # itself: it is asked several times
        with connection.cursor() as cursor:
            cursor.execute(sql, _told(parameters, given))
            row = cursor.fetchone()
        return read(list(row), connection) if row else None

    def delete(self, **given: object) -> None:
        """Delete all rows for what is given; rows that point to them are the caller's business. One statement."""
        sql, parameters = self._deleting
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, _told(parameters, given))

    @cached_property
    def _deleting(self) -> tuple[str, tuple[Any, ...]]:
        query = self._queryset().order_by().query.chain(DeleteQuery)
        sql, parameters = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        return sql, parameters

    @cached_property
    def _written(self) -> tuple[str, tuple[Any, ...], Callable[[list[Any], BaseDatabaseWrapper], M]]:
        """The SQL, its parameters, and what makes an instance of a row, as Django's own querysets do."""
        compiler: Any = self._queryset()[:1].query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        select, info = compiler.select, compiler.klass_info
        converters = compiler.get_converters([column for column, _sql, _alias in select])
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column.target.attname for column, _sql, _alias in select[first:last]]
        related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # of Django 5.2

        def read(row: list[Any], connection: BaseDatabaseWrapper) -> M:
            for place, (convert, column) in converters.items():
                for each in convert:
                    row[place] = each(row[place], column, connection)
            instance: M = info["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:last])
            for each in related:
                each.populate(row, instance)
            return instance

        return sql, parameters, read


def _told(parameters: tuple[Any, ...], given: dict[str, object]) -> list[Any]:
    return [given[each.name] if isinstance(each, Given) else each for each in parameters]


class Upsert(Generic[M]):
    """A statement that adds a row to the default database, or changes the one with the same value in a unique field."""

    def __init__(self, model: type[M], *, unique: str, update: Collection[str]) -> None:
        """Keep what tells rows apart, and which fields change in a row that is there."""
        self._fields: Any = model._meta.concrete_fields
        self._model, self._unique, self._update = model, unique, update

    def save(self, row: M) -> None:
        """Add this row, with its id, or change the one that is there. Raises IntegrityError as `bulk_create` does."""
        connection = connections[DEFAULT_DB_ALIAS]  # itself: each field asks it for something
        with connection.cursor() as cursor:
            values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in self._fields]
            cursor.execute(self._sql, values)

    @cached_property
    def _sql(self) -> str:
        field = self._model._meta.get_field
        update, unique = [field(name) for name in self._update], [field(self._unique)]
        query: Any = InsertQuery(self._model, on_conflict=OnConflict.UPDATE, update_fields=update, unique_fields=unique)
        query.insert_values(self._fields, [self._model()])
        [(sql, _values)] = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        return str(sql)
