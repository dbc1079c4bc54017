"""How the pages of a printed journal are filled."""

from __future__ import annotations

from dataclasses import replace

from ratings.charts.scene import Dots
from ratings.journal.build import Journal
from ratings.journal.pages import PAPER, view_journal
from tests.ratings.journal.shapes import SHAPES, journal_of


def dot_of(journal: Journal) -> tuple[float, float]:
    """Return how high the first strip is, and how large its dots are."""
    strip = view_journal(journal, PAPER).deliverables[0].scales[0].strip
    assert strip is not None
    return strip.scene.height, next(mark.size for mark in strip.scene.marks if isinstance(mark, Dots))


def test_strip_that_has_a_page_of_its_own_has_dots_that_fill_it() -> None:
    journal = journal_of(SHAPES["ordinary"])
    first = journal.deliverables[0]
    wordy = replace(first, scales=tuple(replace(scale, anchor_ten="So it is. " * 60) for scale in first.scales))
    (height, dot), (alone, large) = dot_of(journal), dot_of(replace(journal, deliverables=(wordy,)))
    assert alone > height * 1.25
    assert large > dot * 1.1
