"""All that one participant has answered so far, for that participant's eyes only."""

from __future__ import annotations

from dataclasses import dataclass

from ratings.authorship import author_of
from ratings.choices import PRINTED, Asked
from ratings.models import Comment, Imperative, RagRating, Score, Vote
from workshops.choices import StageKind
from workshops.models import Deliverable, Participant, Stage


@dataclass(frozen=True)
class AnswerRow:
    """One stage and what was answered there; `given` tells "no answer" from an answer that is "can't say".

    `higher` is what one point higher would look like, in the words given.
    """

    stage: Stage
    given: bool
    value: str
    comment: str = ""
    higher: str = ""


@dataclass(frozen=True)
class DeliverableAnswers:
    """The answers about one deliverable, in the order of its stages."""

    no: int
    deliverable: Deliverable
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True)
class AnswersSoFar:
    """Everything a participant gave: by deliverable, imperatives in their slots, imperatives voted for.

    Of the dots `votes_aside` are on imperatives that the facilitator keeps back: nobody is shown their words. `naming`
    and `voting` are the stages at which the last two are asked.
    """

    deliverables: tuple[DeliverableAnswers, ...]
    imperatives: tuple[Imperative, ...]
    votes: tuple[Imperative, ...]
    votes_aside: int
    naming: Stage | None
    voting: Stage | None

    @property
    def given(self) -> int:
        """How many questions have an answer."""
        rows = sum(row.given for each in self.deliverables for row in each.rows)
        return rows + bool(self.imperatives) + bool(self.votes or self.votes_aside)

    @property
    def asked(self) -> int:
        """How many questions there are."""
        rows = sum(len(each.rows) for each in self.deliverables)
        return rows + (self.naming is not None) + (self.voting is not None)


def answers_so_far(participant: Participant) -> AnswersSoFar:
    """Return all of a participant's answers. Six queries, however many answers."""
    stages = list(participant.workshop.stages.select_related("deliverable", "scale"))
    scales = [stage.scale_id for stage in stages if stage.scale_id]
    rated = [stage.deliverable_id for stage in stages if stage.kind == StageKind.RAG]
    mine = [author_of(participant, Score, scale) for scale in scales]
    scores = {score.scale_id: score for score in Score.objects.filter(author__in=mine)}
    mine = [author_of(participant, Comment, scale, asked) for scale in scales for asked in Asked]
    comments = {(each.scale_id, each.asked): each.text for each in Comment.objects.filter(author__in=mine)}
    mine = [author_of(participant, RagRating, deliverable) for deliverable in rated]
    rags = {rag.deliverable_id: rag for rag in RagRating.objects.filter(author__in=mine)}
    by_kind = {stage.kind: stage for stage in stages}
    by_deliverable: dict[Deliverable, list[AnswerRow]] = {}
    for stage in stages:
        if stage.deliverable is None or stage.kind not in (StageKind.SCALE, StageKind.RAG):
            continue
        if stage.scale:
            score = scores.get(stage.scale.pk)
            value = "" if score is None or score.value is None else str(score.value)
            why, higher = (comments.get((stage.scale.pk, asked), "") for asked in (Asked.WHY, Asked.HIGHER))
            row = AnswerRow(stage, score is not None, value, why, higher)
        else:
            rag = rags.get(stage.deliverable.pk)
            row = AnswerRow(stage, rag is not None, rag.get_value_display() if rag and rag.value else "")
        by_deliverable.setdefault(stage.deliverable, []).append(row)
    dots = (
        Vote.objects.filter(author=author_of(participant, Vote))
        .select_related("imperative__merged_into")
        .order_by("slot")
    )
    votes = [vote.imperative for vote in dots]
    shown = [each for each in votes if {each.state, (each.merged_into or each).state} <= {*PRINTED}]
    return AnswersSoFar(
        tuple(
            DeliverableAnswers(no, each, tuple(rows)) for no, (each, rows) in enumerate(by_deliverable.items(), start=1)
        ),
        tuple(Imperative.objects.filter(author=author_of(participant, Imperative)).order_by("slot")),
        tuple(shown),
        len(votes) - len(shown),
        by_kind.get(StageKind.IMPERATIVES),
        by_kind.get(StageKind.PRIORITIES),
    )
