"""A whole journal becomes a workshop elsewhere, whose journal says the same."""

from __future__ import annotations

import datetime
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from hypothesis import given, settings

from ratings.choices import Grouping, Mark
from ratings.imperatives import merge_imperatives
from ratings.journal.build import (
    THEME,
    Explained,
    ImperativeLine,
    Journal,
    MarkedComments,
    Moderated,
    Said,
    build_journal,
)
from ratings.journal.editing import save_notes
from ratings.journal.groups import GroupLine, GroupScores, Middle
from ratings.journal.notes import read_notes
from ratings.journal.record import journal_json, read_json
from ratings.models import Comment, Imperative, Score, Theme
from ratings.restoring import restore_journal
from ratings.sealing import seal_workshop
from tests import factories
from tests.ratings.journal.edited import edit, place, quote, to_edit
from tests.ratings.journal.printed import journals, with_words
from tests.ratings.journal.shapes import SHAPES, journal_of
from tests.ratings.journal.told import told_in_numbers
from workshops.models import Workshop
from workshops.sessions import Sealed

pytestmark = pytest.mark.django_db


def as_restored(journal: Journal) -> Journal:
    """Return a journal without what cannot come along."""
    return replace(
        journal,
        deliverables=tuple(replace(page, groups=()) for page in journal.deliverables),
        moderated_comments=Moderated(),
        moderated_imperatives=Moderated(),
    )


@settings(max_examples=10, deadline=None, derandomize=True)
@given(journals())
def test_journal_of_a_restored_workshop_is_the_same_journal(journal: Journal) -> None:
    with transaction.atomic():
        workshop = restore_journal(journal=journal)
        again = build_journal(workshop)
        transaction.set_rollback(True)
    assert asdict(replace(again, code=journal.code)) == asdict(as_restored(journal))


def record(path: Path, journal: Journal) -> Path:
    """Write a journal's record to a file."""
    path.write_text(journal_json(journal))
    return path


def test_command_takes_a_workshop_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workshop = told_in_numbers()
    seal_workshop(workshop=workshop)
    journal = build_journal(workshop)
    call_command("journal", workshop.code, "--output", str(tmp_path / "journal.JSON"))
    user = factories.facilitator()
    capsys.readouterr()
    call_command("import_journal", tmp_path / "journal.JSON", facilitator=user.username)
    out, err = capsys.readouterr()
    *lines, totals, code = out.splitlines()
    assert lines[0] == "Deliverable 1: 2 scales, 10 comments (5 on being at the goal, 5 on making progress)"
    assert totals == "2 deliverables, 4 scales, 20 comments, 5 imperatives"
    assert err == ""
    other = Workshop.objects.get(code=code)
    assert other.is_sealed
    assert other.facilitators.get().user == user
    assert asdict(replace(build_journal(other), code=journal.code)) == asdict(journal)
    assert not Score.objects.filter(workshop=other).exclude(author=None).exists()


def test_command_says_what_does_not_come_along(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scores = GroupScores(6, Middle(5, 4, 6))
    journal = with_words("Boats")
    page = replace(journal.deliverables[0], groups=(GroupLine("East", scores, scores),))
    journal = replace(
        journal,
        deliverables=(page,),
        moderated_comments=Moderated(held=1, hidden=1, redacted=1),
        moderated_imperatives=Moderated(hidden=1),
    )
    path = record(tmp_path / "a.json", journal)
    call_command("import_journal", path, organisation="Elsewhere", title="Ships", date=datetime.date(2027, 1, 2))
    assert capsys.readouterr().err.splitlines() == [
        "Not in the new workshop:",
        "  what 1 group scored",
        "  that 3 comments and imperatives were held or hidden",
        "  that words were taken out of 1 comment or imperative",
    ]
    again = build_journal(Workshop.objects.get())
    assert (again.organisation, again.title, again.subtitle) == ("Elsewhere", "Ships", "Boats")
    assert again.date == datetime.date(2027, 1, 2)


def test_edited_journal_is_the_same_once_restored() -> None:
    workshop = to_edit()
    scale = factories.scale(workshop)
    deliverable = scale.deliverable
    theme = Theme.objects.create(workshop=workshop, deliverable=deliverable, name="Zeal", position=1)
    Theme.objects.create(workshop=workshop, deliverable=deliverable, name="Air", position=2)
    Comment.objects.filter(workshop=workshop, text__in=["Two", "Four"]).update(theme=theme)
    Comment.objects.filter(workshop=workshop, text="Five").update(mark=Mark.WORRY)
    Comment.objects.filter(workshop=workshop, text="Three").update(theme=Theme.objects.get(name="Air"))
    edit(workshop, lead="Another lead")
    place(workshop, Four=1)
    quote(workshop, "Three", "Two")
    notes = read_notes(workshop)
    for grouping in Grouping:
        read = read_notes(workshop).read
        changed = replace(
            notes, introduction="Hello.\n\nAgain.", epigraph="Mine", grouping=grouping, glossary=(("RAG", "A rating"),)
        )
        save_notes(workshop=workshop, notes=changed, read=read)
        journal = build_journal(workshop)
        assert len(journal.deliverables[0].quotes) == 2
        assert journal.deliverables[0].lead == "Another lead"
        again = build_journal(restore_journal(journal=read_json(journal_json(journal))))
        assert replace(again, code=journal.code) == replace(journal, code=journal.code)
    assert Comment.objects.filter(scale=scale, quoted=True).count() == 2


def test_themes_of_two_scales_stand_in_the_order_that_is_that_of_both() -> None:
    journal = with_words("Boats")
    page = journal.deliverables[0]
    orders = (("Tides", "Ropes"), ("Sails", "Oars", "Ropes", "Fog"))
    scales = tuple(
        replace(scale, groups=tuple(MarkedComments(THEME, name, "·", (Said(name),)) for name in names))
        for scale, names in zip(page.scales, orders, strict=True)
    )
    journal = replace(journal, deliverables=(replace(page, scales=scales),))
    again = build_journal(restore_journal(journal=journal))
    assert [tuple(group.name for group in scale.groups) for scale in again.deliverables[0].scales] == list(orders)


def test_dots_of_a_restored_workshop_cannot_be_counted_twice_by_merging() -> None:
    journal = journal_of(SHAPES["ordinary"])
    workshop = restore_journal(journal=journal)
    one, two = Imperative.objects.filter(workshop=workshop)[:2]
    with pytest.raises(Sealed):
        merge_imperatives(leading=one, others=[two])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"is_closed": False}, "while its workshop ran"),
        ({"title": "x" * 121}, "does not fit as edition title on the journal, with at most 120 characters: “xxx"),
        ({"venue": "a\0b"}, "does not fit as workshop venue"),
        ({"introduction": "x" * 6001}, "does not fit as journal notes introduction"),
        ({"glossary": (Explained("", "a"),)}, "does not fit as term term"),
        ({"glossary": (Explained("a", "b"), Explained("a", "c"))}, "more than once: “a”"),
        ({"imperatives": (ImperativeLine(1, "", "", (), None),)}, "does not fit as imperative text"),
        ({"imperatives": (ImperativeLine(1, "a", "dreamt", (), None),)}, "called “dreamt”"),
        ({"imperatives": (ImperativeLine(1, "a", "", (), 200_001),)}, "more answers"),
        ({"imperatives": (ImperativeLine(1, "a", "", (), -1),)}, "or fewer"),
    ],
)
def test_command_refuses_what_no_workshop_can_hold(change: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    path = record(tmp_path / "a.json", replace(with_words("Boats"), **change))
    with pytest.raises(CommandError, match=f"Nothing was imported. .*{sentence}"):
        call_command("import_journal", path)
    assert not Workshop.objects.exists()


def test_command_says_why_a_record_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"a\.json cannot be read: No such file"):
        call_command("import_journal", tmp_path / "a.json")
    (tmp_path / "a.json").write_text("Not JSON")
    with pytest.raises(CommandError, match=r"a\.json: This is no record of a journal"):
        call_command("import_journal", tmp_path / "a.json")
