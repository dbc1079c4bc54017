"""What the answers add up to: frozen summaries, read with a fixed number of queries.

The two scales are never averaged into one number. Medians and hinges are Tukey's (Exploratory Data Analysis, 1977,
chapter 2): the median is the middle score, the hinges are the medians of the lower and the upper half, each half
including the middle score when n is odd. All three are therefore whole or half numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat

from django.db.models import Count, Q

from ratings.choices import ENTERED, Rag
from ratings.models import RagRating, Score
from workshops.choices import ScaleKind, StageKind
from workshops.joining import count_people
from workshops.models import Deliverable, Scale, Workshop

WRITTEN_DOWN = Count("pk", filter=Q(source__in=ENTERED))


@dataclass(frozen=True)
class Spread:
    """The five numbers and the mean of at least one score; all on 0 to 10."""

    median: float
    q1: float
    q3: float
    low: int
    high: int
    mean: float


@dataclass(frozen=True)
class ScaleSummary:
    """The answers on one scale: how many gave each score from 0 to 10, and how many could not say.

    `entered` of them came aloud or on paper; how they came is no part of what they add up to.
    """

    counts: tuple[int, ...] = (0,) * 11
    cant_say: int = 0
    entered: int = field(default=0, compare=False)

    @property
    def n(self) -> int:
        """The number of scores; "can't say" is not one."""
        return sum(self.counts)

    @property
    def answers(self) -> int:
        """The number of people who answered, "can't say" among them."""
        return self.n + self.cant_say

    @property
    def values(self) -> list[int]:
        """All scores in rising order: no order of arrival survives."""
        return list(chain.from_iterable(repeat(value, count) for value, count in enumerate(self.counts)))

    @property
    def spread(self) -> Spread | None:
        """The spread of the scores; None when nobody gave one."""
        values = self.values
        if not values:
            return None
        half = (len(values) + 1) // 2
        return Spread(
            median=_middle(values),
            q1=_middle(values[:half]),
            q3=_middle(values[-half:]),
            low=values[0],
            high=values[-1],
            mean=sum(values) / len(values),
        )


@dataclass(frozen=True)
class RagSummary:
    """How many rated a deliverable red, amber and green, and how many could not say.

    `entered` of them came aloud or on paper; how they came is no part of what they add up to.
    """

    red: int = 0
    amber: int = 0
    green: int = 0
    cant_say: int = 0
    entered: int = field(default=0, compare=False)

    @property
    def n(self) -> int:
        """The number of ratings; "can't say" is not one."""
        return self.red + self.amber + self.green

    @property
    def counts(self) -> tuple[tuple[Rag, int], ...]:
        """Each colour with its count, red first."""
        return ((Rag.RED, self.red), (Rag.AMBER, self.amber), (Rag.GREEN, self.green))


@dataclass(frozen=True)
class DeliverableSummary:
    """One deliverable and what was said of it in numbers. `no` counts from 1 in the review's order."""

    no: int
    deliverable: Deliverable
    being: ScaleSummary
    progress: ScaleSummary
    rag: RagSummary

    @property
    def label(self) -> str:
        """What charts call the deliverable."""
        return self.deliverable.label

    @property
    def scales(self) -> tuple[tuple[ScaleKind, ScaleSummary], ...]:
        """Both scales with their kinds, being at the goal first."""
        return ((ScaleKind.BEING, self.being), (ScaleKind.PROGRESS, self.progress))


@dataclass(frozen=True)
class WorkshopSummary:
    """All deliverables of a workshop in order, and how many phones joined it."""

    people: int
    deliverables: tuple[DeliverableSummary, ...]


def _middle(values: list[int]) -> float:
    """Return the median of a sorted list that is not empty."""
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2


def summarise_scores(values: Iterable[int | None], *, entered: int = 0) -> ScaleSummary:
    """Summarise scores of 0 to 10; None is "can't say". `entered` of them came aloud or on paper."""
    counts, cant_say = [0] * 11, 0
    for value in values:
        if value is None:
            cant_say += 1
        else:
            counts[value] += 1
    return ScaleSummary(tuple(counts), cant_say, entered)


def summarise_scale(workshop: Workshop, scale: Scale) -> ScaleSummary:
    """Summarise one scale of a workshop, revealed or not: the caller decides who may see it. One query."""
    rows = Score.objects.filter(workshop=workshop, scale=scale).values_list("value", "source")
    return _scale_summary(list(rows))


def summarise_rag(workshop: Workshop, deliverable: Deliverable) -> RagSummary:
    """Summarise the RAG ratings of one deliverable, revealed or not. One query."""
    rows = (
        RagRating.objects.filter(workshop=workshop, deliverable=deliverable)
        .values_list("value")
        .annotate(n=Count("pk"), entered=WRITTEN_DOWN)
    )
    return _rag_summary(list(rows.order_by()))


def summarise_workshop(workshop: Workshop, *, revealed_only: bool) -> WorkshopSummary:
    """Summarise every deliverable of a workshop; with `revealed_only`, as far as the room has seen it. Six queries."""
    stages = workshop.stages.filter(kind__in=[StageKind.SCALE, StageKind.RAG])
    if revealed_only:
        stages = stages.filter(revealed_at__isnull=False)
    may_show: set[tuple[int | None, int | None]] = set(stages.values_list("scale_id", "deliverable_id"))
    scores: dict[int, list[tuple[int | None, str]]] = {}
    for scale_id, value, source in Score.objects.filter(workshop=workshop).values_list("scale_id", "value", "source"):
        scores.setdefault(scale_id, []).append((value, source))
    rags: dict[int, list[tuple[str, int, int]]] = {}
    rows = RagRating.objects.filter(workshop=workshop).values_list("deliverable_id", "value")
    for deliverable_id, colour, n, entered in rows.annotate(n=Count("pk"), entered=WRITTEN_DOWN).order_by():
        rags.setdefault(deliverable_id, []).append((colour, n, entered))
    summaries = []
    for no, deliverable in enumerate(workshop.edition.deliverables.prefetch_related("scales"), start=1):
        by_kind = {
            ScaleKind(scale.kind): _scale_summary(scores.get(scale.pk, []))
            for scale in deliverable.scales.all()
            if (scale.pk, deliverable.pk) in may_show
        }
        summaries.append(
            DeliverableSummary(
                no=no,
                deliverable=deliverable,
                being=by_kind.get(ScaleKind.BEING, ScaleSummary()),
                progress=by_kind.get(ScaleKind.PROGRESS, ScaleSummary()),
                rag=_rag_summary(rags.get(deliverable.pk, []) if (None, deliverable.pk) in may_show else []),
            )
        )
    return WorkshopSummary(count_people(workshop), tuple(summaries))


def _scale_summary(rows: Sequence[tuple[int | None, str]]) -> ScaleSummary:
    return summarise_scores((value for value, _source in rows), entered=sum(source in ENTERED for _, source in rows))


def _rag_summary(rows: Sequence[tuple[str, int, int]]) -> RagSummary:
    counts = {value: n for value, n, _entered in rows}
    return RagSummary(
        red=counts.get(Rag.RED, 0),
        amber=counts.get(Rag.AMBER, 0),
        green=counts.get(Rag.GREEN, 0),
        cant_say=counts.get("", 0),
        entered=sum(entered for _value, _n, entered in rows),
    )
