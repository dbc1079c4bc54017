"""What answers add up to: every number here was worked out by hand."""

from typing import Any

import pytest

from ratings.models import RagRating, Score
from ratings.summaries import (
    RagSummary,
    ScaleSummary,
    Spread,
    summarise_rag,
    summarise_scale,
    summarise_scores,
    summarise_workshop,
)
from tests import factories
from workshops.choices import ScaleKind, StageKind
from workshops.models import Workshop

# n, scores, (lower hinge, median, upper hinge): Tukey's, each half with the middle score when n is odd.
HINGES = [
    (1, [7], (7, 7, 7)),
    (2, [3, 8], (3, 5.5, 8)),
    (3, [1, 4, 9], (2.5, 4, 6.5)),
    (4, [0, 2, 7, 10], (1, 4.5, 8.5)),
    (5, [1, 2, 5, 7, 10], (2, 5, 7)),
    (6, [1, 3, 4, 6, 8, 9], (3, 5, 8)),
    (7, [0, 1, 3, 4, 6, 9, 10], (2, 4, 7.5)),
    (8, [0, 1, 2, 4, 5, 6, 9, 10], (1.5, 4.5, 7.5)),
    (9, [0, 1, 2, 3, 5, 6, 8, 9, 10], (2, 5, 8)),
]


@pytest.mark.parametrize(("n", "scores", "hinges"), HINGES)
def test_median_and_hinges_are_tukeys(n: int, scores: list[int], hinges: tuple[float, float, float]) -> None:
    summary = summarise_scores(reversed(scores))
    spread = summary.spread
    assert spread is not None
    assert (summary.n, len(scores)) == (n, n)
    assert (spread.q1, spread.median, spread.q3) == hinges
    assert (spread.low, spread.high) == (scores[0], scores[-1])


SPREADS = [
    ("one", [4], Spread(median=4, q1=4, q3=4, low=4, high=4, mean=4)),
    ("one zero is a score", [0], Spread(median=0, q1=0, q3=0, low=0, high=0, mean=0)),
    ("two alike", [6, 6], Spread(median=6, q1=6, q3=6, low=6, high=6, mean=6)),
    ("half a point", [5, 6], Spread(median=5.5, q1=5, q3=6, low=5, high=6, mean=5.5)),
    ("both ends", [0, 10], Spread(median=5, q1=0, q3=10, low=0, high=10, mean=5)),
    ("all alike", [3] * 7, Spread(median=3, q1=3, q3=3, low=3, high=3, mean=3)),
    ("ties in the middle", [2, 5, 5, 5, 9], Spread(median=5, q1=5, q3=5, low=2, high=9, mean=5.2)),
    ("can't say aside", [8, None, 2, None], Spread(median=5, q1=2, q3=8, low=2, high=8, mean=5)),
]


@pytest.mark.parametrize(("values", "spread"), [row[1:] for row in SPREADS], ids=[row[0] for row in SPREADS])
def test_spread(values: list[int | None], spread: Spread) -> None:
    assert summarise_scores(values).spread == spread


@pytest.mark.parametrize(
    ("values", "n", "cant_say", "answers"),
    [([], 0, 0, 0), ([None], 0, 1, 1), ([None] * 9, 0, 9, 9), ([0], 1, 0, 1), ([0, None, 0, 10], 3, 1, 4)],
)
def test_counts_tell_cant_say_from_zero(values: list[int | None], n: int, cant_say: int, answers: int) -> None:
    summary = summarise_scores(values)
    assert (summary.n, summary.cant_say, summary.answers) == (n, cant_say, answers)
    assert summary.counts[0] == values.count(0)


@pytest.mark.parametrize("values", [[], [None], [None, None, None]])
def test_nothing_given_has_no_spread(values: list[int | None]) -> None:
    assert summarise_scores(values).spread is None


def test_values_stand_in_rising_order_whatever_the_order_of_arrival() -> None:
    assert summarise_scores([9, 2, None, 2, 5]).values == [2, 2, 5, 9]
    assert summarise_scores([9, 2, 2, 5]) == summarise_scores([5, 2, 9, 2])


def test_rag_counts_leave_cant_say_apart() -> None:
    summary = RagSummary(red=1, amber=2, green=3, cant_say=4)
    assert summary.n == 6
    assert [(colour.value, count) for colour, count in summary.counts] == [("R", 1), ("A", 2), ("G", 3)]
    assert RagSummary(cant_say=5).n == 0


def answered() -> Workshop:
    """Return a workshop of two deliverables; only the first one's progress and the second one's RAG are revealed."""
    of = factories.workshop()
    being, progress, other = (factories.scale(of, n=n) for n in (1, 2, 3))
    factories.scores(of, being, 1, 2, None)
    factories.scores(of, progress, 8, 9, 9)
    factories.scores(of, other, 5)
    factories.rags(of, factories.stage(of, StageKind.RAG), "RRA-")
    factories.rags(of, factories.stage(of, StageKind.RAG, n=2), "GG--")
    factories.opened(of, StageKind.SCALE)
    factories.revealed(of, StageKind.SCALE, n=2)
    factories.revealed(of, StageKind.RAG, n=2)
    factories.participant(of)
    return of


@pytest.mark.django_db
def test_revealed_only_hides_what_the_room_has_not_seen() -> None:
    first, second = summarise_workshop(answered(), revealed_only=True).deliverables
    assert (first.being, first.progress.n, first.rag) == (ScaleSummary(), 3, RagSummary())
    assert (second.being, second.progress) == (ScaleSummary(), ScaleSummary())
    assert second.rag == RagSummary(green=2, cant_say=2)


@pytest.mark.django_db
def test_whole_summary_has_every_answer() -> None:
    summary = summarise_workshop(answered(), revealed_only=False)
    first, second = summary.deliverables
    assert summary.people == 1
    assert (first.no, first.label, second.no, second.label) == (1, "Deliverable 1", 2, "Deliverable 2")
    assert first.scales == (
        (ScaleKind.BEING, summarise_scores([1, 2, None])),
        (ScaleKind.PROGRESS, summarise_scores([8, 9, 9])),
    )
    assert first.rag == RagSummary(red=2, amber=1, cant_say=1)
    assert second.being == summarise_scores([5])
    assert second.progress == ScaleSummary()


@pytest.mark.django_db
def test_summaries_of_one_scale_and_one_deliverable_are_those_of_the_whole(django_assert_num_queries: Any) -> None:
    of = answered()
    first = summarise_workshop(of, revealed_only=False).deliverables[0]
    scale = first.deliverable.scales.all()[1]
    with django_assert_num_queries(2):
        assert summarise_scale(of, scale) == first.progress
    with django_assert_num_queries(2):
        assert summarise_rag(of, first.deliverable) == first.rag


@pytest.mark.django_db
def test_answers_of_another_workshop_of_the_same_edition_are_not_counted() -> None:
    of = answered()
    other = factories.planned(of.edition)
    assert [each.being.answers for each in summarise_workshop(other, revealed_only=False).deliverables] == [0, 0]
    scale = factories.scale(other)
    factories.scores(other, scale, 10)
    assert summarise_scale(of, scale).counts[10] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [0, 1, 40])
def test_summary_takes_as_many_queries_however_many_answers(django_assert_num_queries: Any, answers: int) -> None:
    of = factories.workshop()
    scale = factories.scale(of)
    factories.scores(of, scale, *[7] * answers)
    factories.rags(of, factories.stage(of, StageKind.RAG), "G" * answers)
    assert Score.objects.count() == RagRating.objects.count() == answers
    summarise_workshop(of, revealed_only=False)  # what is shown for the first time is remembered
    with django_assert_num_queries(8):
        summary = summarise_workshop(of, revealed_only=False)
    assert summary.deliverables[0].being.n == summary.deliverables[0].rag.green == answers
