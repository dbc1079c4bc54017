"""What was said aloud or written on paper, for people without a phone: entered by a facilitator, counted and labelled.

It can be entered from the moment its stage opens, never before; for a revealed stage the picture changes. "n of m"
stays about phones. `user` is who enters it. Once the workshop is sealed every function here raises Sealed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from typing import TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count

from ratings.choices import Source
from ratings.deciding import first_state
from ratings.imperatives import on_show
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from workshops.choices import Deed, StageKind
from workshops.controls import lock_workshop
from workshops.live import Topic, announce
from workshops.models import Scale, Stage, Workshop
from workshops.reviewing import freeze_edition
from workshops.sessions import Sealed
from workshops.trail import record_act

T = TypeVar("T")

COUNT_MAX = 500
"""The most papers with one answer that a count can hold."""


class NotYetOpen(Exception):
    """The stage has not been open yet, so nobody can have answered it."""


def opened_stages(workshop: Workshop) -> list[Stage]:
    """Return the stages that ask something and have been open, in order; none of a sealed workshop. One query."""
    if workshop.is_sealed:
        return []
    stages = workshop.stages.select_related("deliverable", "scale")
    opened = workshop.is_open_to_all
    return [stage for stage in stages if stage.asks and (opened or stage.opened_at or stage.is_current)]


@transaction.atomic
def add_comment(
    *,
    workshop: Workshop,
    scale: Scale,
    text: str,
    mark: str = "",
    source: Source,
    user: AbstractBaseUser | None = None,
) -> Comment:
    """Add a comment on a scale in the words given; undecided, and held if it may name somebody. Raises NotYetOpen."""
    stage = _require_opened(workshop, kind=StageKind.SCALE, scale=scale)
    comment = Comment.objects.create(
        workshop=workshop,
        scale=scale,
        text=text,
        mark=mark,
        source=source,
        position=secrets.randbelow(2**31),
        **first_state(text),
    )
    _finish(workshop, stage, Deed.ENTERED, user)
    return comment


@transaction.atomic
def add_imperative(
    *, workshop: Workshop, text: str, source: Source, user: AbstractBaseUser | None = None
) -> Imperative:
    """Add one thing that must happen next, in the words given; held if it may name somebody. Raises NotYetOpen."""
    stage = _require_opened(workshop, kind=StageKind.IMPERATIVES)
    imperative = Imperative.objects.create(
        workshop=workshop, text=text, source=source, position=secrets.randbelow(2**31), **first_state(text)
    )
    _finish(workshop, stage, Deed.ENTERED, user)
    return imperative


@transaction.atomic
def count_scores(
    *, workshop: Workshop, scale: Scale, counts: Mapping[int | None, int], user: AbstractBaseUser | None = None
) -> None:
    """Save how many papers gave each score from 0 to 10 (None: "can't say"), in place of the count before.

    Raises NotYetOpen.
    """
    stage = _require_opened(workshop, kind=StageKind.SCALE, scale=scale)
    Score.objects.filter(workshop=workshop, scale=scale, source=Source.PAPER).delete()
    Score.objects.bulk_create(
        Score(workshop=workshop, scale=scale, value=value, source=Source.PAPER) for value in _each(counts)
    )
    _finish(workshop, stage, Deed.COUNTED, user)


@transaction.atomic
def count_rags(
    *, workshop: Workshop, stage: Stage, counts: Mapping[str, int], user: AbstractBaseUser | None = None
) -> None:
    """Save how many papers rated a RAG stage's deliverable each colour ("": can't say), in place of the count before.

    Raises NotYetOpen.
    """
    stage = _require_opened(workshop, kind=StageKind.RAG, pk=stage.pk)
    rows = {"workshop": workshop, "deliverable_id": stage.deliverable_id, "source": Source.PAPER}
    RagRating.objects.filter(**rows).delete()
    RagRating.objects.bulk_create(RagRating(value=value, **rows) for value in _each(counts))
    _finish(workshop, stage, Deed.COUNTED, user)


@transaction.atomic
def count_votes(*, workshop: Workshop, counts: Mapping[int, int], user: AbstractBaseUser | None = None) -> None:
    """Save how many dots papers place on each imperative (by id), in place of the count before; others keep theirs.

    One that was removed or kept back meanwhile is left alone. Raises NotYetOpen.
    """
    stage = _require_opened(workshop, kind=StageKind.PRIORITIES)
    rows = on_show(workshop).filter(pk__in=counts).select_for_update(of=("self",), no_key=True)
    there = [row.pk for row in rows.order_by("pk")]
    Vote.objects.filter(imperative__in=there, source=Source.PAPER).delete()
    dots = _each({key: counts[key] for key in there})
    Vote.objects.bulk_create(Vote(imperative_id=key, source=Source.PAPER) for key in dots)
    _finish(workshop, stage, Deed.COUNTED, user)


def paper_counts(workshop: Workshop, stage: Stage) -> dict[str, int]:
    """Return how many papers gave each answer at a stage, by form field.

    That is "0" to "10" or "R", "A", "G", and "unsure"; of votes the imperative's id. One query.
    """
    values: Sequence[object]
    if stage.kind == StageKind.PRIORITIES:
        dots = Vote.objects.filter(imperative__workshop=workshop, source=Source.PAPER)
        return {str(key): n for key, n in dots.values_list("imperative").annotate(n=Count("pk")).order_by()}
    papers = {"workshop": workshop, "source": Source.PAPER}
    if stage.scale_id:
        values = list(Score.objects.filter(scale=stage.scale_id, **papers).values_list("value", flat=True))
    else:
        rows = RagRating.objects.filter(deliverable=stage.deliverable_id, **papers)
        values = list(rows.values_list("value", flat=True))
    named = ["unsure" if value in (None, "") else str(value) for value in values]
    return {name: named.count(name) for name in named}


def _require_opened(workshop: Workshop, **which: object) -> Stage:
    """Return the stage, locked so that two counts cannot both be added. Raises NotYetOpen, Sealed."""
    lock_workshop(workshop.pk, None)  # before the stage, as a move does
    stage = workshop.stages.select_for_update(no_key=True).order_by("position").filter(**which).first()
    workshop.refresh_from_db(fields=["sealed_on"])  # sealing locks the stages too: it is over, or has to wait
    if workshop.is_sealed:
        raise Sealed(workshop.code)
    if stage is None or not (stage.opened_at or stage.is_current or workshop.is_open_to_all):
        raise NotYetOpen(workshop.code)
    if workshop.is_open_to_all:  # nothing of it was opened, and nobody need have joined
        freeze_edition(workshop.edition_id)
    return stage


def _each(counts: Mapping[T, int]) -> list[T]:
    return list(chain.from_iterable(repeat(value, n) for value, n in counts.items()))


def _finish(workshop: Workshop, stage: Stage, act: Deed, user: AbstractBaseUser | None) -> None:
    """Write it down; let desks and walls count anew. What the room has seen changes on every screen."""
    record_act(workshop=workshop, user=user, act=act)
    announce(workshop, Topic.STAGE if stage.revealed_at else Topic.TALLY)
