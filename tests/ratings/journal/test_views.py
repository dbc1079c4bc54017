"""The journal's doors: on screen and as files."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ratings.choices import CommentState, PrintState
from ratings.journal import press
from ratings.journal.build import build_journal
from ratings.journal.formats import BESIDES, FORMATS
from ratings.journal.printing import QUIET, print_due
from ratings.models import Comment, Print
from tests import factories
from tests.ratings.journal import quick_press
from tests.ratings.journal.told import told_in_numbers, told_in_words
from tests.routes import address
from workshops.models import Facilitator, Workshop

pytestmark = pytest.mark.django_db
DOORS = ["journal", "ratings:journal_pdf", "ratings:journal_file", "ratings:printing", "ratings:last_print"]
BEGIN = {"html": b"<!doctype html>", "md": b"---", "json": b"{", "docx": b"PK", "xlsx": b"PK", "csv": b"deliverable_no"}
"""How a file of each format begins."""


def desk_of(workshop: Workshop) -> Client:
    """Return a browser in which a facilitator of this workshop has signed in."""
    user = factories.facilitator()
    Facilitator.objects.create(workshop=workshop, user=user)
    return factories.desk(user)


def test_journal_shows_every_word_and_chart_and_table() -> None:
    workshop = told_in_numbers()
    page = desk_of(workshop).get(reverse("journal", args=[workshop.code])).content.decode()
    journal = build_journal(workshop)
    entries = [said.text for each in journal.deliverables for scale in each.scales for said in scale.comments]
    assert [entry for entry in [*entries, *(line.text for line in journal.imperatives)] if entry not in page] == []
    assert page.count("data-chart") == 4 + 4 + 2 + 1 + 1 + 1  # strips, minis, RAG bars, the map, agreement, marks
    assert page.count("data-explore") == page.count("The numbers") == 4 + 2 + 1 + 1 + 1
    assert reverse("ratings:journal_pdf", args=[workshop.code]) in page


def test_journal_of_words_draws_nothing_but_what_was_said() -> None:
    workshop = told_in_words()
    page = desk_of(workshop).get(reverse("journal", args=[workshop.code])).content.decode()
    assert "data-chart" not in page
    assert page.count("<svg xmlns") == 4
    assert "Median" not in page
    assert "Nobody gave a score" not in page


def test_journal_says_in_words_what_its_pictures_show() -> None:
    workshop = told_in_numbers()
    page = desk_of(workshop).get(reverse("journal", args=[workshop.code])).content.decode()
    assert page.count("More than half of the scores, 4 of 6, lie from 4 to 6; all run from 3 to 8.") == 4
    assert page.count("On all 4 scales the middle half is 2 points wide.") == 1
    assert page.count("Comments with a mark: 8 of 20 (working well 4, worries 4, next steps 0).") == 1
    assert page.count("These are comments, not people") == 1
    assert page.count("Half chose the same colour, 3 of 6: amber. 1 person could not say.") == 2


def test_journal_leads_from_one_deliverable_to_the_next_and_back() -> None:
    workshop = told_in_numbers(3)
    page = desk_of(workshop).get(reverse("journal", args=[workshop.code])).content.decode()
    ways = re.findall(r'<a href="#(d[0-9])" rel="(prev|next)">', page)
    assert ways == [("d2", "next"), ("d1", "prev"), ("d3", "next"), ("d2", "prev")]
    assert page.count('href="#contents"') == 3
    contents = re.findall(r'<ol class="journal__contents">(.*?)</ol>', page, re.DOTALL)
    names = [re.findall(r'href="#([\w-]+)"', each) for each in contents]
    parts = re.findall(r'<section class="journal__part" id="([\w-]+)"', page)
    assert names == [parts, parts]


def test_journal_says_what_is_held_and_that_the_workshop_runs() -> None:
    workshop = told_in_words()
    Comment.objects.filter(workshop=workshop, text__startswith="First").update(state=CommentState.HELD)
    Workshop.objects.filter(pk=workshop.pk).update(closed_at=None)
    page = desk_of(workshop).get(reverse("journal", args=[workshop.code])).content.decode()
    assert "4 comments are held or hidden." in page
    assert "The workshop is still running." in page
    assert "First things first" not in page


def test_journal_of_a_workshop_in_which_nothing_happened_is_a_page() -> None:
    workshop = factories.workshop(deliverables=1)
    page = desk_of(workshop).get(reverse("journal", args=[workshop.code])).content.decode()
    assert "Nothing was said here." in page
    assert "data-chart" not in page


def test_journal_is_offered_in_every_format() -> None:
    workshop = told_in_words(1)
    desk = desk_of(workshop)
    page = desk.get(reverse("journal", args=[workshop.code])).content.decode()
    assert set(BESIDES) == set(BEGIN)
    for suffix, begin in BEGIN.items():
        url = reverse("ratings:journal_file", args=[workshop.code, suffix])
        assert f'href="{url}"' in page
        answer = desk.get(url)
        name = f'filename="journal-carreg-bay-council-2026-05-14.{suffix}"'
        assert answer["Content-Type"] == FORMATS[suffix].content_type
        assert answer["Content-Disposition"] == f"attachment; {name}"
        assert answer.content.startswith(begin)


def test_journal_comes_in_no_other_format() -> None:
    workshop = told_in_words(1)
    assert desk_of(workshop).get(f"/journal/{workshop.code}/journal.exe").status_code == 404


@pytest.mark.parametrize("door", DOORS)
def test_journal_sends_a_stranger_to_sign_in(door: str) -> None:
    url = address(door, told_in_words(1))
    answer = Client().get(url)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"next={url}")


@pytest.mark.parametrize("door", DOORS)
def test_journal_is_nowhere_for_those_who_do_not_run_the_workshop(door: str) -> None:
    workshop = told_in_words(1)
    client = factories.desk(factories.facilitator())
    assert client.get(address(door, workshop)).status_code == 404
    assert client.get(address(door, workshop, code="000000")).status_code == 404


@pytest.mark.parametrize("door", DOORS)
def test_journal_cannot_be_posted_to(door: str) -> None:
    workshop = told_in_words(1)
    assert desk_of(workshop).post(address(door, workshop)).status_code == 405


def test_journal_pdf_is_a_file_with_a_good_name() -> None:
    workshop = told_in_words(1)
    answer = desk_of(workshop).get(reverse("ratings:journal_pdf", args=[workshop.code]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="journal-carreg-bay-council-2026-05-14.pdf"'
    assert answer.content.startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("bounds", "sentence"),
    [
        ({"SECONDS": 0}, "took more time or memory"),
        ({"MODULE": "ratings.journal.no_such_module"}, "could not be set"),
    ],
)
def test_journal_pdf_that_fails_says_so_on_a_page_and_can_be_tried_again(
    bounds: dict[str, object], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = told_in_words(1)
    client = desk_of(workshop)
    for name, value in bounds.items():
        monkeypatch.setattr(press, name, value)
    url = reverse("ratings:journal_pdf", args=[workshop.code])
    answer = client.get(url)
    assert answer.status_code == 503
    assert sentence in answer.content.decode()
    assert f'href="{url}?again=1"' in answer.content.decode()
    assert "could not be printed" in client.get(reverse("ratings:printing", args=[workshop.code])).content.decode()
    monkeypatch.undo()
    monkeypatch.setattr(press, "MODULE", quick_press.__name__)
    assert client.get(url).status_code == 503
    assert client.get(f"{url}?again=1").content.startswith(b"%PDF-1.7")


def test_journal_pdf_that_takes_long_says_how_far_it_is_and_offers_the_last_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(press, "MODULE", quick_press.__name__)
    monkeypatch.setattr("ratings.views.journal.AT_ONCE", 0)
    monkeypatch.setattr("ratings.journal.printing.bells", [lambda: None])  # somebody is at the press, who is slow
    workshop = told_in_words(1)
    client = desk_of(workshop)
    url, fragment, last = (
        reverse(f"ratings:{name}", args=[workshop.code]) for name in ("journal_pdf", "printing", "last_print")
    )
    answer = client.get(url)
    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (202, "text/html; charset=utf-8")
    assert "waits for its turn" in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert f'hx-get="{fragment}?seen=waiting-0"' in page
    assert client.get(f"{fragment}?seen=waiting-0").status_code == 204
    assert client.get(last).status_code == 404
    Print.objects.update(state=PrintState.PRINTING, progress=47)
    page = client.get(f"{fragment}?seen=waiting-0").content.decode()
    assert "being printed: 40% done." in page
    assert last not in page
    assert "40% done" in client.get(reverse("journal", args=[workshop.code])).content.decode()
    assert client.get(f"{fragment}?seen=printing-40").status_code == 204
    Print.objects.update(heard_at=timezone.now() - QUIET - timedelta(seconds=1))
    assert "Nothing has been heard from the press" in client.get(f"{fragment}?seen=printing-40").content.decode()
    Print.objects.update(state=PrintState.WAITING)
    print_due()
    page = client.get(f"{fragment}?seen=printing-40").content.decode()
    assert f"The PDF is ready: {quick_press.PAGES} pages." in page
    assert "hx-get" not in page
    assert client.get(url).content.startswith(b"%PDF-1.7")
    Workshop.objects.filter(pk=workshop.pk).update(venue="Elsewhere")
    page = client.get(url).content.decode()
    assert f'href="{last}"' in page
    assert f"{quick_press.PAGES} pages, printed " in page
    answer = client.get(last)
    assert answer.content.startswith(b"%PDF-1.7")
    assert answer["Cache-Control"] == "private, no-store"
    Print.objects.all().delete()
    assert "changed before the PDF was ready" in client.get(fragment).content.decode()


def test_journal_shows_no_state_of_the_press_while_nothing_is_under_way() -> None:
    workshop = told_in_words(1)
    page = desk_of(workshop).get(reverse("journal", args=[workshop.code])).content.decode()
    assert "hx-get" not in page
    assert "is ready" not in page
