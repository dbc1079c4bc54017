"""Words beside a picture of one question: each claim is counted again here, from the raw scores."""

from __future__ import annotations

import re
from statistics import median

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ratings.charts.telling import listed, tell_rag, tell_scale, two_groups
from ratings.summaries import RagSummary, ScaleSummary, summarise_scores


def told(*values: int | None, entered: int = 0) -> str:
    return " ".join(tell_scale(summarise_scores(values, entered=entered)))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([], ""),
        ([None, None], ""),
        ([6], "1 score was given: 6."),
        ([0], "1 score was given: 0."),
        ([7] * 30, "All 30 scores are 7."),
        ([5, 6], "The 2 scores run from 5 to 6. More are above 5 than below it: 1 above, none below, 1 at 5."),
        ([4, 6], "The 2 scores run from 4 to 6. As many are above 5 as below it, 1 each; none are at 5."),
        (
            [1, 2, 4, 5, 6, 8, 9],  # an odd number whose hinges are half numbers: fewer than half are between them
            "Of the 7 scores 3 lie from 3 to 7; all run from 1 to 9. "
            "As many are above 5 as below it, 3 each; 1 is at 5.",
        ),
        (
            [1, 3, 4, 6],
            "Half of the 4 scores lie from 2 to 5; all run from 1 to 6. "
            "More are below 5 than above it: 3 below, 1 above, none at 5.",
        ),
        (
            [6, 7, 7, 8],
            "Half of the 4 scores lie from 6.5 to 7.5; all run from 6 to 8. All are above 5, half way. "
            "The score given most often is 7, 2 times.",
        ),
        (
            [1, 2, 2, 2, 2, 9],
            "More than half of the scores, 4 of 6, are 2; all run from 1 to 9. "
            "More are below 5 than above it: 5 below, 1 above, none at 5. "
            "The score given most often is 2, 4 times.",
        ),
        (
            [0] * 4 + [1] + [9] * 5,
            "The 10 scores run from 0 to 9. "
            "As many are above 5 as below it, 5 each; none are at 5. "
            "The scores stand in two groups with none between: 5 from 0 to 1 and 5 at 9.",
        ),
        (
            [2, 2, 3, 3],
            "The 4 scores run from 2 to 3. All are below 5, half way. "
            "The scores given most often are 2 and 3, 2 times each.",
        ),
    ],
)
def test_scale_is_told_as_it_was_answered(values: list[int | None], words: str) -> None:
    assert told(*values) == words


@pytest.mark.parametrize(
    ("values", "entered", "end"),
    [
        ([5, 5, None], 0, "1 person could not say."),
        ([5, 5, None, None, None], 0, "More people could not say than gave an answer: 3 to 2."),
        ([5, None], 0, "1 score was given: 5. 1 person could not say."),
        ([5, 5], 1, "1 answer was given aloud or on paper."),
        ([5, 5, None], 2, "1 person could not say. 2 answers were given aloud or on paper."),
    ],
)
def test_scale_is_told_with_who_could_not_say_and_what_came_on_paper(
    values: list[int | None], entered: int, end: str
) -> None:
    assert told(*values, entered=entered).endswith(end)


@pytest.mark.parametrize(
    ("values", "is_parted"),
    [
        ([0] * 3 + [4] * 3, True),
        ([0] * 3 + [3] * 3, False),  # two numbers between are no gap
        ([0] * 2 + [10] * 2, False),  # two people are no group
        ([0] * 3 + [10] * 9, True),
        ([0] * 3 + [10] * 10, False),  # fewer than a quarter
        ([0] * 4 + [5] * 4 + [10] * 4, False),  # three groups
        (list(range(11)), False),
    ],
)
def test_a_room_is_parted_in_two_only_where_it_is(values: list[int], is_parted: bool) -> None:
    assert (two_groups(summarise_scores(values)) is not None) == is_parted


def numbers(pattern: str, words: str) -> list[float] | None:
    """Return the numbers of a sentence, "none" being nought; None where the sentence is not there."""
    found = re.search(pattern.replace("N", r"(none|\d+(?:\.\d+)?)"), words)
    return [0.0 if each == "none" else float(each) for each in found.groups()] if found else None


rooms = st.lists(st.integers(0, 10), min_size=2, max_size=60) | st.lists(st.sampled_from([0, 1, 9, 10]), min_size=2)


@given(values=rooms)
@example(values=[0, 0, 0, 4, 4, 4])
@example(values=[1, 2, 4, 5, 6, 8, 9])
def test_every_claim_about_a_scale_holds_in_the_raw_scores(values: list[int]) -> None:
    words = told(*values)
    n = len(values)
    for pattern, holds in (
        (r"Half of the N scores lie from N to N;", {0}),
        (r"More than half of the scores, N of N, (?:lie from N to N|are N);", set(range(1, n + 1))),
        (r"Of the N scores N (?:lie from N to N|are N);", set(range(-n, 0))),
    ):
        found = re.search(pattern.replace("N", r"(\d+(?:\.\d+)?)"), words)
        if not found:
            continue
        stated = [float(each) for each in found.groups() if each is not None]
        low, high = (stated[-1], stated[-1]) if " are " in found.group() else stated[-2:]
        inside = sum(low <= value <= high for value in values)
        assert 2 * inside - n in holds
        assert n in stated
        assert inside in stated or pattern.startswith("Half")
    run = numbers(r"run from N to N", words)
    assert run == (None if len(set(values)) == 1 else [min(values), max(values)])
    above, below, at = (sum(holds) for holds in zip(*((v > 5, v < 5, v == 5) for v in values), strict=True))
    assert numbers(r"More are above 5 than below it: N above, N below, N at 5", words) in (None, [above, below, at])
    assert numbers(r"More are below 5 than above it: N below, N above, N at 5", words) in (None, [below, above, at])
    assert numbers(r"As many are above 5 as below it, N each; N (?:is|are)", words) in (None, [above, at])
    assert ("More are above" in words) <= (above > below)
    assert ("More are below" in words) <= (below > above)
    assert ("As many are" in words) <= (above == below)
    assert ("All are above" in words) <= (above == len(values))
    assert ("All are below" in words) <= (below == len(values))


@given(values=rooms)
def test_every_claim_about_groups_and_the_most_given_holds_in_the_raw_scores(values: list[int]) -> None:
    words = told(*values)
    often = re.search(r"given most often (?:is|are) ([\d, and]+), (\d+) times", words)
    if often:
        scores = {int(each) for each in re.findall(r"\d+", often.group(1))}
        most = max(values.count(score) for score in range(11))
        assert scores == {score for score in range(11) if values.count(score) == most}
        assert int(often.group(2)) == most > 1
    parted = re.search(
        r"between: (\d+) (?:at|from) (\d+)(?: to (\d+))? and (\d+) (?:at|from) (\d+)(?: to (\d+))?", words
    )
    if parted:
        below, low, up_to, above, start, high = (int(each or -1) for each in parted.groups())
        up_to, high = (up_to if up_to >= 0 else low), (high if high >= 0 else start)
        assert [below, above] == [sum(low <= v <= up_to for v in values), sum(start <= v <= high for v in values)]
        assert below + above == len(values)
        assert start - up_to > 3
        assert min(below, above) >= max(3, len(values) / 4)


@given(values=st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_width_and_distance_are_those_of_the_raw_scores(values: list[int]) -> None:
    summary = summarise_scores(values)
    middle, half = median(values), (len(values) + 1) // 2
    assert summary.spread is not None
    assert summary.spread.width == median(sorted(values)[-half:]) - median(sorted(values)[:half])
    assert summary.distance == pytest.approx(sum(abs(value - middle) for value in values) / len(values))
    assert ScaleSummary().distance is None


@pytest.mark.parametrize(
    ("rating", "words"),
    [
        (RagSummary(), ""),
        (RagSummary(cant_say=2), "2 people could not say."),
        (RagSummary(green=1), "1 rating was given: green."),
        (RagSummary(amber=26), "All 26 ratings are amber."),
        (RagSummary(9, 9, 9), "Red, amber and green were chosen equally often, by 9 each."),
        (RagSummary(4, 4, 2), "Chosen equally often, by 4 of 10 each: red and amber."),
        (RagSummary(5, 5, 0), "Chosen equally often, by 5 of 10 each: red and amber. Nobody chose green."),
        (RagSummary(1, 7, 2), "More than half chose the same colour, 7 of 10: amber."),
        (RagSummary(0, 7, 2), "More than half chose the same colour, 7 of 9: amber. Nobody chose red."),
        (RagSummary(2, 5, 3), "Half chose the same colour, 5 of 10: amber."),
        (RagSummary(3, 3, 4), "No colour was chosen by half. Chosen most often, by 4 of 10: green."),
        (RagSummary(1, 1, 3, 9), "More than half chose the same colour, 3 of 5: green. "
         "More people could not say than gave an answer: 9 to 5."),
        (RagSummary(0, 0, 5, 0, 2), "All 5 ratings are green. 2 answers were given aloud or on paper."),
    ],
)  # fmt: skip
def test_rating_is_told_as_it_was_given(rating: RagSummary, words: str) -> None:
    assert " ".join(tell_rag(rating)) == words


@given(red=st.integers(0, 9), amber=st.integers(0, 9), green=st.integers(0, 9))
def test_every_claim_about_a_rating_holds(red: int, amber: int, green: int) -> None:
    n, most = red + amber + green, max(red, amber, green)
    words = " ".join(tell_rag(RagSummary(red, amber, green)))
    assert ("More than half" in words) == (0 < most < n < 2 * most)
    assert ("No colour was chosen by half" in words) <= (2 * most < n)
    assert ("equally" in words) == (n > 0 and [red, amber, green].count(most) > 1)
    for name, count in (("red", red), ("amber", amber), ("green", green)):
        assert (f"Nobody chose {name}" in words) <= (count == 0)
        assert bool(re.search(rf"(?::|are|and) (?:\w+ and )?{name}\b(?:\.| and)", words)) <= (
            count == most or most == n
        )


@pytest.mark.parametrize(
    ("names", "words"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_names_are_listed(names: list[str], words: str) -> None:
    assert listed(names) == words
