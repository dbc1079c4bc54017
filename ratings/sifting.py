"""What a facilitator reads of the imperatives: those in order, those that say nearly the same, those kept back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ratings.choices import PRINTED
from ratings.imperatives import RankedImperative, rank_imperatives
from ratings.likeness import groups_alike
from ratings.models import Imperative
from ratings.moderation import Row, Shelf, read_row, shelf_of
from ratings.showing import Dots, show_dots
from workshops.choices import StageKind
from workshops.models import Workshop


@dataclass(frozen=True)
class Suggestion:
    """Imperatives that say nearly the same by their words; the first has most dots, and would stand for the others."""

    rows: tuple[RankedImperative, ...]

    @property
    def key(self) -> str:
        """What tells this suggestion from any other, in another order too."""
        return "-".join(str(pk) for pk in sorted(row.imperative.pk for row in self.rows))


@dataclass(frozen=True)
class KeptImperative:
    """An imperative that is held or hidden; its dots, and those on what was merged into it, stay and are not shown."""

    row: Row[Imperative]
    votes: int
    merged: tuple[Imperative, ...]


@dataclass(frozen=True)
class Sifted:
    """The imperatives of a workshop at the desk; `look` are those that somebody has to decide about."""

    ranked: Sequence[RankedImperative]
    alike: Sequence[Suggestion]
    look: Sequence[KeptImperative]
    kept: Sequence[KeptImperative]


@dataclass(frozen=True)
class KeptCount:
    """How many imperatives are kept back: those to look at, and those that were decided about."""

    look: int
    held: int
    hidden: int


def sift_imperatives(workshop: Workshop, *, put_away: Collection[str] = ()) -> Sifted:
    """Return a workshop's imperatives, with their dots once those were revealed; suggestions put away are left out.

    A fixed number of queries. The time grows with the square of the number of imperatives.
    """
    voted = workshop.stages.filter(kind=StageKind.PRIORITIES, revealed_at__isnull=False)
    are_counted = workshop.is_closed or voted.exists()
    dots = show_dots(workshop) if are_counted else Dots()
    ranked = rank_imperatives(workshop, dots if are_counted else None)
    found = groups_alike([row.imperative.text for row in ranked])
    alike = [Suggestion(tuple(ranked[number] for number in group)) for group in found]
    rows = Imperative.objects.filter(workshop=workshop).exclude(state__in=PRINTED)
    kept = [_kept(row, dots) for row in rows.prefetch_related("merged", "decisions__user")]
    return Sifted(
        ranked,
        [suggestion for suggestion in alike if suggestion.key not in put_away],
        [each for each in kept if each.row.shelf == Shelf.LOOK],
        [each for each in kept if each.row.shelf != Shelf.LOOK],
    )


def _kept(imperative: Imperative, dots: Dots) -> KeptImperative:
    merged = tuple(imperative.merged.all())
    votes, _entered = dots.on(imperative.pk, *(other.pk for other in merged))
    return KeptImperative(read_row(imperative), votes, merged)


def count_kept(workshop: Workshop) -> KeptCount:
    """Count the imperatives that are kept back. One query."""
    shelves = [shelf_of(row) for row in Imperative.objects.filter(workshop=workshop).exclude(state__in=PRINTED)]
    return KeptCount(*(shelves.count(shelf) for shelf in (Shelf.LOOK, Shelf.HELD, Shelf.HIDDEN)))
