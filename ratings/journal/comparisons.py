"""The pictures that set all deliverables side by side: where the room agrees, and what its comments are marked as."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ratings.charts import ChartView, Form, agreement, rank_scales, weights
from ratings.charts.comparing import tell_agreement, tell_weights
from ratings.charts.weights import Weighed
from ratings.choices import Mark
from ratings.journal.build import HIGHER, DeliverablePage, Journal
from ratings.summaries import MarkSummary


@dataclass(frozen=True)
class Comparison:
    """A picture of all deliverables, None where there is nothing to compare, and what it shows in sentences."""

    chart: ChartView | None
    told: tuple[str, ...]


def compare_agreement(journal: Journal, form: Form) -> Comparison:
    """Return how close together the scores on each scale lie."""
    ranking = rank_scales(journal.deliverables)
    scene = agreement(ranking, id="spread", title=_("Where the room agrees and disagrees"), form=form)
    return Comparison(ChartView.of(scene), tell_agreement(ranking))


def compare_marks(journal: Journal, form: Form) -> Comparison:
    """Return what the printed comments on each deliverable are marked as."""
    weighed = weigh_comments(journal)
    scene = weights(weighed, id="marks", title=_("What works, what worries, what comes next"), form=form)
    return Comparison(ChartView.of(scene), tell_weights(weighed))


def weigh_comments(journal: Journal) -> tuple[Weighed, ...]:
    """Return the deliverables with the marks of their printed comments, in the journal's order."""
    return tuple(Weighed(page.no, page.label, _marks(page)) for page in journal.deliverables)


def _marks(page: DeliverablePage) -> MarkSummary:
    counts = Counter(said.mark for scale in page.scales for said in scale.comments)
    return MarkSummary(counts[Mark.WELL], counts[Mark.WORRY], counts[Mark.NEXT], counts[""], counts[HIGHER])
