"""Queries whose SQL is written once answer as Django's own do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from ratings.authorship import signed
from ratings.models import Score
from tests import factories
from workshops.joining import hash_token
from workshops.models import Participant, Workshop
from workshops.prepared import Given, Prepared, Upsert

pytestmark = pytest.mark.django_db

QUERY = Prepared(
    lambda: Participant.objects.select_related("workshop", "group").filter(
        token_hash=Given("token_hash"), workshop__code=Given("code")
    )
)


def columns(row: Any) -> dict[str, object]:
    """Return what a row holds, by column."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("grouped", [True, False])
def test_row_comes_as_a_queryset_gives_it(django_assert_num_queries: Any, grouped: bool) -> None:
    of = factories.workshop(groups=("East",))
    now = timezone.now()
    Workshop.objects.filter(pk=of.pk).update(closed_at=now, self_paced_until=now.date() + timedelta(3))
    who = factories.participant(of)
    Participant.objects.filter(pk=who.pk).update(group=of.groups.get() if grouped else None)
    expected = Participant.objects.select_related("workshop", "group").get(pk=who.pk)
    for _ in range(2):
        with django_assert_num_queries(1):
            found = QUERY.first(token_hash=hash_token(of.code, who.token), code=of.code)
            assert found is not None
            assert columns(found) == columns(expected)
            assert columns(found.workshop) == columns(expected.workshop)
            assert (found.group and columns(found.group)) == (expected.group and columns(expected.group))
    assert found is not None
    assert found.workshop.closed_at == now
    found.save()  # it knows that it is in the database, and in which
    assert Participant.objects.count() == 1


def test_row_that_is_not_there_is_none() -> None:
    of, other = factories.workshop(), factories.workshop()
    who = factories.participant(of)
    assert QUERY.first(token_hash=hash_token(of.code, who.token), code=other.code) is None
    assert QUERY.first(token_hash="' OR 1=1 --", code=of.code) is None


def test_query_that_is_told_too_little_fails() -> None:
    with pytest.raises(KeyError):
        QUERY.first(code="123456")


def test_sql_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []
    write = SQLCompiler.as_sql

    def note(self: Any, *args: Any, **kwargs: Any) -> Any:
        written.append(self.query)
        return write(self, *args, **kwargs)

    monkeypatch.setattr(SQLCompiler, "as_sql", note)
    fresh = Prepared(lambda: Workshop.objects.filter(code=Given("code")))
    fresh.first(code="123456")
    fresh.first(code="654321")
    assert len(written) == 1


def test_upsert_adds_a_row_then_changes_what_it_may() -> None:
    of, other = factories.workshop(deliverables=1), factories.workshop(deliverables=1)
    scale, who = factories.scale(of), factories.participant(of)
    by = signed(who, Score, scale.pk)
    upsert = Upsert(Score, unique="author", update=["value"])
    upsert.save(Score(pk=2**52, workshop=of, scale=scale, value=7, **by))
    upsert.save(Score(pk=2**52 + 1, workshop=other, scale=scale, value=None, **by))
    kept = Score.objects.get()
    assert (kept.pk, kept.workshop, kept.value, kept.source) == (2**52, of, None, "phone")


def test_upsert_of_what_a_constraint_refuses_raises() -> None:
    of = factories.workshop(deliverables=1)
    row = Score(pk=2**52, workshop=of, scale=factories.scale(of), value=11)
    with pytest.raises(IntegrityError), transaction.atomic():
        Upsert(Score, unique="author", update=["value"]).save(row)
