"""Dots on paper: how they count, and that they are labelled."""

import pytest
from django.test import Client

from ratings.aloud import (
    NotYetOpen,
    count_votes,
    paper_counts,
)
from ratings.deciding import hold_words
from ratings.imperatives import merge_imperatives, place_votes, rank_imperatives
from ratings.journal.build import build_journal
from ratings.journal.record import journal_json
from ratings.models import Vote
from ratings.showing import show_dots
from ratings.tallies import tally_stage
from tests import factories
from tests.routes import address
from workshops.choices import StageKind
from workshops.models import Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Workshop:
    return factories.workshop(deliverables=2)


def revision(of: Workshop) -> int:
    of.refresh_from_db()
    return of.revision


@pytest.fixture
def desk() -> tuple[Workshop, Client]:
    user = factories.facilitator()
    return factories.workshop(by=user), factories.desk(user)


def dots(of: Workshop) -> list[tuple[str, int | None, int]]:
    """Return the ranking as (words, dots, dots on paper)."""
    return [(row.imperative.text, row.votes, row.entered) for row in rank_imperatives(of, show_dots(of))]


def test_dots_on_paper_add_to_what_phones_gave_and_are_replaced(of: Workshop) -> None:
    one, two = factories.imperative(of, "One"), factories.imperative(of, "Two")
    stage = factories.opened(of, StageKind.PRIORITIES)
    place_votes(participant=factories.participant(of), imperatives=[one])
    count_votes(workshop=of, counts={one.pk: 1, two.pk: 4})
    assert dots(of) == [("Two", 4, 4), ("One", 2, 1)]
    assert paper_counts(of, stage) == {str(one.pk): 1, str(two.pk): 4}
    count_votes(workshop=of, counts={two.pk: 1})
    assert dots(of) == [("One", 2, 1), ("Two", 1, 1)], "what was not counted again is left alone"
    count_votes(workshop=of, counts={one.pk: 0, two.pk: 0})
    assert dots(of) == [("One", 1, 0), ("Two", 0, 0)]
    assert [(row.votes, row.entered) for row in rank_imperatives(of)] == [(None, 0), (None, 0)]
    tally = tally_stage(of, stage)
    assert (tally.answered, tally.people) == (1, 1)


def test_dots_on_paper_add_up_where_imperatives_are_merged(of: Workshop) -> None:
    one, two = factories.imperative(of, "One"), factories.imperative(of, "Two")
    factories.opened(of, StageKind.PRIORITIES)
    phone = factories.participant(of)
    place_votes(participant=phone, imperatives=[one, two])
    count_votes(workshop=of, counts={one.pk: 2, two.pk: 3})
    merge_imperatives(leading=one, others=[two])
    assert dots(of) == [("One", 6, 5)]


def test_dots_are_counted_only_where_they_can_be_placed(of: Workshop) -> None:
    row, elsewhere = factories.imperative(of, "One"), factories.imperative(factories.workshop(), "Elsewhere")
    with pytest.raises(NotYetOpen):
        count_votes(workshop=of, counts={row.pk: 1})
    factories.opened(of, StageKind.PRIORITIES)
    hold_words(words=row, user=None)
    count_votes(workshop=of, counts={row.pk: 1, elsewhere.pk: 1, 999_999: 1})
    assert not Vote.objects.exists()


def test_counting_dots_is_told_as_a_picture_once_they_are_revealed(of: Workshop) -> None:
    row = factories.imperative(of, "One")
    factories.opened(of, StageKind.PRIORITIES)
    before = revision(of)
    count_votes(workshop=of, counts={row.pk: 1})
    assert revision(of) == before
    factories.revealed(of, StageKind.PRIORITIES)
    before = revision(of)
    count_votes(workshop=of, counts={row.pk: 2})
    assert revision(of) == before + 1


def test_journal_labels_dots_on_paper(of: Workshop) -> None:
    row = factories.imperative(of, "One")
    factories.imperative(of, "Two")
    factories.opened(of, StageKind.PRIORITIES)
    count_votes(workshop=of, counts={row.pk: 3})
    factories.opened(of, StageKind.CLOSED)
    of.refresh_from_db()
    journal = build_journal(of)
    assert [(line.votes, line.entered) for line in journal.imperatives] == [(3, 3), (0, 0)]
    assert journal.entered_votes == 3
    assert '"entered": 3' in journal_json(journal)


def test_dots_on_paper_are_counted_at_the_desk_and_labelled_everywhere(desk: tuple[Workshop, Client]) -> None:
    of, browser = desk
    leading, other = factories.imperative(of, "Leads"), factories.imperative(of, "Says the same")
    held = factories.imperative(of, "Held back")
    merge_imperatives(leading=leading, others=[other])
    hold_words(words=held, user=None)
    stage = factories.opened(of, StageKind.PRIORITIES)
    path = address("ratings:paper", of, at=stage)
    page = browser.get(path).content.decode()
    assert [f'name="{row.pk}"' in page for row in (leading, other, held)] == [True, True, False]
    sent = {str(leading.pk): "12", str(other.pk): "5", str(held.pk): "9"}
    assert browser.post(path, sent).headers["Location"] == f"{path}?saved=1"
    assert paper_counts(of, stage) == {str(leading.pk): 12, str(other.pk): 5}
    phone = factories.phone(of)
    assert "on paper" not in browser.get(address("ratings:wall_picture", of)).content.decode()
    factories.revealed(of, StageKind.PRIORITIES)
    assert "(17 on paper)" in browser.get(address("ratings:wall_picture", of)).content.decode()
    for name in ("desk", "ratings:imperatives"):
        assert "17 dots, 17 on paper" in browser.get(address(name, of)).content.decode()
    assert "17 dots, 17 on paper" in phone.get(address("ratings:open_card", of)).content.decode()
    factories.opened(of, StageKind.CLOSED)
    journal = browser.get(address("journal", of)).content.decode()
    assert "17 dots on paper" in journal
    assert "17 dots were placed on paper, and entered by the facilitator." in journal


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (["501"], "One: write a whole number from 0 to 500, or leave it empty."),
        (["400", "400", "400", "400"], "That is more than 500 papers."),
    ],
)
def test_refused_count_of_dots_comes_back_as_typed(desk: tuple[Workshop, Client], sent: list[str], why: str) -> None:
    of, browser = desk
    rows = [factories.imperative(of, text) for text in ("One", "Two", "Three", "Four")]
    stage = factories.opened(of, StageKind.PRIORITIES)
    values = {str(row.pk): value for row, value in zip(rows, sent, strict=False)}
    page = browser.post(address("ratings:paper", of, at=stage), values).content.decode()
    assert why in page
    assert f'value="{sent[0]}"' in page
    assert not Vote.objects.exists()


def test_page_for_dots_without_imperatives_says_so(desk: tuple[Workshop, Client]) -> None:
    of, browser = desk
    stage = factories.opened(of, StageKind.PRIORITIES)
    assert "Nobody has named anything yet." in browser.get(address("ratings:paper", of, at=stage)).content.decode()
