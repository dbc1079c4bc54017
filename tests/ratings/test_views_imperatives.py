"""The desk's page of imperatives: merging, parting, actions."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from ratings.authorship import signed
from ratings.imperatives import merge_imperatives, part_imperative, plan_action, rank_imperatives
from ratings.models import Action, Imperative, Vote
from ratings.showing import show_dots
from tests import factories

pytestmark = pytest.mark.django_db


def cast() -> tuple[Any, Any, list[Imperative]]:
    """Return a desk, a workshop and three imperatives, the last of them with two people's dots."""
    user = factories.facilitator()
    of = factories.workshop(by=user)
    rows = [factories.imperative(of, words) for words in ("Ask early", "Ask sooner", "Write it down")]
    for _ in range(2):
        Vote.objects.create(imperative=rows[2], slot=1, **signed(factories.participant(of), Vote))
    return factories.desk(user), of, rows


def texts(of: Any) -> list[tuple[str, int | None, list[str]]]:
    """Return the ranking as (words, dots, merged words)."""
    ranked = rank_imperatives(of, show_dots(of))
    return [(row.imperative.text, row.votes, [other.text for other in row.merged]) for row in ranked]


def test_merged_imperatives_count_each_person_once_and_keep_their_words() -> None:
    _, of, (early, sooner, _) = cast()
    both = factories.participant(of)
    Vote.objects.create(imperative=early, slot=1, **signed(both, Vote))
    Vote.objects.create(imperative=sooner, slot=2, **signed(both, Vote))
    for _ in range(2):
        Vote.objects.create(imperative=sooner, slot=1, **signed(factories.participant(of), Vote))
    merge_imperatives(leading=early, others=[sooner])
    assert texts(of) == [("Ask early", 3, ["Ask sooner"]), ("Write it down", 2, [])]


def test_merging_a_leader_takes_what_it_led_along() -> None:
    _, of, (early, sooner, write) = cast()
    merge_imperatives(leading=sooner, others=[early])
    merge_imperatives(leading=write, others=[sooner])
    assert texts(of) == [("Write it down", 2, ["Ask early", "Ask sooner"])]


def test_a_merged_imperative_can_lead_the_one_that_led_it() -> None:
    _, of, (early, sooner, _) = cast()
    merge_imperatives(leading=early, others=[sooner])
    merge_imperatives(leading=sooner, others=[early, sooner])
    assert ("Ask sooner", 0, ["Ask early"]) in texts(of)


def test_merging_leaves_other_workshops_alone() -> None:
    _, of, (early, *_) = cast()
    foreign = factories.imperative(factories.workshop(), "Elsewhere")
    merge_imperatives(leading=early, others=[foreign])
    foreign.refresh_from_db()
    assert foreign.merged_into is None
    assert len(texts(of)) == 3


def test_a_parted_imperative_stands_alone_again() -> None:
    _, of, (early, sooner, _) = cast()
    merge_imperatives(leading=early, others=[sooner])
    part_imperative(imperative=sooner)
    assert [merged for _, _, merged in texts(of)] == [[], [], []]


def test_an_action_is_planned_changed_and_taken_back() -> None:
    _, _, (early, *_) = cast()
    plan_action(imperative=early, owner="Area managers", due=date(2026, 9, 1))
    plan_action(imperative=early, owner="Director", due=None)
    assert list(Action.objects.values_list("owner", "due")) == [("Director", None)]
    plan_action(imperative=early, owner="", due=None)
    assert not Action.objects.exists()


def test_page_merges_parts_and_plans() -> None:
    desk, of, (early, sooner, _) = cast()
    page = reverse("ratings:imperatives", args=[of.code])
    merged = desk.post(reverse("ratings:merge", args=[of.code]), {"leading": early.pk, "others": [early.pk, sooner.pk]})
    assert merged.url == page
    desk.post(reverse("ratings:action", args=[of.code, early.pk]), {"owner": "Director", "due": "2026-09-01"})
    html = desk.get(page).content.decode()
    assert 'value="Director"' in html
    assert 'value="2026-09-01"' in html
    assert "Also in these words" in html
    assert desk.post(reverse("ratings:part", args=[of.code, sooner.pk])).url == page
    assert "Also in these words" not in desk.get(page).content.decode()


@pytest.mark.parametrize(
    ("leading", "others", "says"),
    [
        ("", [0, 1], "Choose the wording that stands"),
        (0, [], "Tick the imperatives that say the same"),
        (0, [0], "Tick at least one more"),
        ("999", [0, 1], "no longer in the list"),
    ],
)
def test_page_says_what_is_missing_for_a_merge(leading: Any, others: list[int], says: str) -> None:
    desk, of, rows = cast()
    data = {
        "leading": rows[leading].pk if isinstance(leading, int) else leading,
        "others": [rows[n].pk for n in others],
    }
    html = desk.post(reverse("ratings:merge", args=[of.code]), data).content.decode()
    assert says in html
    assert html.count('name="others"') == 3
    assert html.count(" checked") == len(others)
    assert not Imperative.objects.exclude(merged_into=None).exists()


def test_page_keeps_what_was_typed_into_an_action_with_a_bad_date() -> None:
    desk, of, (early, *_) = cast()
    html = desk.post(
        reverse("ratings:action", args=[of.code, early.pk]), {"owner": "Director", "due": "soon"}
    ).content.decode()
    assert "Write the date as day, month and year." in html
    assert 'value="Director"' in html
    assert not Action.objects.exists()


def test_page_without_imperatives_says_so() -> None:
    user = factories.facilitator()
    of = factories.workshop(by=user)
    html = factories.desk(user).get(reverse("ratings:imperatives", args=[of.code])).content.decode()
    assert "Nobody has named anything yet." in html
