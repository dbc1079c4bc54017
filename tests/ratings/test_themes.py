"""Grouping comments into themes, and which look alike."""

from __future__ import annotations

import time

import pytest
from django.contrib.auth.models import User
from django.test import Client

from ratings.choices import CommentState, Mark
from ratings.likeness import groups_alike
from ratings.models import Comment, Theme
from ratings.themes import group_comments, read_themes, ungroup_comments
from tests import factories
from tests.routes import address
from workshops.models import Deliverable, Workshop

pytestmark = pytest.mark.django_db

ALIKE = (
    "The form is too long",
    "The forms are far too long for families",
    "Nobody from outside the family is asked",
    "Forms too long!",
    "We need more time for supervision",
    "More supervision, and time for it",
)


@pytest.fixture
def ann() -> User:
    return factories.facilitator("ann")


@pytest.fixture
def of(ann: User) -> Workshop:
    return factories.workshop(by=ann)


@pytest.fixture
def first(of: Workshop) -> Deliverable:
    return of.edition.deliverables.all()[0]


def said(of: Workshop, *texts: str, n: int = 1, state: CommentState = CommentState.SHOWN) -> list[int]:
    return [factories.comment(of, factories.scale(of, n=n), text, mark=Mark.WELL, state=state).pk for text in texts]


def grouped(of: Workshop) -> dict[str, list[str]]:
    """Return the words in each theme of a workshop, by its name."""
    themes = Theme.objects.filter(workshop=of).order_by("pk")
    return {each.name: list(each.comments.order_by("pk").values_list("text", flat=True)) for each in themes}


def test_comments_are_grouped_and_keep_their_words(of: Workshop, first: Deliverable) -> None:
    keys = [*said(of, "One", "Two"), *said(of, "Three", n=2)]
    group_comments(workshop=of, deliverable=first, comments=keys, name="Time")
    assert grouped(of) == {"Time": ["One", "Two", "Three"]}


def test_comment_is_in_one_theme_and_an_empty_theme_goes(of: Workshop, first: Deliverable) -> None:
    keys = said(of, "One", "Two")
    group_comments(workshop=of, deliverable=first, comments=keys, name="Time")
    group_comments(workshop=of, deliverable=first, comments=keys[:1], name="Forms")
    assert grouped(of) == {"Time": ["Two"], "Forms": ["One"]}
    group_comments(workshop=of, deliverable=first, comments=keys[1:], name="Forms")
    assert grouped(of) == {"Forms": ["One", "Two"]}
    ungroup_comments(workshop=of, comments=keys)
    assert grouped(of) == {}
    assert Comment.objects.count() == 2


def test_only_comments_of_this_workshop_and_deliverable_are_grouped(of: Workshop, first: Deliverable) -> None:
    other = factories.workshop()
    keys = [*said(of, "Here"), *said(of, "Next deliverable", n=3), *said(other, "Elsewhere")]
    group_comments(workshop=of, deliverable=first, comments=keys[1:], name="Time")
    assert not Theme.objects.exists()
    group_comments(workshop=of, deliverable=first, comments=keys, name="Time")
    assert grouped(of) == {"Time": ["Here"]}
    ungroup_comments(workshop=other, comments=keys)
    assert grouped(of) == {"Time": ["Here"]}


def test_themes_are_read_with_the_rest_and_what_is_alike(of: Workshop, first: Deliverable) -> None:
    said(of, "Unkind", state=CommentState.HIDDEN)
    keys = said(of, *ALIKE)
    group_comments(workshop=of, deliverable=first, comments=keys[4:5], name="Time")
    read = read_themes(of, first)
    assert [(theme.name, [row.text for row in rows]) for theme, rows in read.themes] == [("Time", [ALIKE[4]])]
    assert [row.text for row in read.alone] == [*ALIKE[:4], ALIKE[5]]
    assert [[row.text for row in group] for group in read.alike] == [[ALIKE[0], ALIKE[1], ALIKE[3]]]


def test_texts_that_say_the_same_are_found_in_any_order_of_words() -> None:
    assert groups_alike(ALIKE) == [(0, 1, 3), (4, 5)]


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("One",),
        ("", ""),
        ("It is what it is", "We are what we are"),
        ("Plans are tested with families", "Families wait for interpreters"),
        ("Supervision asks about dates", "The office has no heating"),
    ],
)
def test_texts_that_share_little_are_not_alike(texts: tuple[str, ...]) -> None:
    assert groups_alike(texts) == []


def test_likeness_of_a_large_room_is_quick() -> None:
    texts = [f"Our plan number {n} was made with family {n % 7} and tested {n % 5} times" for n in range(300)]
    began = time.perf_counter()
    groups_alike(texts)
    assert time.perf_counter() - began < 3


def test_page_groups_by_ticks_and_a_name(ann: User, of: Workshop, first: Deliverable) -> None:
    desk = factories.desk(ann)
    keys = said(of, *ALIKE)
    start = desk.get(address("ratings:themes", of)).headers["Location"]
    assert start == address("ratings:deliverable_themes", of)
    shown = desk.get(start).content.decode()
    assert "These look alike" in shown
    assert shown.count('name="new_name"') == 3
    assert (
        desk.post(address("ratings:group", of), {"comments": keys[:2], "new_name": "Forms"}).headers["Location"]
        == start
    )
    assert desk.post(address("ratings:group", of), {"comments": keys[3], "name": "Forms"}).headers["Location"] == start
    assert grouped(of) == {"Forms": [ALIKE[0], ALIKE[1], ALIKE[3]]}
    assert "<option>Forms</option>" in desk.get(start).content.decode()
    desk.post(address("ratings:group", of), {"comments": keys[:2], "do": "ungroup"})
    assert grouped(of) == {"Forms": [ALIKE[3]]}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"new_name": "Time"}, "Tick the comments first."),
        ({"new_name": "Time", "comments": "x"}, "Tick the comments first."),
        ({"comments": "1"}, "Name the theme, or choose one."),
        ({"comments": "1", "new_name": "x" * 81}, "at most 80 characters"),
    ],
)
def test_what_cannot_be_grouped_comes_back_with_a_sentence(
    ann: User, of: Workshop, sent: dict[str, str], sentence: str
) -> None:
    said(of, "Words")
    answer = factories.desk(ann).post(address("ratings:group", of), sent)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Theme.objects.exists()


def test_page_without_comments_says_so(ann: User, of: Workshop) -> None:
    browser: Client = factories.desk(ann)
    shown = browser.get(address("ratings:deliverable_themes", of)).content.decode()
    assert "Nobody has said anything here yet" in shown
