"""Record the one or two things that must happen next, and the three dots a participant places on them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from ratings.choices import VOTES_EACH
from ratings.models import Imperative, Vote
from workshops.choices import StageKind
from workshops.live import Topic, announce
from workshops.models import Deliverable, Participant, Stage, Workshop
from workshops.sessions import require_open


@dataclass(frozen=True)
class ImperativeAnswer:
    """What a participant typed in one slot: the words ("" for nothing) and the deliverables it is for."""

    text: str
    deliverables: Collection[Deliverable] = ()


@dataclass(frozen=True)
class RankedImperative:
    """An imperative at its place (from 1) in the order of votes; equals stand in printing order and share no place."""

    place: int
    imperative: Imperative
    votes: int


class TooManyVotes(Exception):
    """More dots were placed than a participant has."""


@transaction.atomic
def record_imperatives(*, participant: Participant, answers: Sequence[ImperativeAnswer]) -> Stage:
    """Save a participant's imperatives, one a slot; an empty one is taken back unless somebody has voted for it.

    Raises StageClosed when imperatives are not being gathered.
    """
    workshop = participant.workshop
    stage = require_open(workshop, kind=StageKind.IMPERATIVES)
    for slot, answer in enumerate(answers, start=1):
        if not answer.text:
            Imperative.objects.filter(participant=participant, slot=slot, votes=None).delete()
            continue
        imperative, _ = Imperative.objects.update_or_create(
            participant=participant,
            slot=slot,
            defaults={"text": answer.text},
            create_defaults={"workshop": workshop, "text": answer.text, "position": secrets.randbelow(2**31)},
        )
        imperative.deliverables.set(answer.deliverables)
    announce(workshop, Topic.TALLY)
    return stage


@transaction.atomic
def place_votes(*, participant: Participant, imperatives: Collection[Imperative]) -> Stage:
    """Place a participant's dots, one on each imperative given, in place of those before; return the stage.

    Raises StageClosed when votes are not being gathered, TooManyVotes for more than three.
    """
    workshop = participant.workshop
    stage = require_open(workshop, kind=StageKind.PRIORITIES)
    if len(imperatives) > VOTES_EACH:
        raise TooManyVotes(len(imperatives))
    Vote.objects.filter(participant=participant).delete()
    Vote.objects.bulk_create(
        Vote(participant=participant, imperative=imperative, slot=slot)
        for slot, imperative in enumerate(imperatives, start=1)
    )
    announce(workshop, Topic.TALLY)
    return stage


def rank_imperatives(workshop: Workshop, *, votes: bool) -> list[RankedImperative]:
    """Return a workshop's imperatives: with `votes` in order of support, else in printing order and uncounted.

    Two queries.
    """
    rows = Imperative.objects.filter(workshop=workshop).prefetch_related("deliverables").annotate(count=Count("votes"))
    ordered = sorted(rows, key=lambda row: -row.count) if votes else list(rows)
    return [RankedImperative(place, row, row.count if votes else 0) for place, row in enumerate(ordered, start=1)]
