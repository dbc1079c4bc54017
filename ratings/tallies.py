"""How many phones have answered: the only thing that may show before a reveal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from ratings.models import Comment, Imperative, RagRating, Score, Vote
from workshops.choices import StageKind
from workshops.joining import count_people
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
    people = count_people(workshop)
    phones = {"workshop": workshop, "author__isnull": False}
    if stage.scale_id:
        answered = Score.objects.filter(scale_id=stage.scale_id, **phones).count()
    elif stage.kind == StageKind.RAG and stage.deliverable_id:
        answered = RagRating.objects.filter(deliverable_id=stage.deliverable_id, **phones).count()
    elif stage.kind == StageKind.IMPERATIVES:
        answered = Imperative.objects.filter(**phones).values("author").distinct().count()
    elif stage.kind == StageKind.PRIORITIES:
        answered = (
            Vote.objects.filter(imperative__workshop=workshop, author__isnull=False).values("author").distinct().count()
        )
    else:
        answered = people
    return Tally(answered, people)


def tally_questions(workshop: Workshop) -> list[tuple[Stage, Tally]]:
    """Count the phones that answered at each stage that asks something, in order. Six queries, however many stages."""
    people = count_people(workshop)
    phones = {"workshop": workshop, "author__isnull": False}
    one = Count("author", distinct=True)
    scales = dict(Score.objects.filter(**phones).values_list("scale").annotate(n=one).order_by())
    rags = dict(RagRating.objects.filter(**phones).values_list("deliverable").annotate(n=one).order_by())
    naming = Imperative.objects.filter(**phones).aggregate(n=one)["n"]
    voting = Vote.objects.filter(imperative__workshop=workshop, author__isnull=False).aggregate(n=one)["n"]
    rows = []
    for stage in workshop.stages.select_related("deliverable", "scale"):
        if stage.asks:
            by_kind = {
                StageKind.SCALE: scales.get(stage.scale_id, 0),
                StageKind.RAG: rags.get(stage.deliverable_id, 0),
                StageKind.IMPERATIVES: naming,
                StageKind.PRIORITIES: voting,
            }
            rows.append((stage, Tally(by_kind[StageKind(stage.kind)], people)))
    return rows


def count_comments(workshop: Workshop, stage: Stage) -> Counter[str]:
    """Count the comments on a stage's scale by what they answer (`Asked`), whatever their state. One query at most."""
    if stage.scale_id is None:
        return Counter()
    return Counter(Comment.objects.filter(workshop=workshop, scale=stage.scale_id).values_list("asked", flat=True))
