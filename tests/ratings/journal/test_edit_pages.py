"""The pages on which a journal is edited: what they save, what they say, what they keep."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from ratings.journal.build import Paragraph, build_journal
from ratings.journal.chapter import PER_PAGE
from ratings.journal.notes import read_notes
from ratings.models import Comment, JournalNotes, Theme
from ratings.themes import group_comments
from tests import factories
from tests.ratings.journal.edited import large, lines, printed, quote, to_edit
from tests.routes import address
from workshops.models import Deliverable, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Workshop:
    return to_edit()


@pytest.fixture
def first(of: Workshop) -> Deliverable:
    return of.edition.deliverables.all()[0]


@pytest.fixture
def desk(of: Workshop) -> Client:
    return factories.desk(of.facilitators.get().user)


def form_of(desk: Client, url: str) -> dict[str, Any]:
    """Return what a browser would send of an editing page as it stands."""
    form = desk.get(url).context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() is not None}
    context = desk.get(url).context
    sent["read"] = context["read"]
    for each in context.get("formset", []):
        sent |= {field.html_name: field.value() or "" for field in each if field.name != "DELETE"}
    if "formset" in context:
        sent |= {field.html_name: field.value() for field in context["formset"].management_form}
    return sent


def test_page_saves_notes_and_says_so(of: Workshop, desk: Client) -> None:
    url = address("ratings:edit_journal", of)
    sent = form_of(desk, url) | {"introduction": "Hello.\r\n\r\nAgain.", "terms-0-term": "RAG", "terms-0-meaning": "R"}
    answer = desk.post(url, sent)
    assert answer.headers["Location"] == f"{url}?saved=1"
    assert "The pages are being printed anew" in desk.get(f"{url}?saved=1").content.decode()
    assert build_journal(of).paragraphs == (Paragraph("Hello."), Paragraph("Again."))
    gone = form_of(desk, url) | {"terms-0-DELETE": "on"}
    desk.post(url, gone)
    assert read_notes(of).glossary == ()
    assert read_notes(of).epigraph == "Ask twice."


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"introduction": "x" * 6001}, "6001 characters"),
        ({"epigraph": "x" * 401}, "401 characters"),
        ({"grouping": "size"}, "Select a valid choice"),
        ({"grouping": ""}, "Choose one."),
        ({"terms-0-term": "RAG"}, "both the term and its meaning"),
        ({"terms-0-meaning": "Red"}, "both the term and its meaning"),
        (
            {"terms-0-term": "A", "terms-0-meaning": "1", "terms-1-term": "A", "terms-1-meaning": "2"},
            "explained twice",
        ),
    ],
)
def test_page_keeps_what_cannot_be_saved_and_says_why(
    of: Workshop, desk: Client, sent: dict[str, str], sentence: str
) -> None:
    url = address("ratings:edit_journal", of)
    page = desk.post(url, form_of(desk, url) | {"introduction": "Typed at length."} | sent).content.decode()
    assert sentence in page
    assert all(value in page for value in sent.values())
    assert not JournalNotes.objects.exists()


def test_page_adds_a_row_and_takes_the_reviews_epigraph_and_keeps_what_was_typed(of: Workshop, desk: Client) -> None:
    url = address("ratings:edit_journal", of)
    typed = form_of(desk, url) | {"introduction": "Not saved yet.", "epigraph": "Mine", "terms-0-term": "RAG"}
    page = desk.post(url, typed | {"add": "1"}).content.decode()
    assert 'name="terms-2-term"' in page
    assert "Not saved yet." in page
    assert "terms-0-term" in desk.post(url, typed | {"add": "1", "terms-TOTAL_FORMS": "x"}).content.decode()
    page = desk.post(url, typed | {"as_in_review": "1"}).content.decode()
    assert "Ask twice." in page
    assert "Not saved yet." in page
    assert not JournalNotes.objects.exists()


def test_page_shows_both_texts_to_the_second_of_two_and_saves_at_the_next_press(of: Workshop, desk: Client) -> None:
    url = address("ratings:edit_journal", of)
    typed = form_of(desk, url)
    desk.post(url, typed | {"introduction": "Theirs", "grouping": "none", "terms-0-term": "T", "terms-0-meaning": "U"})
    answer = desk.post(url, typed | {"introduction": "Mine", "epigraph": ""})
    page = answer.content.decode()
    assert "Not saved: it was changed meanwhile" in page
    for words in ("Theirs", "Mine", "In one list", ">T<", ">U<"):
        assert words in page
    assert read_notes(of).introduction == "Theirs"
    desk.post(url, typed | {"introduction": "Mine", "read": answer.context["read"]})
    assert read_notes(of).introduction == "Mine"


def test_page_of_a_deliverable_orders_quotes_and_names(of: Workshop, desk: Client, first: Deliverable) -> None:
    comments = [lines(of)[text].comment.pk for text in ("One", "Two")]
    group_comments(workshop=of, deliverable=first, comments=comments, name="Early")
    theme, url = Theme.objects.get(), address("ratings:edit_deliverable", of)
    keys = {text: line.key for text, line in lines(of).items()}
    sent = form_of(desk, url) | {f"theme-{theme.pk}": "Earlier", f"place-{keys['Five']}": "1", "quote": [keys["Two"]]}
    answer = desk.post(url, sent | {"lead": "In\r\nshort."})
    assert answer.headers["Location"] == f"{url}?saved=1&page=1"
    journal = build_journal(of)
    assert journal.deliverables[0].lead == "In short."
    assert [group.name for group in journal.deliverables[0].scales[0].groups] == ["Earlier", "Also said"]
    assert printed(of) == ["One", "Two", "Five", "Three", "Four"]
    assert large(journal) == ["Two"]
    moved_on = desk.post(url, form_of(desk, url) | {"down": keys["Five"]})
    assert moved_on.headers["Location"].endswith(f"#line-{keys['Five']}")
    assert printed(of) == ["One", "Two", "Three", "Five", "Four"]
    page = desk.post(url, form_of(desk, url) | {"lead": "Other", "as_in_review": "1"}).content.decode()
    assert "Why deliverable 1 matters." in page


def test_page_of_a_deliverable_says_what_is_wrong(of: Workshop, desk: Client, first: Deliverable) -> None:
    for n, name in enumerate(("Early", "Late")):
        group_comments(workshop=of, deliverable=first, comments=[list(lines(of).values())[n].comment.pk], name=name)
    url, (early, late) = address("ratings:edit_deliverable", of), Theme.objects.order_by("pk")
    sent, keys = form_of(desk, url), [line.key for line in lines(of).values()]
    for wrong, sentence in (
        ({"quote": keys[:4]}, "You chose 4 quotations. Keep 3"),
        ({"quote": ["nobodys"]}, "no longer printed"),
        ({f"place-{keys[2]}": "9"}, "Write a whole number from 1 to 3."),
        ({f"theme-{early.pk}": ""}, "Give the theme a name."),
        ({f"theme-{early.pk}": "Late"}, "Two themes have this name."),
        ({f"theme-{late.pk}-place": "x"}, "Write a whole number from 1 to 2."),
        ({"lead": "x" * 301}, "301 characters"),
    ):
        page = desk.post(url, sent | wrong).content.decode()
        assert sentence in page
        assert "changed meanwhile" not in page
    assert large(build_journal(of)) == []


def test_page_of_a_deliverable_shows_both_states_to_the_second_of_two(
    of: Workshop, desk: Client, first: Deliverable
) -> None:
    group_comments(workshop=of, deliverable=first, comments=[lines(of)["Three"].comment.pk], name="Early")
    url = address("ratings:edit_deliverable", of)
    typed, keys = form_of(desk, url), {text: line.key for text, line in lines(of).items()}
    desk.post(url, typed | {"lead": "Theirs", "quote": [keys["One"]], f"place-{keys['Two']}": "4"})
    answer = desk.post(url, typed | {"lead": "Mine", "quote": [keys["Four"]]})
    page = answer.content.decode()
    for words in ("changed meanwhile", "Theirs", "Mine", "Its place now: 4", "now: set large", "now: not set large"):
        assert words in page
    assert large(build_journal(of)) == ["One"]
    desk.post(url, typed | {"lead": "Mine", "quote": [keys["Four"]], "read": answer.context["read"]})
    assert large(build_journal(of)) == ["Four"]
    assert build_journal(of).deliverables[0].lead == "Mine"


def test_page_of_a_deliverable_with_many_comments_is_cut_and_saves_what_is_on_it(of: Workshop, desk: Client) -> None:
    many = [Comment(workshop=of, scale=factories.scale(of), text=f"No {n}", position=n + 9) for n in range(PER_PAGE)]
    Comment.objects.bulk_create(many)
    url = address("ratings:edit_deliverable", of)
    quote(of, "One", "Two", "Three")
    second = desk.get(f"{url}?page=2").content.decode()
    assert second.count('name="up"') == 5
    assert desk.get(f"{url}?page=77").content.decode().count('name="up"') == 5
    last = lines(of)[f"No {PER_PAGE - 1}"]
    sent = form_of(desk, f"{url}?page=2") | {f"place-{last.key}": "1"}
    assert "You chose 4 quotations" in desk.post(f"{url}?page=2", sent | {"quote": [last.key]}).content.decode()
    desk.post(f"{url}?page=2", sent)
    assert printed(of)[:2] == [last.comment.text, "One"]
    assert large(build_journal(of)) == ["One", "Two", "Three"]


def test_page_of_a_deliverable_without_comments_says_so(of: Workshop, desk: Client) -> None:
    Comment.objects.all().delete()
    url = address("ratings:edit_deliverable", of)
    assert "No comment on it is printed." in desk.get(url).content.decode()
    Workshop.objects.filter(pk=of.pk).update(closed_at=None)
    assert "only what the room has been shown" in desk.get(url).content.decode()


@pytest.mark.parametrize("more", [0, 30])
def test_page_of_a_deliverable_asks_the_same_queries_of_any_number_of_comments(
    of: Workshop, desk: Client, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scale = factories.scale(of, n=2)
    Comment.objects.bulk_create(Comment(workshop=of, scale=scale, text=f"No {n}") for n in range(more))
    with django_assert_num_queries(17):
        desk.get(address("ratings:edit_deliverable", of))


def test_page_warns_of_what_may_point_to_a_person_and_saves_it(of: Workshop, desk: Client) -> None:
    url = address("ratings:edit_journal", of)
    desk.post(url, form_of(desk, url) | {"introduction": "Write to ann@example.org"})
    page = desk.get(url).content.decode()
    assert "may point to a person" in page
    assert "<strong" in page
    assert build_journal(of).introduction == "Write to ann@example.org"
