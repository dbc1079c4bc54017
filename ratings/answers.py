"""All that one participant has answered so far, for that participant's eyes only."""

from __future__ import annotations

from dataclasses import dataclass

from ratings.models import Comment, Imperative, RagRating, Score, Vote
from workshops.choices import StageKind
from workshops.models import Deliverable, Participant, Stage


@dataclass(frozen=True)
class AnswerRow:
    """One stage and what was answered there; `given` tells "no answer" from an answer that is "can't say"."""

    stage: Stage
    given: bool
    value: str
    comment: str = ""


@dataclass(frozen=True)
class DeliverableAnswers:
    """The answers about one deliverable, in the order of its stages."""

    no: int
    deliverable: Deliverable
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class AnswersSoFar:
    """Everything a participant gave: by deliverable, imperatives in their slots, imperatives voted for."""

    deliverables: tuple[DeliverableAnswers, ...]
    imperatives: tuple[Imperative, ...]
    votes: tuple[Imperative, ...]


def answers_so_far(participant: Participant) -> AnswersSoFar:
    """Return all of a participant's answers. Six queries, however many answers."""
    scores = {score.scale_id: score for score in Score.objects.filter(participant=participant)}
    comments = {comment.scale_id: comment.text for comment in Comment.objects.filter(participant=participant)}
    rags = {rag.deliverable_id: rag for rag in RagRating.objects.filter(participant=participant)}
    asked = participant.workshop.stages.filter(kind__in=[StageKind.SCALE, StageKind.RAG])
    by_deliverable: dict[Deliverable, list[AnswerRow]] = {}
    for stage in asked.select_related("deliverable", "scale"):
        if stage.deliverable is None:
            continue
        if stage.scale:
            score = scores.get(stage.scale.pk)
            value = "" if score is None or score.value is None else str(score.value)
            row = AnswerRow(stage, score is not None, value, comments.get(stage.scale.pk, ""))
        else:
            rag = rags.get(stage.deliverable.pk)
            row = AnswerRow(stage, rag is not None, rag.get_value_display() if rag and rag.value else "")
        by_deliverable.setdefault(stage.deliverable, []).append(row)
    votes = Vote.objects.filter(participant=participant).select_related("imperative").order_by("slot")
    return AnswersSoFar(
        tuple(
            DeliverableAnswers(no, each, tuple(rows)) for no, (each, rows) in enumerate(by_deliverable.items(), start=1)
        ),
        tuple(Imperative.objects.filter(participant=participant).order_by("slot")),
        tuple(vote.imperative for vote in votes),
    )
