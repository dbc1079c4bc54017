"""Rehearsals: people played by the computer are marked as such, and go with all their answers in one step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from ratings.choices import Source
from ratings.models import Comment, Imperative, Print, RagRating, Score, Vote
from ratings.showing import forget_pictures
from workshops.choices import Deed
from workshops.joining import hash_token
from workshops.live import Topic, announce
from workshops.models import Participant, Workshop
from workshops.trail import record_act


@dataclass(frozen=True)
class Removed:
    """How much a removal took away; votes count those that others had placed on the imperatives removed."""

    people: int
    scores: int
    comments: int
    rag_ratings: int
    imperatives: int
    votes: int


def mark_as_rehearsal(*, workshop: Workshop, token: str) -> bool:
    """Mark the participant whose phone holds this token as played; return whether this database knows them.

    What they answer from then on is marked too.
    """
    played = Participant.objects.filter(workshop=workshop, token_hash=hash_token(workshop.code, token))
    return played.update(rehearsal=True) == 1


@transaction.atomic
def remove_rehearsal(*, workshop: Workshop, user: AbstractBaseUser | None = None) -> Removed:
    """Remove every participant who was played, with all they answered; return the counts. Twice does no more.

    In a sealed workshop, where the participants are gone, their answers still say that they were played.
    """
    workshop = Workshop.objects.select_for_update().order_by("pk").get(pk=workshop.pk)
    played = Participant.objects.filter(workshop=workshop, rehearsal=True)
    answers = {"workshop": workshop, "source": Source.PLAYED}
    named = Imperative.objects.filter(**answers).order_by("pk")
    list(named.select_for_update())  # nobody places a dot on one of these while they go
    counts: Counter[str] = Counter()
    for rows in (
        played,
        Score.objects.filter(**answers),
        Comment.objects.filter(**answers),
        RagRating.objects.filter(**answers),
        Vote.objects.filter(imperative__workshop=workshop, source=Source.PLAYED),
        named,
    ):
        counts.update(rows.delete()[1])
    if workshop.played:
        counts[Participant._meta.label] += workshop.played
        workshop.joined, workshop.played = workshop.joined - workshop.played, 0
        workshop.save(update_fields=["joined", "played"])
    removed = Removed(
        *(counts[model._meta.label] for model in (Participant, Score, Comment, RagRating, Imperative, Vote))
    )
    forget_pictures(workshop)
    Print.objects.filter(workshop=workshop).delete()
    if removed.people:
        record_act(workshop=workshop, user=user, act=Deed.REHEARSAL)
        announce(workshop, Topic.STAGE)
    return removed
