"""Whose answer it is: each question knows a phone by another pseudonym, which only the phone's own token leads to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from ratings.choices import Asked, Source
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from ratings.models.answer import Answer
from workshops.choices import StageKind
from workshops.models import Participant, Stage


@dataclass(frozen=True)
class OwnAnswers:
    """All that one participant gave, by kind; nothing is fetched yet."""

    scores: QuerySet[Score]
    comments: QuerySet[Comment]
    rags: QuerySet[RagRating]
    imperatives: QuerySet[Imperative]
    votes: QuerySet[Vote]


def author_of(participant: Participant, model: type[Answer], *about: object) -> str:
    """Return the pseudonym under which a participant answers a question: 64 hexadecimal digits.

    The question is the kind of answer and what it is `about`: a scale's id, and of a comment what was asked; a
    deliverable's id; nothing for imperatives and for dots. Raises ValueError unless the participant came with the
    phone's token.
    """
    return participant.pseudonym(" ".join(str(part) for part in (model.__name__, *about)))


def unordered_id() -> int:
    """Return an id for a new answer from a phone, drawn at random: pages show ids, and rising ones tell who was first.

    It is above all that the database counts up to, and below 2**53, so that a script can hold it.
    """
    return 2**52 + secrets.randbelow(2**52)


def signed(participant: Participant, model: type[Answer], *about: object) -> dict[str, Any]:
    """Return the fields of an answer that say whose it is: its author, as `author_of`, the group, and how it came."""
    return {
        "author": author_of(participant, model, *about),
        "group_id": participant.group_id,
        "source": Source.PLAYED if participant.rehearsal else Source.PHONE,
    }


def answers_of(participant: Participant, stages: list[Stage]) -> OwnAnswers:
    """Return what a participant answered at any of these stages. Raises ValueError as `author_of`."""
    scales = [stage.scale_id for stage in stages if stage.scale_id]
    rated = [stage.deliverable_id for stage in stages if stage.kind == StageKind.RAG]
    said = [author_of(participant, Comment, scale, asked) for scale in scales for asked in Asked]
    return OwnAnswers(
        scores=Score.objects.filter(author__in=[author_of(participant, Score, scale) for scale in scales]),
        comments=Comment.objects.filter(author__in=said),
        rags=RagRating.objects.filter(author__in=[author_of(participant, RagRating, each) for each in rated]),
        imperatives=Imperative.objects.filter(author=author_of(participant, Imperative)),
        votes=Vote.objects.filter(author=author_of(participant, Vote)),
    )
