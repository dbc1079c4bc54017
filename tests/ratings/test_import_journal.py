"""`manage.py import_journal`: what it keeps, what it prints, what it refuses."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from ratings.choices import CommentState, Source
from ratings.models import Comment, Imperative, RagRating, Score
from tests.ratings.journal_texts import PLAIN
from tests.ratings.test_read_journal import SEED
from workshops.choices import StageKind, StageState
from workshops.models import Review, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def river(tmp_path: Path) -> Path:
    """A journal in a file."""
    path = tmp_path / "river.txt"
    path.write_text(PLAIN)
    return path


def test_import_prints_deliverables_totals_and_code(river: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_journal", river)
    out, err = capsys.readouterr()

    *deliverables, totals, code = out.splitlines()
    assert deliverables == [
        "Boats and bridges: 2 scales, 4 comments (3 on being at the goal, 1 on making progress)",
        "Lanterns: 2 scales, 1 comments (1 on being at the goal, 0 on making progress)",
    ]
    assert totals == "2 deliverables, 4 scales, 5 comments, 3 imperatives"
    assert Workshop.objects.get().code == code
    assert err == ""


def test_import_makes_a_frozen_review_and_a_closed_workshop(river: Path) -> None:
    call_command("import_journal", river, organisation="Ferry Board", date=datetime.date(2020, 2, 3))
    workshop = Workshop.objects.get()
    edition = workshop.edition

    assert (workshop.organisation, workshop.date) == ("Ferry Board", datetime.date(2020, 2, 3))
    assert workshop.is_closed
    assert edition.frozen_at == workshop.closed_at
    assert (edition.title, edition.subtitle) == ("Where the river bends", "")
    assert (edition.epigraph, edition.epigraph_by) == ("Slowly, and then all at once.", "A ferryman")
    assert edition.imperative_question == "Which imperatives will carry us over, and when?"
    assert [(row.key, row.name) for row in edition.deliverables.all()] == [
        ("boats-and-bridges", "Boats and bridges"),
        ("lanterns", "Lanterns"),
    ]
    assert set(workshop.stages.values_list("state", flat=True)) == {StageState.CLOSED}
    assert workshop.stages.filter(kind=StageKind.SCALE).count() == 4
    assert edition.review.owner is None


def test_import_keeps_every_word_in_order_and_nothing_else(river: Path) -> None:
    call_command("import_journal", river)

    comments = list(Comment.objects.order_by("position").values_list("scale__anchor_ten", "text"))
    assert comments == [
        ("Everybody crosses when they need to.", "The ferry runs on Mondays"),
        ("Everybody crosses when they need to.", "The bridge is nearly dry"),
        ("Everybody crosses when they need to.", "Ropes – new ones – have arrived"),
        ("We have a plan for each bank, and follow it.", "Two piers stand"),
        ("Every path is lit.", "I can read by mine"),
    ]
    assert list(Imperative.objects.values_list("position", "text")) == [
        (1, "Build the second pier"),
        (2, "Oil"),
        (3, "Ask the fish"),
    ]
    kept = Comment.objects.filter(state=CommentState.SHOWN, source=Source.IMPORTED, author=None, mark="")
    assert kept.count() == 5
    assert Imperative.objects.filter(source=Source.IMPORTED, author=None).count() == 3
    assert not Score.objects.exists()
    assert not RagRating.objects.exists()


def test_import_gives_the_review_and_the_workshop_to_the_facilitator(river: Path) -> None:
    user = User.objects.create_user("ada")
    call_command("import_journal", river, facilitator="ada")

    assert Workshop.objects.of(user.pk).count() == 1
    assert Review.objects.get().owner == user


def test_import_puts_a_title_given_before_the_title_found(river: Path) -> None:
    call_command("import_journal", river, title="Rivers, half way")
    edition = Workshop.objects.get().edition

    assert (edition.title, edition.subtitle) == ("Rivers, half way", "Where the river bends")


def test_import_takes_the_date_from_the_journal_or_else_today(river: Path) -> None:
    call_command("import_journal", river)
    river.write_text(PLAIN + "\nBack to the journals – October 2018\n")
    call_command("import_journal", river)

    assert [row.date for row in Workshop.objects.order_by("pk")] == [timezone.localdate(), datetime.date(2018, 10, 1)]


def test_import_says_which_lines_are_links(river: Path, capsys: pytest.CaptureFixture[str]) -> None:
    river.write_text(PLAIN + "\nBack to the journals\n")
    call_command("import_journal", river)

    assert f"line {PLAIN.count(chr(10)) + 2}: Back to the journals" in capsys.readouterr().err


def test_import_lists_what_it_cannot_place_and_keeps_nothing(river: Path, capsys: pytest.CaptureFixture[str]) -> None:
    river.write_text(PLAIN.replace("0 – It is dark.\n", "") + "\nPrinted in spring " + "x" * 200 + "\n")
    with pytest.raises(CommandError, match=r"Nothing was imported: 2 .*--lenient"):
        call_command("import_journal", river)
    out, err = capsys.readouterr()

    assert out == ""
    assert "line 59: Printed in spring …" in err
    assert "line 34: nothing says what 0 means here" in err
    assert not Review.objects.exists()


def test_import_when_lenient_keeps_what_it_can_place(river: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start, end = PLAIN.index("Lanterns"), PLAIN.index("Making progress", PLAIN.index("Lanterns"))
    river.write_text(PLAIN[:start] + PLAIN[end:] + "\nPrinted in spring\n")
    call_command("import_journal", river, lenient=True)
    out, err = capsys.readouterr()

    assert "Printed in spring" in err
    assert "2 deliverables, 3 scales, 4 comments, 3 imperatives" in out
    assert [row.name for row in Workshop.objects.get().edition.deliverables.all()] == [
        "Boats and bridges",
        "Unnamed deliverable",
    ]


def test_import_reads_a_journal_with_the_least_in_it(river: Path) -> None:
    river.write_text("Being at the goal\n10 - a\n0 - b\nMaking progress towards the goal\n10 - c\n0 - d\n")
    call_command("import_journal", river, lenient=True)
    edition = Workshop.objects.get().edition

    assert (edition.title, edition.epigraph, edition.epigraph_by) == ("Imported journal", "", "")
    assert edition.imperative_question == "What must happen next?"


def test_import_gives_deliverables_of_one_name_keys_of_their_own(river: Path) -> None:
    river.write_text(PLAIN.replace("Lanterns", "Boats and bridges"))
    call_command("import_journal", river)

    assert len(set(Workshop.objects.get().edition.deliverables.values_list("key", flat=True))) == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        ("\ufeff \n\xa0\n".encode(), "is empty"),
        (b"PK\x03\x04\x00\x00", "is not plain text"),
        (b"\x81\x8d\xff", "is not plain text"),
        (b"Dear all,\n\nsee you on Monday.\n", "has no deliverable"),
    ],
)
def test_import_refuses_what_is_no_journal(river: Path, data: bytes, sentence: str) -> None:
    river.write_bytes(data)

    with pytest.raises(CommandError, match=sentence):
        call_command("import_journal", river, lenient=True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"facilitator": "nobody"}, "no user “nobody”"),
        ({"title": "x" * 121}, "--title may have 120 characters; this has 121"),
        ({"organisation": "x" * 121}, "--organisation may have 120 characters; this has 121"),
    ],
)
def test_import_refuses_options_that_cannot_be(river: Path, options: dict[str, str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("import_journal", river, **options)

    assert not Review.objects.exists()


def test_import_says_why_a_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_journal", tmp_path / "nowhere.txt")
    with pytest.raises(CommandError, match="directory"):
        call_command("import_journal", tmp_path)


def test_import_says_how_to_write_a_date(river: Path) -> None:
    with pytest.raises(CommandError, match="write the date as YYYY-MM-DD"):
        call_command("import_journal", river, "--date", "yesterday")

    call_command("import_journal", river, "--date", "2019-12-31")
    assert Workshop.objects.get().date == datetime.date(2019, 12, 31)


def test_import_of_the_seed_prints_its_totals(capsys: pytest.CaptureFixture[str]) -> None:
    if not SEED.exists():
        pytest.skip("the document this product was asked from is not beside the repository")
    call_command("import_journal", SEED)
    *deliverables, totals, code = capsys.readouterr().out.splitlines()

    assert len(deliverables) == 3
    assert totals == "3 deliverables, 6 scales, 129 comments, 33 imperatives"
    assert (Comment.objects.count(), Imperative.objects.count()) == (129, 33)
    assert Workshop.objects.get(code=code).is_closed
