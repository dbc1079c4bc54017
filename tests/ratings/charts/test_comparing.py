"""Pictures of several deliverables, and their words: an order of questions that the raw scores bear out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.charts import Scene, agreement, rank_scales, weights
from ratings.charts.comparing import tell_agreement, tell_map, tell_weights
from ratings.charts.scene import Box, Label, Line, Spots, fitted, text_length
from ratings.charts.weights import Weighed
from ratings.summaries import MarkSummary, ScaleSummary, summarise_scores
from tests.ratings.charts.cases import LONG_LABEL, ROOMS, WEIGHED, Rated, rated
from workshops.choices import ScaleKind

NOBODY, WITHHELD = ScaleSummary(), ScaleSummary(withheld=3)


def of(*values: int) -> ScaleSummary:
    return summarise_scores(values)


def order(deliverables: list[Rated]) -> list[tuple[int, ScaleKind]]:
    return [(scale.no, scale.kind) for scale in rank_scales(deliverables).scales]


def words(deliverables: list[Rated]) -> str:
    return " ".join(tell_agreement(rank_scales(deliverables)))


def labels(scene: Scene | None) -> list[str]:
    assert scene is not None
    return [mark.text for mark in scene.marks if isinstance(mark, Label)]


def test_scales_are_in_order_of_their_middle_half_then_of_the_distance_from_the_median() -> None:
    deliverables = rated((of(0, 5, 5, 10), of(1, 2, 8, 9)), (of(4, 5, 5, 6), of(5, 5, 5, 5)))
    assert order(deliverables) == [
        (2, ScaleKind.PROGRESS),
        (2, ScaleKind.BEING),
        (1, ScaleKind.BEING),
        (1, ScaleKind.PROGRESS),
    ]
    nearer = rated((of(0, 5, 5, 5, 5, 5, 5, 10), of(4, 5, 5, 5, 5, 5, 5, 6)))  # both middle halves are one score
    assert order(nearer) == [(1, ScaleKind.PROGRESS), (1, ScaleKind.BEING)]
    alike = rated((of(3, 4, 5, 6), of(3, 4, 5, 6)), (of(3, 4, 5, 6), of(3, 4, 5, 6)))
    assert order(alike) == [(no, kind) for no in (1, 2) for kind in ScaleKind]


@given(st.lists(st.lists(st.integers(0, 10), max_size=12), min_size=2, max_size=8))
def test_every_scale_is_in_the_order_or_named_beside_it(rooms: list[list[int]]) -> None:
    deliverables = rated(*[(of(*one), of(*other)) for one, other in zip(rooms, reversed(rooms), strict=True)])
    ranking = rank_scales(deliverables)
    assert len(ranking.scales) + len(ranking.left_out) == 2 * len(deliverables)
    keys = [(scale.spread.width, scale.distance) for scale in ranking.scales]
    assert keys == sorted(keys)
    assert all(scale.summary.n >= 4 for scale in ranking.scales)
    assert all(scale.why_not for scale in ranking.left_out)
    scene = agreement(ranking, id="a", title="A")
    assert (scene is None) == (len(ranking.scales) < 2)
    if scene:
        assert len([mark for mark in scene.marks if isinstance(mark, Spots)]) == len(ranking.scales)
        assert len(scene.table) == 1 + 2 * len(deliverables)


@pytest.mark.parametrize("pair", [(NOBODY, NOBODY), (WITHHELD, ROOMS["sixty"]), (of(5, 5, 5), ROOMS["sixty"])])
def test_one_scale_alone_is_in_no_order(pair: tuple[ScaleSummary, ScaleSummary]) -> None:
    ranking = rank_scales(rated(pair))
    assert agreement(ranking, id="a", title="A") is None
    assert tell_agreement(ranking) == ()


def test_a_bar_is_the_middle_half_and_its_line_the_reach() -> None:
    scene = agreement(rank_scales(rated((of(1, 4, 6, 9), of(5, 5, 5, 5)))), id="a", title="A")
    assert scene is not None
    one, wide = (mark for mark in scene.marks if isinstance(mark, Box))
    step = (wide.high[0] - wide.low[0]) / 5
    assert 0 < one.high[0] - one.low[0] < step / 2  # a middle half of one score is seen, and is no point wide
    reach = next(mark for mark in scene.marks if isinstance(mark, Line) and mark.stroke == "ink3" and not mark.dashed)
    assert reach.end[0] - reach.start[0] == pytest.approx(8 * step)
    assert [row[1:] for row in scene.table[1:]] == [
        ("5 to 5", "0", "0.00", "5 to 5", "4"),
        ("2.5 to 7.5", "5", "2.50", "1 to 9", "4"),
    ]


@pytest.mark.parametrize(
    ("deliverables", "said"),
    [
        (
            rated((of(4, 5, 5, 6), of(2, 4, 6, 8))),
            "Scores lie closest together on 1 Deliverable 1 (being at the goal): the middle half is 1 point wide. "
            "Scores lie furthest apart on 1 Deliverable 1 (making progress): the middle half is 4 points wide.",
        ),
        (rated((of(5, 5, 5, 5), of(5, 5, 5, 5))), "On all 2 scales the middle half is one score."),
        (rated((of(4, 5, 5, 6), of(6, 7, 7, 8))), "On all 2 scales the middle half is 1 point wide."),
        (
            rated((of(5, 5, 5, 5), of(4, 5, 5, 6)), (WITHHELD, NOBODY), (of(5, 6), summarise_scores([None]))),
            "Scores lie closest together on 1 Deliverable 1 (being at the goal): the middle half is one score. "
            "Scores lie furthest apart on 1 Deliverable 1 (making progress): the middle half is 1 point wide. "
            "Not shown, too few answers to show: 2 Deliverable 2 (being at the goal). "
            "Not shown, no scores to show: 2 Deliverable 2 (making progress) and 3 Deliverable 3 (making progress). "
            "Not shown, fewer than four scores: 3 Deliverable 3 (being at the goal).",
        ),
        (
            rated((of(0, 0, 0, 10, 10, 10), of(5, 5, 5, 5))),
            "Scores lie closest together on 1 Deliverable 1 (making progress): the middle half is one score. "
            "Scores lie furthest apart on 1 Deliverable 1 (being at the goal): the middle half is 10 points wide. "
            "Scores stand in two groups with none between on 1 Deliverable 1 (being at the goal).",
        ),
    ],
)
def test_agreement_is_told_as_it_is(deliverables: list[Rated], said: str) -> None:
    assert words(deliverables) == said


def test_of_many_equals_the_first_by_their_distance_are_named() -> None:
    near, far = of(4, 5, 5, 5, 5, 5, 5, 6), of(0, 5, 5, 5, 5, 5, 5, 6)
    wide, wider = of(2, 2, 2, 4, 6, 8, 8, 8), of(0, 2, 2, 4, 6, 8, 8, 9)
    said = words(rated((far, far), (far, near), (wide, wide), (wide, wider)))
    assert "closest together on 4 scales: the middle half is one score." in said
    assert "Of these, scores lie nearest to their median on 2 Deliverable 2 (making progress)." in said
    assert "furthest apart on 4 scales: the middle half is 6 points wide." in said
    assert "Of these, scores lie furthest from their median on 4 Deliverable 4 (making progress)." in said
    assert "Of these" not in words(rated((far, far), (far, far), (wide, wide), (wide, wide)))


def test_map_is_told_by_both_medians() -> None:
    high, low, half = of(8, 8), of(2, 2), of(5, 5)
    pairs = [(high, high), (high, low), (low, high), (low, low), (half, high), (low, half), (high, NOBODY)]
    assert tell_map(rated(*pairs)) == (
        "Above 5 on both scales: 1 Deliverable 1.",
        "Above 5 for being at the goal and below it for making progress: 2 Deliverable 2.",
        "Below 5 for being at the goal and above it for making progress: 3 Deliverable 3.",
        "Below 5 on both scales: 4 Deliverable 4.",
        "On a line at 5: 5 Deliverable 5 and 6 Deliverable 6.",
        "Not on the map, as one of the two scales or both have no scores to show: 7 Deliverable 7.",
    )


def weighed(*marks: MarkSummary) -> list[Weighed]:
    return [Weighed(no, f"Deliverable {no}", each) for no, each in enumerate(marks, start=1)]


NOT_PEOPLE = "These are comments, not people: one person may have written several, or none."


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ([], []),
        ([MarkSummary(unmarked=9, higher=2)], []),
        ([MarkSummary(1, 2, 3, 4)], ["Comments with a mark: 6 of 10 (working well 1, worries 2, next steps 3)."]),
        (
            [MarkSummary(3, 1, 0), MarkSummary(1, 1, 0, 0, 2)],
            [
                "Comments with a mark: 6 of 8 (working well 4, worries 2, next steps 0).",
                "What works well was said most often about 1 Deliverable 1: 3 of 4.",
            ],
        ),
        (
            [MarkSummary(2, 5, 1), MarkSummary(2, 5, 1), MarkSummary(0, 0, 2)],
            [
                "Comments with a mark: 18 of 18 (working well 4, worries 10, next steps 4).",
                "What works well was said most often about 1 Deliverable 1 and 2 Deliverable 2: 2 each, of 4.",
                "Worries were said most often about 1 Deliverable 1 and 2 Deliverable 2: 5 each, of 10.",
                "Next steps were said most often about 3 Deliverable 3: 2 of 4.",
            ],
        ),
        (
            [MarkSummary(1, 1, 1)] * 4 + [MarkSummary()],  # four of five are no "most"
            ["Comments with a mark: 12 of 12 (working well 4, worries 4, next steps 4)."],
        ),
    ],
)
def test_marks_are_told_as_they_were_given(marks: list[MarkSummary], said: list[str]) -> None:
    assert list(tell_weights(weighed(*marks))) == (said and [*said, NOT_PEOPLE])


counts = st.builds(MarkSummary, *[st.integers(0, 6)] * 5)


@given(st.lists(counts, min_size=1, max_size=6))
def test_every_claim_about_marks_holds(marks: list[MarkSummary]) -> None:
    for sentence in tell_weights(weighed(*marks)):
        found = re.search(r"(works|Worries|Next).* about (.*): (\d+)(?: each,)? of (\d+)\.", sentence)
        if not found:
            continue
        mark, names, most, total = found.groups()
        field = {"works": "well", "Worries": "worry", "Next": "next"}[mark]
        column = [getattr(each, field) for each in marks]
        assert (int(most), int(total)) == (max(column), sum(column))
        named = {int(no) for no in re.findall(r"Deliverable (\d+)", names)}
        assert named == {no for no, count in enumerate(column, start=1) if count == max(column)}
        assert len(named) < len(marks)


@pytest.mark.parametrize("name", WEIGHED)
def test_bars_say_every_count_and_are_as_long_as_the_counts(name: str) -> None:
    given_marks = WEIGHED[name]
    scene = weights(given_marks, id="w", title="A")
    assert scene is not None
    shown = labels(scene)
    bars = [mark for mark in scene.marks if isinstance(mark, Spots)]
    most = max(each.marks.n for each in given_marks)
    for each in given_marks:
        for sign, count in zip(
            "+!→·↑", (*(n for _mark, n in each.marks.counts), each.marks.unmarked, each.marks.higher), strict=True
        ):
            assert (f"{sign} {count}" in shown) or not count
        assert f"{each.name}: {each.marks.n} comment" in scene.desc
    assert len(bars) == sum(
        bool(n)
        for each in given_marks
        for n in (*dict(each.marks.counts).values(), each.marks.unmarked, each.marks.higher)
    )
    assert max(mark.high[0] for mark in scene.marks if isinstance(mark, Box)) == pytest.approx(scene.width, abs=0.2)
    assert [int(row[-1]) for row in scene.table[1:]] == [each.marks.n for each in given_marks]
    assert most == max(int(row[-1]) for row in scene.table[1:])


def test_nothing_is_weighed_where_nothing_is_marked() -> None:
    assert weights([], id="w", title="A") is None
    assert weights(weighed(MarkSummary(unmarked=4)), id="w", title="A") is None


def test_names_are_cut_where_there_is_no_room() -> None:
    assert fitted("Short", 3, 100) == "Short"
    cut = fitted(LONG_LABEL, 3, 60, bold=True)
    assert cut.endswith("…")
    assert LONG_LABEL.startswith(cut[:-1])
    assert text_length(cut, 3, bold=True) <= 60
