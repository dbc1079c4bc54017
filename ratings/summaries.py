"""What the answers that may be shown add up to: frozen summaries, read with a fixed number of queries.

The two scales are never averaged into one number. Medians and hinges are Tukey's (Exploratory Data Analysis, 1977,
chapter 2): the median is the middle score, the hinges are the medians of the lower and the upper half, each half
including the middle score when n is odd. All three are therefore whole or half numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import chain, repeat

from ratings.choices import Mark, Rag
from ratings.showing import UNSURE, Shown, kept_words, show_ratings, show_scores
from workshops.choices import ScaleKind, StageKind
from workshops.joining import count_people
from workshops.models import Deliverable, Scale, Workshop


@dataclass(frozen=True)
class Spread:
    """The five numbers and the mean of at least one score; all on 0 to 10."""

    median: float
    q1: float
    q3: float
    low: int
    high: int
    mean: float

    @property
    def width(self) -> float:
        """How many points the middle half spans; 0 where it is one score."""
        return self.q3 - self.q1


@dataclass(frozen=True)
class ScaleSummary:
    """The answers on one scale: how many gave each score from 0 to 10, and how many could not say.

    `entered` of them came aloud or on paper; how they came is no part of what they add up to. `withheld` phones have
    answered besides, too few to show how; `waiting` have answered later than the picture that was seen.
    """

    counts: tuple[int, ...] = (0,) * 11
    cant_say: int = 0
    entered: int = field(default=0, compare=False)
    withheld: int = 0
    waiting: int = 0

    @property
    def kept_words(self) -> str:
        """What to say of answers that are not shown; empty when all are."""
        return kept_words(self.withheld, self.waiting)

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

    @property
    def distance(self) -> float | None:
        """How far scores lie from their median on average; None when nobody gave one."""
        spread = self.spread
        return sum(abs(value - spread.median) for value in self.values) / self.n if spread else None


@dataclass(frozen=True)
class RagSummary:
    """How many rated a deliverable red, amber and green, and how many could not say.

    `entered` of them came aloud or on paper; `withheld` and `waiting` are as for scores.
    """

    red: int = 0
    amber: int = 0
    green: int = 0
    cant_say: int = 0
    entered: int = field(default=0, compare=False)
    withheld: int = 0
    waiting: int = 0

    @property
    def kept_words(self) -> str:
        """What to say of answers that are not shown; empty when all are."""
        return kept_words(self.withheld, self.waiting)

    @property
    def n(self) -> int:
        """The number of ratings; "can't say" is not one."""
        return self.red + self.amber + self.green

    @property
    def counts(self) -> tuple[tuple[Rag, int], ...]:
        """Each colour with its count, red first."""
        return ((Rag.RED, self.red), (Rag.AMBER, self.amber), (Rag.GREEN, self.green))


@dataclass(frozen=True)
class MarkSummary:
    """How many comments are marked as what. Comments are counted, never people: one person may write several.

    `higher` of them answer what one point more would look like; nobody is asked to mark those.
    """

    well: int = 0
    worry: int = 0
    next: int = 0
    unmarked: int = 0
    higher: int = 0

    @property
    def counts(self) -> tuple[tuple[Mark, int], ...]:
        """Each mark with its count, in the order in which comments are printed."""
        return ((Mark.WELL, self.well), (Mark.WORRY, self.worry), (Mark.NEXT, self.next))

    @property
    def marked(self) -> int:
        """How many have a mark."""
        return self.well + self.worry + self.next

    @property
    def n(self) -> int:
        """All comments."""
        return self.marked + self.unmarked + self.higher


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
    """Summarise what may be shown of one scale, revealed or not: the caller decides who may see it. Two queries."""
    return _scale_summary(show_scores(workshop, [scale.pk]).get(scale.pk))


def summarise_rag(workshop: Workshop, deliverable: Deliverable) -> RagSummary:
    """Summarise what may be shown of one deliverable's RAG ratings, revealed or not. Two queries."""
    return _rag_summary(show_ratings(workshop, [deliverable.pk]).get(deliverable.pk))


def summarise_workshop(workshop: Workshop, *, revealed_only: bool) -> WorkshopSummary:
    """Summarise every deliverable of a workshop; with `revealed_only`, as far as the room saw it. Eight queries."""
    stages = workshop.stages.filter(kind__in=[StageKind.SCALE, StageKind.RAG])
    if revealed_only:
        stages = stages.filter(revealed_at__isnull=False)
    wanted = list(stages.values_list("scale_id", "deliverable_id"))
    scores = show_scores(workshop, [scale for scale, _deliverable in wanted if scale])
    rags = show_ratings(workshop, [deliverable for scale, deliverable in wanted if deliverable and not scale])
    summaries = []
    for no, deliverable in enumerate(workshop.edition.deliverables.prefetch_related("scales"), start=1):
        by_kind = {ScaleKind(scale.kind): _scale_summary(scores.get(scale.pk)) for scale in deliverable.scales.all()}
        summaries.append(
            DeliverableSummary(
                no=no,
                deliverable=deliverable,
                being=by_kind.get(ScaleKind.BEING, ScaleSummary()),
                progress=by_kind.get(ScaleKind.PROGRESS, ScaleSummary()),
                rag=_rag_summary(rags.get(deliverable.pk)),
            )
        )
    return WorkshopSummary(count_people(workshop), tuple(summaries))


def summarise_counts(answers: Counter[str]) -> ScaleSummary:
    """Summarise how many gave each score, "0" to "10", and "can't say"."""
    return ScaleSummary(tuple(answers[str(score)] for score in range(11)), answers[UNSURE])


def _scale_summary(shown: Shown | None) -> ScaleSummary:
    shown = shown or Shown()
    summary = summarise_counts(shown.answers)
    return replace(summary, entered=shown.entered.total(), withheld=shown.withheld, waiting=shown.waiting)


def _rag_summary(shown: Shown | None) -> RagSummary:
    shown = shown or Shown()
    return RagSummary(
        red=shown.answers[Rag.RED],
        amber=shown.answers[Rag.AMBER],
        green=shown.answers[Rag.GREEN],
        cant_say=shown.answers[UNSURE],
        entered=shown.entered.total(),
        withheld=shown.withheld,
        waiting=shown.waiting,
    )
