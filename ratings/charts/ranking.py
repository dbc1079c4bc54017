"""Which scales a room agreed on most: questions in an order, never people, and never one number of two scales.

The order is that of the middle half's width, the distance between Tukey's hinges: the measure of consensus that is most
used for ratings on a scale (von der Gracht, Consensus measurement in Delphi studies, Technological Forecasting and
Social Change 79, 2012). Equal widths are put in order by the mean distance of the scores from their median.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from ratings.summaries import ScaleSummary, Spread
from workshops.choices import ScaleKind

LEAST = 4
"""Fewer scores have no middle half: a quarter of them is less than one score."""
FEWEST_TO_RANK = 2
"""One scale alone is in no order."""


class Rated(Protocol):
    """What a chart of all deliverables needs of one; a DeliverableSummary has it."""

    @property
    def no(self) -> int:
        """Its number in the review's order."""

    @property
    def label(self) -> str:
        """Its name, short where there is a short one."""

    @property
    def being(self) -> ScaleSummary:
        """The answers on being at the goal."""

    @property
    def progress(self) -> ScaleSummary:
        """The answers on making progress."""


@dataclass(frozen=True)
class NamedScale:
    """One scale of one deliverable and what was answered there."""

    no: int
    label: str
    kind: ScaleKind
    summary: ScaleSummary

    @property
    def deliverable(self) -> str:
        """The deliverable with its number."""
        return f"{self.no} {self.label}"

    @property
    def name(self) -> str:
        """The scale as sentences name it."""
        return f"{self.deliverable} ({str(self.kind.label).lower()})"

    @property
    def why_not(self) -> str:
        """Why it is in no order; empty where it is."""
        if self.summary.n >= LEAST:
            return ""
        if self.summary.n:
            return _("fewer than four scores")
        return _("too few answers to show") if self.summary.withheld else _("no scores to show")


@dataclass(frozen=True)
class RankedScale(NamedScale):
    """A scale with scores enough for its spread to be compared; `distance` is the mean one from the median."""

    spread: Spread
    distance: float


@dataclass(frozen=True)
class Ranking:
    """All scales: those in order, the closest together first, and those that are in none."""

    scales: tuple[RankedScale, ...]
    left_out: tuple[NamedScale, ...]

    @property
    def is_an_order(self) -> bool:
        """Whether there is anything to compare."""
        return len(self.scales) >= FEWEST_TO_RANK


def rank_scales(deliverables: Iterable[Rated]) -> Ranking:
    """Return every scale of the deliverables by how close together its scores lie; of equals, in the review's order."""
    ranked, left_out = [], []
    for each in deliverables:
        for kind, summary in ((ScaleKind.BEING, each.being), (ScaleKind.PROGRESS, each.progress)):
            spread, distance = summary.spread, summary.distance
            if spread is None or distance is None or summary.n < LEAST:
                left_out.append(NamedScale(each.no, each.label, kind, summary))
            else:
                ranked.append(RankedScale(each.no, each.label, kind, summary, spread, distance))
    ranked.sort(key=lambda scale: (scale.spread.width, scale.distance))
    return Ranking(tuple(ranked), tuple(left_out))
