"""Sealing: some time after closing, or at once, nobody can tell any more which answers are whose. It cannot be undone.

An answer keeps what was said, and its group if that is one to hide in. Its author, its place in the order of saving and
exact times go, and so do the participants with what their phones hold; the rows are written anew in a shuffled order,
with other ids.
"""

from __future__ import annotations

import copy
import datetime
import logging
import random
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ratings.choices import PRINTED, Source
from ratings.models import Comment, Imperative, Print, RagRating, Score, Vote, WordsDecision
from ratings.showing import follow_imperatives, groups_to_keep, settle_pictures
from workshops.choices import Move, StageKind
from workshops.clock import LONGEST, steady_for
from workshops.controls import record_move
from workshops.erasing import empty_files
from workshops.joining import COOKIE_AGE, count_people, count_played
from workshops.models import Participant, StageMove, Workshop
from workshops.models.workshop import WorkshopQuerySet
from workshops.sessions import open_stage

M = TypeVar("M", bound=models.Model)

logger = logging.getLogger(__name__)
chance = random.SystemRandom()

FORGOTTEN = datetime.timedelta(seconds=COOKIE_AGE)


class NotClosed(Exception):
    """The workshop is not closed, so people may still answer."""


def due_workshops() -> WorkshopQuerySet:
    """Return the workshops that have been closed for `SEAL_AFTER` minutes and that phones of people joined.

    A workshop that was only rehearsed, or that nobody joined, holds nobody's answers and can still be run.
    """
    closed = timezone.now() - datetime.timedelta(minutes=settings.SEAL_AFTER)
    people = Participant.objects.filter(workshop=OuterRef("pk"), rehearsal=False)
    return Workshop.objects.filter(Exists(people), closed_at__lte=closed, sealed_on=None).order_by("closed_at", "pk")


def seals_at(workshop: Workshop) -> datetime.datetime | None:
    """Return when a workshop will be sealed by itself; None if it will not as it stands. One query at most."""
    if workshop.closed_at is None or workshop.is_sealed:
        return None
    people = workshop.participants.filter(rehearsal=False)
    return workshop.closed_at + datetime.timedelta(minutes=settings.SEAL_AFTER) if people.exists() else None


def forgotten_workshops() -> WorkshopQuerySet:
    """Return the workshops that nobody has closed two weeks after their last day, and that phones of people answered.

    By then the phones themselves have forgotten their tokens, so nobody could change or withdraw anything. Where stages
    were moved since, the date is mistaken: a room may be at work.
    """
    before = timezone.localdate() - FORGOTTEN
    moved = StageMove.objects.filter(stage__workshop=OuterRef("pk"), at__gte=timezone.now() - FORGOTTEN)
    answers = [
        Exists(kind._default_manager.filter(workshop=OuterRef("pk"), source=Source.PHONE))
        for kind in (Score, Comment, RagRating, Imperative)
    ]
    over = Workshop.objects.filter(closed_at=None, sealed_on=None, date__lt=before).filter(
        ~Exists(moved), Q(self_paced_until=None) | Q(self_paced_until__lt=before)
    )
    return over.filter(reduce(or_, map(Q, answers))).order_by("pk")


def close_forgotten() -> list[Workshop]:
    """Close what nobody closed, so that it is sealed in its time; return it."""
    forgotten = list(forgotten_workshops())
    for workshop in forgotten:
        open_stage(stage=workshop.stages.get(kind=StageKind.CLOSED), user=None)
    return forgotten


def seal_due() -> list[Workshop]:
    """Close what was forgotten and seal what is due; return what was sealed.

    After a jump of the clock nothing is sealed until it has gone steadily for as long as a workshop can be reopened,
    and nothing is closed for a day.
    """
    steady = steady_for()
    if steady >= LONGEST:
        close_forgotten()
    if steady < datetime.timedelta(minutes=settings.SEAL_AFTER):
        return []
    return [workshop for workshop in due_workshops() if seal_workshop(workshop=workshop)]


@transaction.atomic
def seal_workshop(*, workshop: Workshop, user: AbstractBaseUser | None = None) -> bool:
    """Cut for good what connects a closed workshop's answers with phones, times and one another; twice does nothing.

    `user` is who pressed the button; None: its time had come. Recorded and told. After the commit the database's files
    are rid of what was there before. Return whether it was sealed now. Raises NotClosed.
    """
    locked = Workshop.objects.select_for_update().order_by("pk").get(pk=workshop.pk)
    if locked.is_sealed:
        return False
    if not locked.is_closed:
        raise NotClosed(locked.code)
    stages = list(locked.stages.select_for_update().order_by("position"))
    locked.joined, locked.played = count_people(locked), count_played(locked)
    settle_pictures(locked)
    _drop_second_dots(locked)
    _drop_small_groups(locked)
    _rewrite_answers(locked)
    _rewrite_decisions(locked)
    Print.objects.filter(workshop=locked).delete()  # two editions would tell what was said between them
    locked.participants.all().delete()
    locked.sealed_on = timezone.localdate()
    locked.save(update_fields=["sealed_on", "joined", "played"])
    record_move(workshop=locked, stage=stages[-1], move=Move.SEAL, user=user)
    transaction.on_commit(_empty_files)
    workshop.refresh_from_db(fields=["sealed_on", "joined", "played", "revision"])
    return True


def _empty_files() -> None:
    if not empty_files():
        logger.warning("A workshop was sealed, but the database's files keep traces of it until it is read no more")


def _drop_second_dots(workshop: Workshop) -> None:
    """Leave one dot a phone on imperatives that stand together: afterwards nobody knows which dots are one phone's."""
    votes = Vote.objects.filter(imperative__workshop=workshop, author__isnull=False).select_related("imperative")
    seen: set[tuple[str | None, int]] = set()
    second = []
    for vote in sorted(votes, key=lambda vote: (vote.imperative.state not in PRINTED, vote.slot)):
        place = (vote.author, vote.imperative.merged_into_id or vote.imperative_id)
        if place in seen:
            second.append(vote.pk)
        seen.add(place)
    Vote.objects.filter(pk__in=second).delete()


def _drop_small_groups(workshop: Workshop) -> None:
    """Leave no group with an answer but those that may be shown: whoever is alone in one would be known by it."""
    kept = groups_to_keep(workshop)
    for kind in (Score, RagRating, Comment, Imperative):
        kind._default_manager.filter(workshop=workshop).exclude(group__in=kept).update(group=None)
    Vote.objects.filter(imperative__workshop=workshop).exclude(group__in=kept).update(group=None)


def _rewrite_answers(workshop: Workshop) -> None:
    """Write every answer anew without its author and without its number among the answers of one person."""
    for rows in (Score.objects, RagRating.objects, Comment.objects):
        _rewrite(_shuffled(rows.filter(workshop=workshop)), author=None)
    named_before = _shuffled(Imperative.objects.filter(workshop=workshop))
    named_now = _rewrite(named_before, author=None, slot=1)
    follow_imperatives(workshop, {old.pk: new.pk for old, new in zip(named_before, named_now, strict=True)})
    _rewrite(_shuffled(Vote.objects.filter(imperative__workshop=workshop)), author=None, slot=None)
    named = Imperative.deliverables.through.objects.filter(imperative__workshop=workshop)
    _rewrite(_shuffled(named))


def _rewrite_decisions(workshop: Workshop) -> None:
    """Write the log of decisions anew: in order for each comment and imperative, shuffled among them, to the day."""
    rows = WordsDecision.objects.filter(Q(comment__workshop=workshop) | Q(imperative__workshop=workshop))
    places = {(row.comment_id, row.imperative_id): chance.random() for row in rows}
    old = sorted(rows, key=lambda row: (places[row.comment_id, row.imperative_id], row.pk))
    fresh = _rewrite(old)
    for before, now in zip(old, fresh, strict=True):
        now.at = timezone.localtime(before.at).replace(hour=0, minute=0, second=0, microsecond=0)
    WordsDecision.objects.bulk_update(fresh, ["at"], batch_size=200)


def _shuffled(rows: models.QuerySet[M]) -> list[M]:
    """Return the rows, locked, in an order that says nothing."""
    locked = list(rows.select_for_update(of=("self",)).order_by("pk"))
    chance.shuffle(locked)
    return locked


def _rewrite(rows: Sequence[M], **changed: Any) -> list[M]:
    """Keep rows under new ids that rise in the order given, with some fields changed; return them as they are now.

    Whatever points to one of them follows it.
    """
    if not rows:
        return []
    model = type(rows[0])
    fresh = [copy.copy(row) for row in rows]
    for row in fresh:
        row.pk, row._state = None, models.base.ModelState()
        for name, value in changed.items():
            setattr(row, name, value)
    old = model._default_manager.filter(pk__in=[row.pk for row in rows])
    pointing = _pointing(model)
    if not pointing:  # only then they can go first, which spares uniqueness the meeting of old and new
        old.delete()
    model._default_manager.bulk_create(fresh)
    new = {row.pk: now.pk for row, now in zip(rows, fresh, strict=True)}
    for relation in pointing:
        name = relation.field.attname
        followers = list(relation.related_model._base_manager.filter(**{f"{name}__in": list(new)}))
        for follower in followers:
            setattr(follower, name, new[getattr(follower, name)])
        relation.related_model._base_manager.bulk_update(followers, [relation.field.name], batch_size=200)
    if pointing:
        old.delete()
    return fresh


def _pointing(model: type[models.Model]) -> list[Any]:
    """Return the foreign keys that lead to a model, those of its many-to-many tables among them."""
    relations = model._meta.get_fields(include_hidden=True)
    return [each for each in relations if each.auto_created and not each.concrete and not each.many_to_many]
