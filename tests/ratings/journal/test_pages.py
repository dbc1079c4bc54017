"""How the pages of a printed journal are filled."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from ratings.charts.scene import Box, Dots
from ratings.journal.build import Journal
from ratings.journal.export import export_html
from ratings.journal.pages import LEAST_CELL, MOST_NAMED, PAPER, SCREEN, view_journal
from ratings.summaries import summarise_scores
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


@pytest.mark.parametrize(("people", "explained"), [(60, False), (200, True)])
def test_letters_of_small_ratings_are_explained_beside_them(people: int, explained: bool) -> None:
    journal = journal_of(replace(SHAPES["ordinary"], people=people))
    printed = render_to_string("ratings/journal/print.html", {"view": view_journal(journal, PAPER)})
    for page in (printed, export_html(journal)):
        assert ("R red, A amber, G green" in page) is explained


@pytest.mark.parametrize("deliverables", [1, 12, 13, 24])
def test_small_pictures_have_room_for_what_they_show_however_many_deliverables(deliverables: int) -> None:
    journal = journal_of(SHAPES["twelve-deliverables"])
    journal = replace(journal, deliverables=(journal.deliverables * 2)[:deliverables])
    for each in view_journal(journal, PAPER).deliverables:
        assert each.rag_mini
        ground = [mark.high[1] - mark.low[1] for mark in each.rag_mini.scene.marks if isinstance(mark, Box)]
        assert min(ground) > each.rag_mini.scene.height / 3
        for mini in (scale.mini for scale in each.scales):
            assert mini
            assert mini.scene.height >= LEAST_CELL


def test_remark_names_six_with_the_same_median_and_counts_the_others() -> None:
    journal = journal_of(SHAPES["twelve-deliverables"])

    def remarks(medians: list[int]) -> list[str]:
        pages = tuple(
            replace(page, scales=(replace(page.scales[0], summary=summarise_scores([median])), page.scales[1]))
            for page, median in zip(journal.deliverables, medians, strict=True)
        )
        return [remark.text for remark in view_journal(replace(journal, deliverables=pages), SCREEN).remarks]

    names = [page.label for page in journal.deliverables]
    six = ", ".join(names[:MOST_NAMED])
    assert remarks([8] * 10 + [3] * 2) == [
        f"{six} and 4 others: median 8 for being at the goal.",
        f"{names[10]} and {names[11]}: median 3 for being at the goal.",
    ]
    assert remarks([8] * 7 + [3] * 5)[0].startswith(f"{six} and 1 other: ")
    assert remarks([8] * 6 + [3] * 6)[0].startswith(f"{', '.join(names[:5])} and {names[5]}: ")
