"""How many phones have answered: the only thing that may show before a reveal."""

from __future__ import annotations

from dataclasses import dataclass

from ratings.models import Comment, Imperative, RagRating, Score, Vote
from workshops.choices import StageKind
from workshops.models import Stage, Workshop


@dataclass(frozen=True)
class Tally:
    """`answered` of the `people` who joined."""

    answered: int
    people: int

    @property
    def to_come(self) -> int:
        """How many have not answered."""
        return self.people - self.answered


def tally_stage(workshop: Workshop, stage: Stage) -> Tally:
    """Count the phones that answered at a stage, "can't say" among them. Two queries; one where nothing is asked."""
    people = workshop.participants.count()
    phones = {"workshop": workshop, "participant__isnull": False}
    if stage.scale_id:
        answered = Score.objects.filter(scale_id=stage.scale_id, **phones).count()
    elif stage.kind == StageKind.RAG and stage.deliverable_id:
        answered = RagRating.objects.filter(deliverable_id=stage.deliverable_id, **phones).count()
    elif stage.kind == StageKind.IMPERATIVES:
        answered = Imperative.objects.filter(**phones).values("participant").distinct().count()
    elif stage.kind == StageKind.PRIORITIES:
        answered = Vote.objects.filter(participant__workshop=workshop).values("participant").distinct().count()
    else:
        answered = people
    return Tally(answered, people)


def count_comments(workshop: Workshop, stage: Stage) -> int:
    """Count the comments on a stage's scale, whatever their state; 0 for a stage without a scale. One query at most."""
    return Comment.objects.filter(workshop=workshop, scale_id=stage.scale_id).count() if stage.scale_id else 0
