"""Record the one or two things that must happen next, and the three dots a participant places on them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from ratings.choices import VOTES_EACH
from ratings.models import Action, Imperative, Vote
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
    merged: tuple[Imperative, ...] = ()

    @property
    def action(self) -> Action | None:
        """Who does it by when; None while nobody was named."""
        return getattr(self.imperative, "action", None)


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

    Those merged into another stand with it, in `merged`; its dots are the people who placed one on any of them. Three
    queries.
    """
    rows = list(
        Imperative.objects.filter(workshop=workshop).select_related("action").prefetch_related("deliverables", "votes")
    )
    merged: dict[int, list[Imperative]] = {}
    for row in rows:
        if row.merged_into_id:
            merged.setdefault(row.merged_into_id, []).append(row)
    ranked = [
        (row, merged.get(row.pk, []), _people_for(row, merged.get(row.pk, [])))
        for row in rows
        if not row.merged_into_id
    ]
    if votes:
        ranked.sort(key=lambda each: -each[2])  # stable: equals stay in printing order
    return [
        RankedImperative(place, row, people if votes else 0, tuple(others))
        for place, (row, others, people) in enumerate(ranked, start=1)
    ]


def _people_for(leading: Imperative, merged: Sequence[Imperative]) -> int:
    return len({vote.participant_id for row in (leading, *merged) for vote in row.votes.all()})


@transaction.atomic
def merge_imperatives(*, leading: Imperative, others: Collection[Imperative]) -> None:
    """Let one imperative stand for others that say the same; their words are kept, and so are their dots.

    What had been merged into one of the others goes with it. Imperatives of another workshop are left alone.
    """
    rows = Imperative.objects.filter(workshop=leading.workshop_id)
    keys = [other.pk for other in others if other.pk != leading.pk]
    rows.filter(merged_into__in=keys).exclude(pk=leading.pk).update(merged_into=leading)
    rows.filter(pk__in=keys).update(merged_into=leading)
    rows.filter(pk=leading.pk).update(merged_into=None)
    announce(leading.workshop, Topic.STAGE)


@transaction.atomic
def part_imperative(*, imperative: Imperative) -> None:
    """Let an imperative that was merged stand for itself again."""
    Imperative.objects.filter(pk=imperative.pk).update(merged_into=None)
    announce(imperative.workshop, Topic.STAGE)


@transaction.atomic
def plan_action(*, imperative: Imperative, owner: str, due: date | None) -> None:
    """Give an imperative an owner and a date; without an owner the action is taken back."""
    if owner:
        Action.objects.update_or_create(imperative=imperative, defaults={"owner": owner, "due": due})
    else:
        Action.objects.filter(imperative=imperative).delete()
