"""What must happen next, and the dots placed on it."""

from typing import Any

import pytest

from ratings.authorship import author_of
from ratings.choices import Source
from ratings.imperatives import (
    ImperativeAnswer,
    TooManyVotes,
    place_votes,
    rank_imperatives,
    record_imperatives,
)
from ratings.models import Imperative, Vote
from ratings.showing import show_dots
from tests import factories
from workshops.choices import StageKind
from workshops.models import Participant, Workshop
from workshops.sessions import StageClosed

pytestmark = pytest.mark.django_db


def gathering() -> tuple[Workshop, Participant]:
    """Return a workshop that gathers imperatives, and a phone."""
    of = factories.workshop()
    factories.opened(of, StageKind.IMPERATIVES)
    return of, factories.participant(of)


def name(phone: Participant, *texts: str) -> None:
    """Record these imperatives, one a slot."""
    record_imperatives(participant=phone, answers=[ImperativeAnswer(text) for text in texts])


def named(phone: Participant) -> list[tuple[int, str]]:
    """Return a participant's imperatives with their slots."""
    return list(
        Imperative.objects.filter(author=author_of(phone, Imperative)).order_by("slot").values_list("slot", "text")
    )


def test_imperatives_are_kept_with_their_deliverables() -> None:
    of, phone = gathering()
    first, second = of.edition.deliverables.all()
    answers = [ImperativeAnswer("Both", [first, second]), ImperativeAnswer("Neither")]
    assert record_imperatives(participant=phone, answers=answers) == factories.stage(of, StageKind.IMPERATIVES)
    both, neither = Imperative.objects.order_by("slot")
    assert (both.text, both.workshop, both.source, list(both.deliverables.all())) == (
        "Both",
        of,
        Source.PHONE,
        [first, second],
    )
    assert list(neither.deliverables.all()) == []


def test_imperatives_sent_twice_count_once_and_change_in_place() -> None:
    of, phone = gathering()
    first, second = of.edition.deliverables.all()
    record_imperatives(participant=phone, answers=[ImperativeAnswer("One", [first])])
    before = Imperative.objects.get()
    record_imperatives(participant=phone, answers=[ImperativeAnswer("One, better said", [second])])
    after = Imperative.objects.get()
    assert (after.pk, after.position, after.text) == (before.pk, before.position, "One, better said")
    assert list(after.deliverables.all()) == [second]


@pytest.mark.parametrize(
    ("texts", "left"),
    [(("", "B"), [(2, "B")]), (("A", ""), [(1, "A")]), (("", ""), []), (("C", "D"), [(1, "C"), (2, "D")])],
)
def test_empty_slot_takes_its_imperative_back(texts: tuple[str, str], left: list[tuple[int, str]]) -> None:
    of, phone = gathering()
    other = factories.participant(of)
    for each in (phone, other):
        name(each, "A", "B")
    name(phone, *texts)
    assert named(phone) == left
    assert named(other) == [(1, "A"), (2, "B")]


def test_imperative_that_somebody_voted_for_is_not_taken_back() -> None:
    of, phone = gathering()
    name(phone, "A", "B")
    factories.opened(of, StageKind.PRIORITIES)
    place_votes(participant=factories.participant(of), imperatives=[Imperative.objects.get(text="A")])
    factories.opened(of, StageKind.IMPERATIVES)
    name(phone, "", "")
    assert named(phone) == [(1, "A")]


def test_imperatives_are_refused_when_they_are_not_being_gathered() -> None:
    of, phone = gathering()
    factories.revealed(of, StageKind.IMPERATIVES)
    with pytest.raises(StageClosed):
        name(phone, "Late")
    assert not Imperative.objects.exists()


def voting(imperatives: int = 4) -> tuple[Workshop, Participant, list[Imperative]]:
    """Return a workshop at its priorities, a phone, and what it can vote for."""
    of = factories.workshop()
    rows = [factories.imperative(of, f"Imperative {n}") for n in range(1, imperatives + 1)]
    factories.opened(of, StageKind.PRIORITIES)
    return of, factories.participant(of), rows


@pytest.mark.parametrize("dots", [0, 1, 2, 3])
def test_dots_are_placed_in_slots(dots: int) -> None:
    of, phone, rows = voting()
    stage = place_votes(participant=phone, imperatives=rows[:dots])
    assert stage == factories.stage(of, StageKind.PRIORITIES)
    placed = Vote.objects.filter(author=author_of(phone, Vote)).order_by("slot").values_list("slot", "imperative")
    assert list(placed) == [(n, rows[n - 1].pk) for n in range(1, dots + 1)]


def test_dots_placed_again_take_the_place_of_those_before() -> None:
    of, phone, rows = voting()
    other = factories.participant(of)
    for each in (phone, other):
        place_votes(participant=each, imperatives=rows[:3])
    place_votes(participant=phone, imperatives=[rows[3]])
    assert set(Vote.objects.filter(author=author_of(phone, Vote)).values_list("imperative", flat=True)) == {rows[3].pk}
    assert Vote.objects.filter(author=author_of(other, Vote)).count() == 3


def test_fourth_dot_is_refused_and_leaves_those_before() -> None:
    _, phone, rows = voting()
    place_votes(participant=phone, imperatives=rows[:1])
    with pytest.raises(TooManyVotes):
        place_votes(participant=phone, imperatives=rows)
    assert [vote.imperative for vote in Vote.objects.all()] == rows[:1]


def test_dots_are_refused_when_priorities_are_not_open() -> None:
    of, phone, rows = voting()
    factories.revealed(of, StageKind.PRIORITIES)
    with pytest.raises(StageClosed):
        place_votes(participant=phone, imperatives=rows[:1])
    assert not Vote.objects.exists()


def test_ranking_counts_dots_and_equals_stand_in_printing_order() -> None:
    of, phone, rows = voting()
    others = [factories.participant(of) for _ in range(2)]
    place_votes(participant=phone, imperatives=[rows[2], rows[3]])
    place_votes(participant=others[0], imperatives=[rows[2], rows[1]])
    place_votes(participant=others[1], imperatives=[rows[2]])
    ranked = rank_imperatives(of, show_dots(of))
    assert [(row.place, row.imperative.text, row.votes) for row in ranked] == [
        (1, "Imperative 3", 3),
        (2, "Imperative 2", 1),
        (3, "Imperative 4", 1),
        (4, "Imperative 1", 0),
    ]


def test_ranking_without_votes_tells_nothing_of_them() -> None:
    of, phone, rows = voting()
    place_votes(participant=phone, imperatives=[rows[3]])
    ranked = rank_imperatives(of)
    assert [(row.place, row.imperative, row.votes) for row in ranked] == [
        (n, row, None) for n, row in enumerate(rows, 1)
    ]


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_ranking_takes_as_few_queries_for_three_as_for_one(django_assert_num_queries: Any, rows: int) -> None:
    of, _, _ = voting(rows)
    with django_assert_num_queries(4 if rows else 3):
        ranked = rank_imperatives(of, show_dots(of))
        assert sum(len(row.imperative.deliverables.all()) for row in ranked) == 0
    assert len(ranked) == rows
