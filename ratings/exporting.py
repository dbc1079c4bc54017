"""Everything that is held about a workshop, for its owner: one JSON document, whatever models there are.

What would tell whose an answer is stays out: rows have numbers of their own, drawn anew for each export, answers stand
in no order and without their group, and scores, ratings and dots are counted as everywhere, small numbers kept back.
Words that a redaction took out are nowhere, so they are not here either.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import models, router, transaction
from django.db.models.deletion import Collector
from django.utils import timezone

from ratings.imperatives import rank_imperatives
from ratings.models import Imperative, Print, RagRating, Score, SeenPicture, Vote
from ratings.models.answer import Answer
from ratings.showing import show_dots
from ratings.summaries import summarise_workshop
from workshops.joining import count_people
from workshops.models import Participant, TrailEntry, Workshop

FORMAT, VERSION = "midpoint-workshop", 1
LEFT_OUT = {
    "author": "the pseudonym of an answer: what would connect it with a phone",
    "token_hash": "what checks a link or a phone without keeping it",
    "slot": "the number of an answer among those of one person",
    "data": "the bytes of a signed file: they are downloaded where it was signed",
    "group": "the group of whoever answered: a small one would tell who it was",
}
"""Fields that no export has, and why."""
HIDDEN: tuple[type[models.Model], ...] = (Participant, Score, RagRating, Vote, SeenPicture, Print)
"""Models whose rows are only counted: nobody's answer may follow from them, and a print says nothing else again."""

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
        TrailEntry: workshop.trail.all(),
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
        "answers": _answers(workshop, numbers),
        "rows": {
            model._meta.label: [_row(row, n, numbers, users) for n, row in enumerate(each, start=1)]
            for model, each in sorted(rows.items(), key=lambda item: item[0]._meta.label)
        },
    }


def _answers(workshop: Workshop, numbers: dict[tuple[type[models.Model], Any], int]) -> dict[str, Any]:
    """Return what may be shown of scores, ratings and dots; `withheld` and `waiting` say how many are kept back."""
    summary, dots = summarise_workshop(workshop, revealed_only=False), show_dots(workshop)
    return {
        "scores": [
            {"deliverable": each.no, "scale": kind.value, **dataclasses.asdict(scale)}
            for each in summary.deliverables
            for kind, scale in each.scales
        ],
        "ratings": [{"deliverable": each.no, **dataclasses.asdict(each.rag)} for each in summary.deliverables],
        "dots": {
            "withheld": dots.shown.withheld,
            "waiting": dots.shown.waiting,
            "placed": [
                {"imperative": numbers[Imperative, each.imperative.pk], "dots": each.votes, "entered": each.entered}
                for each in rank_imperatives(workshop, dots)
            ],
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
