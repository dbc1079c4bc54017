"""Everything that is held about a workshop, for its owner: one JSON document, whatever models there are.

What would tell whose an answer is stays out: rows have numbers of their own, drawn anew for each export, and answers
stand in no order. Words that a redaction took out are nowhere, so they are not here either.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import models, router, transaction
from django.db.models.deletion import Collector
from django.utils import timezone

from ratings.models.answer import Answer
from workshops.joining import count_people
from workshops.models import Participant, Workshop

FORMAT, VERSION = "midpoint-workshop", 1
LEFT_OUT = {
    "author": "the pseudonym of an answer: what would connect it with a phone",
    "token_hash": "what checks a link or a phone without keeping it",
    "slot": "the number of an answer among those of one person",
}
"""Fields that no export has, and why."""
HIDDEN: tuple[type[models.Model], ...] = (Participant,)
"""Models whose rows are only counted: all they hold is what would connect answers with phones."""

chance = random.SystemRandom()


class NotClosed(Exception):
    """The workshop is not closed: what the room has not seen, nobody takes away."""


class _Everything(Collector):
    """What would go if a row went, every row by itself."""

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        return False


@transaction.atomic
def export_workshop(workshop: Workshop) -> dict[str, Any]:
    """Return everything that is held about a workshop, ready for JSON; `docs/data-protection.md` describes it.

    Held and hidden words are in it too. Raises NotClosed.
    """
    if not workshop.is_closed:
        raise NotClosed(workshop.code)
    found = _Everything(using=router.db_for_read(Workshop), origin=workshop)
    found.collect([workshop])
    edition = workshop.edition
    deliverables = list(edition.deliverables.all())
    scales = [scale for deliverable in deliverables for scale in deliverable.scales.all()]
    tables: dict[type[models.Model], Iterable[models.Model]] = {
        type(edition): [edition],
        **({type(deliverables[0]): deliverables} if deliverables else {}),
        **({type(scales[0]): scales} if scales else {}),
        **found.data,
    }
    rows = {model: _in_order(model, [row.pk for row in each]) for model, each in tables.items() if model not in HIDDEN}
    numbers = {(model, row.pk): n for model, each in rows.items() for n, row in enumerate(each, start=1)}
    users = dict(User.objects.values_list("pk", "username"))
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_on": timezone.localdate(),
        "people": count_people(workshop),
        "left_out": LEFT_OUT,
        "rows": {
            model._meta.label: [_row(row, n, numbers, users) for n, row in enumerate(each, start=1)]
            for model, each in sorted(rows.items(), key=lambda item: item[0]._meta.label)
        },
    }


def _in_order(model: type[models.Model], keys: list[Any]) -> list[models.Model]:
    """Return rows in the order they were made; those that people gave, and what belongs to them, in none. One query."""
    rows = list(model._base_manager.filter(pk__in=keys).order_by("pk"))
    if issubclass(model, Answer) or model._meta.auto_created:
        chance.shuffle(rows)
    return rows


def _row(
    row: models.Model, number: int, numbers: dict[tuple[type[models.Model], Any], int], users: dict[Any, str]
) -> dict[str, Any]:
    """Return a row's fields; what points to another row of the export is that row's number there."""
    told: dict[str, Any] = {"id": number}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.primary_key or field.name in LEFT_OUT:
            continue
        if field.related_model is User:
            value = users.get(value)
        elif isinstance(field.related_model, type):
            value = numbers.get((field.related_model, value))
        told[field.name] = value
    return told
