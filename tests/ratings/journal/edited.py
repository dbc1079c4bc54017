"""A workshop whose journal is edited, and what can be read of it."""

from __future__ import annotations

from typing import Any

from ratings.journal.build import Journal, build_journal
from ratings.journal.chapter import Line, read_chapter
from ratings.journal.editing import ChapterEdit, save_chapter
from tests import factories
from tests.ratings.journal.told import close
from workshops.models import Workshop

SAID = ("One", "Two", "Three", "Four", "Five")


def to_edit() -> Workshop:
    """Return a closed workshop with five comments on its first scale, whose review has an epigraph."""
    made = factories.workshop(by=factories.facilitator("ann"))
    edition = made.edition
    edition.epigraph, edition.epigraph_by = "Ask twice.", "A saying"
    edition.save()
    for text in SAID:
        factories.comment(made, factories.scale(made), text)
    return close(made)


def lines(of: Workshop) -> dict[str, Line]:
    """Return the lines of the first deliverable by their words, in order."""
    return {line.comment.text: line for line in read_chapter(of, of.edition.deliverables.all()[0]).lines}


def printed(of: Workshop) -> list[str]:
    """Return the comments on the first scale as they are printed."""
    return [said.text for said in build_journal(of).deliverables[0].scales[0].comments]


def edit(of: Workshop, *, lead: str | None = None, **changes: Any) -> None:
    """Save changes to the first deliverable, as it is read now."""
    deliverable = of.edition.deliverables.all()[0]
    chapter = read_chapter(of, deliverable)
    whole = ChapterEdit(lead=chapter.lead if lead is None else lead, **changes)
    save_chapter(workshop=of, deliverable=deliverable, edit=whole, read=chapter.read)


def place(of: Workshop, **places: int) -> None:
    """Put comments, by their words, to places."""
    edit(of, places={lines(of)[text].key: number for text, number in places.items()})


def quote(of: Workshop, *texts: str) -> None:
    """Set these comments large and no others."""
    edit(of, quoted={line.key: text in texts for text, line in lines(of).items()})


def large(journal: Journal) -> list[str]:
    """Return what is set large of the first deliverable."""
    return [said.text for said in journal.deliverables[0].quotes]
