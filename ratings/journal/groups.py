"""What the journal says of groups: no more than what may be shown of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ratings.showing import show_groups
from ratings.summaries import summarise_counts
from workshops.models import Workshop


@dataclass(frozen=True)
class Middle:
    """The median and the middle half of a group's scores, on 0 to 10; lowest and highest are single people's."""

    median: float
    q1: float
    q3: float


@dataclass(frozen=True)
class GroupScores:
    """What may be shown of a group's scores on one scale; `spread` is None where there is nothing to show."""

    n: int = 0
    spread: Middle | None = None


@dataclass(frozen=True)
class GroupLine:
    """What may be shown of one group on both scales of a deliverable: no more than number, median and middle half."""

    name: str
    being: GroupScores
    progress: GroupScores

    @property
    def scales(self) -> tuple[GroupScores, GroupScores]:
        """Both scales, being at the goal first."""
        return self.being, self.progress


def show_group_scores(workshop: Workshop) -> list[tuple[str, dict[int, GroupScores]]]:
    """Return the groups that may be shown, in order, each with its scores by scale. Two queries; three with groups."""
    shown = show_groups(workshop)
    if not shown:
        return []
    return [
        (group.name, {scale: _group_scores(groups.get(group.pk, Counter())) for scale, groups in shown.items()})
        for group in workshop.groups.all()
        if any(group.pk in groups for groups in shown.values())
    ]


def _group_scores(answers: Counter[str]) -> GroupScores:
    summary = summarise_counts(answers)
    spread = summary.spread
    return GroupScores(summary.n, Middle(spread.median, spread.q1, spread.q3) if spread else None)
