"""Rooms of every kind, for tables of boundary cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ratings.charts import (
    CELL,
    DESK,
    PRINT,
    WALL,
    Scene,
    agreement,
    bench,
    both,
    cover_of_scores,
    cover_of_voices,
    key_strip,
    mini_strip,
    quadrant,
    rag_bar,
    rag_mini,
    rag_people,
    rank_scales,
    strip,
    voices,
    votes,
    weights,
)
from ratings.charts.weights import Weighed
from ratings.summaries import MarkSummary, RagSummary, ScaleSummary, summarise_scores
from workshops.choices import ScaleKind

if TYPE_CHECKING:
    from collections.abc import Iterator

FIVE_HUNDRED = summarise_scores([(n * n) % 11 for n in range(500)])
ROOMS: dict[str, ScaleSummary] = {
    "one": summarise_scores([6]),
    "one at nought": summarise_scores([0]),
    "one at ten": summarise_scores([10]),
    "two apart": summarise_scores([5, 6]),
    "all alike": summarise_scores([7] * 30),
    "both ends": summarise_scores([0] * 13 + [10] * 13),
    "some cannot say": summarise_scores([3, 4, 4, 5, None, None]),
    "sixty": summarise_scores([3, 4, 4, 5, 5, 6] * 10),
    "two hundred": summarise_scores([(n * 7) % 11 for n in range(200)]),
    "five hundred": FIVE_HUNDRED,
}
SILENT_ROOMS = {"nobody": ScaleSummary(), "all cannot say": summarise_scores([None] * 5)}
RATINGS: dict[str, RagSummary] = {
    "one": RagSummary(green=1),
    "one colour": RagSummary(amber=26),
    "ties": RagSummary(9, 9, 9),
    "one against many": RagSummary(1, 198, 1),
    "none in the middle": RagSummary(13, 0, 13, 2),
    "five hundred": RagSummary(109, 248, 143),
}


@dataclass(frozen=True)
class Rated:
    """A deliverable as the map takes it."""

    no: int
    label: str
    being: ScaleSummary
    progress: ScaleSummary


def rated(*pairs: tuple[ScaleSummary, ScaleSummary]) -> list[Rated]:
    """Return deliverables 1, 2 … with these answers."""
    return [Rated(no, f"Deliverable {no}", being, progress) for no, (being, progress) in enumerate(pairs, start=1)]


ALL_RATED = {
    "one deliverable": rated((ROOMS["sixty"], ROOMS["both ends"])),
    "all alike": rated(*[(ROOMS["all alike"], ROOMS["all alike"])] * 2),
    "twelve": rated(*[(ROOMS["two hundred"], ROOMS["sixty"])] * 12),
}
"""Deliverables whose scales are in some order."""
LONG_LABEL = "A name that is as long as the names of deliverables can be, and then goes on for a while"
WEIGHED = {
    "one": (Weighed(1, "A", MarkSummary(well=1)),),
    "one of many": (Weighed(1, LONG_LABEL, MarkSummary(1, 998, 1, 0, 3)), Weighed(2, "B", MarkSummary(worry=1))),
    "twelve": tuple(Weighed(no, LONG_LABEL, MarkSummary(no, 12 - no, no % 3, 4, no % 2)) for no in range(1, 13)),
}
"""Comments of which some are marked."""


def all_scenes() -> Iterator[tuple[str, Scene | None]]:
    """Yield a name and a scene for every chart, form and room in which there is something to draw."""
    forms = {"print": PRINT, "wall": WALL, "desk": DESK}
    for where, form in forms.items():
        for room, summary in ROOMS.items():
            for kind in ScaleKind:
                ends = ("Nobody does", "Everybody does") if form is WALL else ("", "")
                yield f"strip {where} {room}", strip(summary, id="s", title="A", kind=kind, form=form, ends=ends)
            yield f"both {where} {room}", both(summary, FIVE_HUNDRED, id="b", title="A & B", form=form)
            yield f"alike {where} {room}", both(summary, summary, id="b", title="A", form=form)
            yield f"bench {where} {room}", bench(summary.n // 2, summary.n, id="n", form=form)
            yield f"map {where} {room}", quadrant(rated(*[(summary, summary)] * 12), id="q", title="A", form=form)
        for room, rating in RATINGS.items():
            yield f"rag {where} {room}", rag_bar(rating, id="r", title="A", form=form)
            yield f"people {where} {room}", rag_people(rating, id="p", title="A", form=form)
    for room, summary in ROOMS.items():
        yield f"mini {room}", mini_strip(summary, id="m", title="A", kind=ScaleKind.BEING)
        yield f"cover {room}", cover_of_scores([summary] * 3, [FIVE_HUNDRED] * 3)
    for room, rating in RATINGS.items():
        yield f"rag mini {room}", rag_mini(rating, id="r", title="A", form=CELL.sized(width=34))
    yield from _comparisons()
    yield "key", key_strip(id="k")
    yield "voices cover", cover_of_voices([(28, 24), (0, 11), (26, 0)], 33)
    yield "silent cover", cover_of_voices([], 0)
    for count, most in ((1, 1), (3, 19), (19, 19), (140, 500), (500, 500)):
        yield f"votes {count} of {most}", votes(count, most=most, id="v")
        yield f"voices {count} of {most}", voices(count, most=most, role="being", id="w", title="A")


def _comparisons() -> Iterator[tuple[str, Scene | None]]:
    wide = {"print": PRINT, "narrow": DESK.sized(width=360)}
    for where, form in wide.items():
        for name, deliverables in ALL_RATED.items():
            yield f"agreement {where} {name}", agreement(rank_scales(deliverables), id="a", title="A", form=form)
        for name, weighed in WEIGHED.items():
            yield f"weights {where} {name}", weights(weighed, id="w", title="A", form=form)
