"""No combination of what is shown lets anybody compute what is not: laws of the pure rules, tried by an attacker."""

import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ratings.suppression import Groups, drawn, is_apart, kept_back, next_picture, shown_groups

K = 5
CHANCE = random.Random(1)


def answers(text: str) -> Counter[str]:
    """Return how many gave each answer: one a letter."""
    return Counter(text)


def shown(*seen: str, now: str) -> Counter[str]:
    """Return what is shown of `now` to those who have seen pictures, at a threshold of 5."""
    return next_picture([answers(each) for each in seen], answers(now), K, CHANCE)


# One picture, and the next


@pytest.mark.parametrize("now", ["", "a", "aaaa", "abcd"])
def test_fewer_than_the_threshold_show_nothing(now: str) -> None:
    assert shown(now=now) == Counter()


@pytest.mark.parametrize("now", ["aaaaa", "abcde", "aaabbbccc"])
def test_the_first_picture_of_enough_answers_is_all_of_them(now: str) -> None:
    assert shown(now=now) == answers(now)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("aaabbb", "aaabbbc"),  # one more
        ("aaabbb", "aaabbbcccc"),  # four more
        ("aaabbb", "aaabb"),  # one withdrawn
        ("aaabbb", "aabbbc"),  # one changed
        ("aaaabbbb", "bbbbcccc"),  # four changed
        ("aaabbb", "aabbcccccc"),  # two changed and four more
    ],
)
def test_a_few_later_answers_leave_the_picture_as_it_was(before: str, now: str) -> None:
    assert shown(before, now=now) == answers(before)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("aaabbb", "aaabbb"),
        ("aaabbb", "aaabbbccccc"),  # five more
        ("aaaaabbbbb", "aaaaaccccc"),  # five changed
        ("aaaaabbbbb", "aaaaa"),  # five withdrawn
    ],
)
def test_enough_later_answers_are_shown(before: str, now: str) -> None:
    assert shown(before, now=now) == answers(now)


def test_many_more_are_shown_though_a_few_changed_who_stay_as_they_were() -> None:
    picture = shown("aaabbb", now="aabbb" + "c" * 11)
    assert picture["a"] == 3
    assert picture.total() == 16
    assert kept_back(picture, answers("aabbb" + "c" * 11)) == 0


def test_many_fewer_are_shown_though_a_few_came_who_wait() -> None:
    picture = shown("a" * 20, now="a" * 9 + "b")
    assert picture == answers("a" * 10)


def test_going_under_the_threshold_and_above_again_gains_nothing() -> None:
    assert shown("aaabbb", now="aaab") == Counter()
    assert shown("aaabbb", now="aaabb") == answers("aaabbb")


def test_a_picture_is_far_from_every_one_before_not_only_from_the_last() -> None:
    first, second, third = "aaaaaa", "aaaaaabbbbb", "aaaaab"
    assert is_apart(answers(second), answers(third), K)
    assert shown(first, second, now=third) == answers(second)


MOVES = st.lists(
    st.tuples(st.sampled_from(["give", "change", "withdraw", "look"]), st.integers(0, 30), st.integers(0, 3))
)


@given(moves=MOVES, start=st.integers(0, 30), threshold=st.integers(3, 7), seed=st.integers(0, 99))
def test_no_two_pictures_ever_seen_differ_by_a_few(
    moves: list[tuple[str, int, int]], start: int, threshold: int, seed: int
) -> None:
    """Whatever is given, changed and withdrawn between looks, and however often somebody looks."""
    chance = random.Random(seed)
    given_by = {phone: str(phone % 4) for phone in range(start)}
    seen: list[Counter[str]] = []
    for move, phone, value in [*moves, ("look", 0, 0)]:
        if move == "look":
            now = Counter(given_by.values())
            picture = next_picture(seen, now, threshold, chance)
            assert picture.total() == 0 or picture.total() >= threshold
            assert (picture.total() == 0) == (now.total() < threshold)
            if picture and (not seen or picture != seen[-1]):
                seen.append(picture)
        elif move == "give" or (move == "change" and phone in given_by):
            given_by[phone] = str(value)
        else:
            given_by.pop(phone, None)
    assert all(is_apart(one, other, threshold) for one, other in combinations(seen, 2))


@given(
    before=st.lists(st.sampled_from("abcd"), min_size=K, max_size=40),
    now=st.lists(st.sampled_from("abcd"), min_size=K, max_size=40),
)
def test_after_one_look_never_so_many_wait_as_twice_the_threshold(before: list[str], now: list[str]) -> None:
    picture = next_picture([Counter(before)], Counter(now), K, CHANCE)
    assert kept_back(picture, Counter(now)) < 2 * K - 1


@given(
    before=st.lists(st.sampled_from("abcd"), min_size=K, max_size=20),
    theirs=st.lists(st.sampled_from("abcd"), min_size=1, max_size=K),
    others=st.lists(st.sampled_from("abcd"), min_size=K, max_size=K),
    mine=st.sampled_from("abcd"),
)
def test_what_is_said_to_wait_does_not_tell_who_changes_an_answer_what_others_gave(
    before: list[str], theirs: list[str], others: list[str], mine: str
) -> None:
    """Later answers come, these or others, and somebody tries whether their own first answer was met by one of them."""
    told = {
        kept_back(Counter(before), Counter([*before[1:], mine, *later])) for later in (theirs, others[: len(theirs)])
    }
    assert told == {len(theirs)}


@given(given=st.lists(st.sampled_from("abc")), n=st.integers(0, 9))
def test_what_is_drawn_is_among_the_answers(given: list[str], n: int) -> None:
    assume(n <= len(given))
    some = drawn(Counter(given), n, CHANCE)
    assert some.total() == n
    assert some <= Counter(given)


# Groups


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({}, set()),
        ({1: 4}, set()),
        ({1: 5}, {1}),  # everybody is in it: it is the room's picture
        ({1: 5, 2: 5}, {1, 2}),
        ({1: 9, 2: 4}, set()),  # the 4 are what is left over
        ({1: 9, 2: 8, 3: 4}, {1}),  # with the 8 they cannot be told apart
        ({1: 9, 2: 3, 3: 2}, {1}),
        ({1: 9, 2: 2, 3: 2}, set()),  # 4 are too few to leave over
        ({1: 9, 2: 4, 3: 1}, set()),  # the one would find the four
        ({1: 9, 2: 8, None: 1, 3: 1, 4: 3}, {1, 2}),
        ({1: 9, None: 9}, {1, None}),
    ],
)
def test_groups_are_shown_only_if_what_is_left_over_tells_of_none(
    question: dict[int | None, int], expected: set[int | None]
) -> None:
    assert shown_groups([question], K) == expected


def test_a_group_that_is_hidden_in_one_question_is_hidden_in_all() -> None:
    everywhere: Groups = {1: 7, 2: 8, 3: 9, 4: 9}
    once: Groups = {1: 7, 2: 8, 3: 9, 4: 4}
    assert shown_groups([everywhere], K) == {1, 2, 3, 4}
    assert shown_groups([everywhere, once], K) == {2, 3}  # and the smallest with it, for the 4 not to be alone


def test_without_a_question_there_is_no_group_to_show() -> None:
    assert shown_groups([], K) == frozenset()


def feasible(left_over: Counter[int], size: int, value: int) -> set[int]:
    """Return how many in a hidden group of a size may have given a value, for all that an attacker can tell.

    They know every answer that is left over, and even how large each hidden group is: tried one by one.
    """
    values = sorted(left_over)
    ways = product(*(range(left_over[each] + 1) for each in values))
    return {way[values.index(value)] for way in ways if sum(way) == size}


@st.composite
def rooms(draw: st.DrawFn) -> list[list[list[int]]]:
    """Draw one to three questions, each the scores of the same groups."""
    groups = draw(st.integers(2, 5))
    scores = st.lists(st.integers(0, 3), max_size=8)
    return draw(st.lists(st.lists(scores, min_size=groups, max_size=groups), min_size=1, max_size=3))


def sizes(question: Sequence[Sequence[int]]) -> dict[int | None, int]:
    """Return how many of each group gave a score."""
    return {number: len(scores) for number, scores in enumerate(question)}


@given(room=rooms(), threshold=st.integers(3, 5))
def test_an_attacker_cannot_compute_what_a_hidden_group_gave(room: list[list[list[int]]], threshold: int) -> None:
    """Not by subtracting all shown groups from the room, even for somebody who takes their own score away too.

    What they would subtract is more than is printed: all scores of the shown groups, not a median. Where everybody who
    is left over gave the same there is nothing to tell apart.
    """
    shown_ones = shown_groups([sizes(question) for question in room], threshold)
    for question in room:
        hidden = {number: scores for number, scores in enumerate(question) if number not in shown_ones and scores}
        if not shown_ones or not hidden:
            continue
        assert sum(map(len, hidden.values())) >= threshold
        assert len(hidden) >= 2
        for insider in (None, *hidden):
            known = {number: scores[1:] if number == insider else scores for number, scores in hidden.items()}
            left_over = Counter(score for scores in known.values() for score in scores)
            for scores in known.values():
                for value in left_over if scores and len(left_over) > 1 else ():
                    assert len(feasible(left_over, len(scores), value)) > 1


@given(room=rooms(), threshold=st.integers(3, 5))
def test_every_group_shown_has_enough_scores_in_every_question(room: list[list[list[int]]], threshold: int) -> None:
    shown_ones = shown_groups([sizes(question) for question in room], threshold)
    assert all(len(question[number or 0]) >= threshold for question in room for number in shown_ones)


@given(room=rooms())
def test_the_order_of_questions_and_groups_decides_nothing_about_what_is_safe(room: list[list[list[int]]]) -> None:
    questions = [sizes(question) for question in room]
    backwards = [dict(reversed(question.items())) for question in reversed(questions)]
    assert shown_groups(questions, K) == shown_groups(backwards, K)
