"""The journal in Markdown: what it looks like, and that it is read back to the same words."""

from __future__ import annotations

import datetime
from dataclasses import asdict, replace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings

from ratings.importing import import_journal
from ratings.journal.build import Explained, ImperativeLine, Journal, MarkedComments, Moderated, Said, build_journal
from ratings.journal.markdown import journal_markdown
from ratings.journal.read import read_journal
from ratings.journal.reading.content import Entry, ReadJournal
from ratings.journal.reading.escapes import unescape
from ratings.summaries import RagSummary, ScaleSummary
from tests.ratings.journal.printed import LOOKS_LIKE, journals, with_words
from tests.ratings.journal.told import told_in_numbers
from tests.ratings.journal_texts import PLAIN


def words_of(journal: Journal) -> dict[str, Any]:
    """Return all words of a journal that its Markdown has."""
    return {
        "title": journal.title,
        "epigraph": [text for text in (journal.epigraph, journal.epigraph_by) if text],
        "facts": {
            name: value
            for name, value in (
                ("organisation", journal.organisation),
                ("venue", journal.venue),
                ("subtitle", journal.subtitle),
            )
            if value
        },
        "date": journal.date,
        "deliverables": [
            (
                page.name,
                page.lead,
                [
                    (
                        scale.kind,
                        scale.anchor_ten,
                        scale.anchor_zero,
                        [(said.text, said.quoted) for said in scale.comments],
                    )
                    for scale in page.scales
                ],
            )
            for page in journal.deliverables
        ],
        "introduction": journal.introduction,
        "glossary": [(each.term, each.meaning) for each in journal.glossary],
        "question": journal.question,
        "imperatives": [
            text for line in journal.imperatives for text in (line.text, *(said.text for said in line.merged))
        ],
    }


def words_read(journal: ReadJournal) -> dict[str, Any]:
    """Return the same of a journal that was read."""

    def text(entry: Entry | None) -> str:
        return entry.text if entry else ""

    return {
        "title": text(journal.title),
        "epigraph": [entry.text for entry in journal.epigraph],
        "facts": dict(journal.facts),
        "date": journal.date,
        "deliverables": [
            (
                each.name.text,
                text(each.lead),
                [
                    (s.kind, text(s.ten), text(s.zero), [(said.text, said.line in s.quoted) for said in s.comments])
                    for s in each.scales
                ],
            )
            for each in journal.deliverables
        ],
        "introduction": text(journal.introduction),
        "glossary": [(each.term, each.meaning) for each in journal.glossary],
        "question": text(journal.question),
        "imperatives": [entry.text for entry in journal.imperatives],
    }


@settings(max_examples=20, deadline=None, derandomize=True)
@given(journals())
def test_markdown_is_read_back_to_the_same_words(journal: Journal) -> None:
    read = read_journal(journal_markdown(journal))
    assert words_read(read) == words_of(journal)
    assert (read.unplaced, read.gaps, read.navigation) == ((), (), ())


@pytest.mark.parametrize("text", [*LOOKS_LIKE, "Introduction", "Glossary", "**Glossary** – all", "> 3 of us"])
def test_markdown_takes_no_words_for_a_mark(text: str) -> None:
    journal = replace(with_words(text), introduction=f"{text}\n\n\n{text}", glossary=(Explained(text, text),))
    for each in (journal, replace(journal, imperatives=())):
        read = read_journal(journal_markdown(each))
        assert words_read(read) == words_of(each)
        assert (read.unplaced, read.gaps, read.navigation) == ((), (), ())


@pytest.mark.django_db
def test_markdown_of_a_workshop_is_imported_to_the_same_words() -> None:
    journal = build_journal(told_in_numbers())
    read = read_journal(journal_markdown(journal))
    assert read.date is not None
    again = build_journal(import_journal(journal=read, date=read.date))
    assert words_of(again) == words_of(journal)
    assert journal_markdown(again) == journal_markdown(journal)


def words_alone(journal: Journal) -> Journal:
    """Return a journal without what Markdown has no place for: numbers, marks, themes, short names, decisions."""
    pages = tuple(
        replace(
            page,
            label=page.name,
            scales=tuple(
                replace(scale, summary=ScaleSummary(), groups=(MarkedComments("", "", "·", said),) if said else ())
                for scale in page.scales
                for said in [tuple(Said(each.text, quoted=each.quoted) for each in scale.comments)]
            ),
            rag=RagSummary(),
            groups=(),
        )
        for page in journal.deliverables
    )
    return replace(
        journal,
        people=None,
        deliverables=pages,
        imperatives=tuple(ImperativeLine(line.no, line.text, "", (), None) for line in journal.imperatives),
        moderated_comments=Moderated(),
        moderated_imperatives=Moderated(),
        entered=0,
        is_rehearsal=False,
        dots_withheld=0,
        dots_waiting=0,
    )


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, derandomize=True)
@given(journals())
def test_journal_of_words_is_the_same_journal_once_its_markdown_was_imported(journal: Journal) -> None:
    journal = words_alone(journal)
    with transaction.atomic():
        again = build_journal(import_journal(journal=read_journal(journal_markdown(journal)), date=journal.date))
        transaction.set_rollback(True)
    assert asdict(replace(again, code=journal.code)) == asdict(journal)


def test_markdown_looks_as_somebody_would_write_it() -> None:
    journal = with_words("Boats")
    page = replace(journal.deliverables[0], lead="They cross.")
    assert journal_markdown(replace(journal, deliverables=(page,), epigraph="", subtitle="")).split("\n\n") == [
        '---\norganisation: "Boats"\nvenue: "Boats"\ndate: "2026-05-14"\n---',
        "# Boats",
        "## Boats",
        "They cross.",
        "### Being at the goal",
        "**10** – Boats",
        "**0** – Boats",
        "Where would you rate the situation today?",
        "- Boats\n- Boats",
        "### Making progress towards the goal",
        "**10** – Boats",
        "**0** – Boats",
        "Where would you rate the situation today?",
        "- Boats\n- Boats",
        "### RAG rating",
        "## Imperatives",
        "Boats",
        "- Boats\n",
    ]


@pytest.mark.parametrize(
    ("before", "facts", "date", "unplaced"),
    [
        ("---\norganisation: Ferry Board\n---\n", {"organisation": "Ferry Board"}, None, []),
        ("---\r\ndate: 2020-02-03\r\n\r\nvenue:\r\n---\r\n", {"venue": ""}, datetime.date(2020, 2, 3), []),
        ('\ufeff---\nsubtitle: "a\\nb"\nvenue: 12\n---\n', {"subtitle": "a\nb", "venue": "12"}, None, []),
        ("---\nlayout: post\ndate: tomorrow\n---\n", {}, None, [(2, "layout: post"), (3, "date: tomorrow")]),
        (f"---\nvenue: {'x' * 161}\n---\n", {}, None, [(2, f"venue: {'x' * 161}")]),
        ("---\n", {}, None, []),
    ],
)
def test_facts_before_a_journal_are_read(
    before: str, facts: dict[str, str], date: datetime.date | None, unplaced: list[tuple[int, str]]
) -> None:
    read = read_journal(before + PLAIN)
    assert (read.facts, read.date) == (facts, date)
    assert [(entry.line, entry.text) for entry in read.unplaced] == unplaced
    assert read.title is not None
    assert (read.title.text, len(read.comments)) == ("Where the river bends", 5)


def test_lines_between_rules_that_are_no_facts_stay_in_the_journal() -> None:
    read = read_journal(f"---\nThe board asks\n---\n{PLAIN}")
    assert read.title == Entry(2, "The board asks")
    assert read.facts == {}


def test_references_to_no_character_stay_as_they_are() -> None:
    assert unescape("&#0; &#55296; &#9999999; &#65;<br>") == "&#0; &#55296; &#9999999; A\n"


def test_the_one_who_said_the_epigraph_has_a_place_of_a_certain_length() -> None:
    fitting, too_long = (PLAIN.replace("A ferryman", "x" * length) for length in (120, 121))
    assert read_journal(fitting).unplaced == ()
    assert [entry.line for entry in read_journal(too_long).unplaced] == [3, 4]


FACTS = '---\nvenue: "Hall"\n---\n'
ADDED = """
## Introduction

We met twice,
and once more.

It rained.

"""


def test_what_a_facilitator_added_is_written_as_somebody_would() -> None:
    journal = with_words("Boats")
    scale = journal.deliverables[0].scales[0]
    large = replace(scale, groups=(MarkedComments("", "", "·", (Said("Oars", quoted=True), Said("Sails"))),))
    page = replace(journal.deliverables[0], scales=(large,))
    edited = replace(
        journal, deliverables=(page,), introduction="One.\n\nTwo.", glossary=(Explained("Oar", "What one pulls"),)
    )
    blocks = journal_markdown(edited).split("\n\n")
    assert blocks[4:7] == ["## Introduction", "One.", "Two."]
    assert "- > Oars\n- Sails" in blocks
    assert blocks[-2:] == ["## Glossary", "- **Oar** – What one pulls\n"]


def test_introduction_written_by_hand_has_its_paragraphs() -> None:
    read = read_journal(PLAIN.replace("\nBoats and bridges\n", f"{ADDED}## Boats and bridges\n"))
    assert read.introduction == Entry(8, "We met twice, and once more.\n\nIt rained.")
    assert [entry.text for entry in read.epigraph] == ["Slowly, and then all at once.", "A ferryman"]
    assert (read.deliverables[0].name.text, read.unplaced) == ("Boats and bridges", ())


def test_introduction_that_is_too_long_is_not_placed() -> None:
    added = ADDED.replace("It rained.", "x" * 6000)
    read = read_journal(PLAIN.replace("\nBoats and bridges\n", f"{added}## Boats and bridges\n"))
    assert read.introduction is None
    assert [entry.line for entry in read.unplaced] == [8]


def test_deliverable_may_be_called_as_what_a_facilitator_adds() -> None:
    read = read_journal(PLAIN.replace("Boats and bridges", "## Introduction").replace("Lanterns", "## Glossary"))
    assert [each.name.text for each in read.deliverables] == ["Introduction", "Glossary"]
    assert (read.introduction, read.glossary, read.unplaced) == (None, (), ())


def test_more_than_is_a_quotation_only_where_facts_stand_before_the_journal() -> None:
    text = PLAIN.replace("• Two piers stand", "- > 2 piers stand")
    by_hand, written = (read_journal(before + text).deliverables[0].scales[1] for before in ("", FACTS))
    assert ([entry.text for entry in by_hand.comments], by_hand.quoted) == (["> 2 piers stand"], ())
    assert [entry.text for entry in written.comments] == ["2 piers stand"]
    assert written.quoted == (written.comments[0].line,)


@pytest.mark.parametrize(
    "bullet", ["- Oar", "- **Oar**", f"- **{'x' * 81}** – a", f"- **a** – {'x' * 501}", "- **Rope** – again"]
)
def test_glossary_keeps_what_explains_no_term_as_unplaced(bullet: str) -> None:
    read = read_journal(f"{PLAIN}\n## Glossary\n\n- **Rope** – tied\n{bullet}\n")
    assert [(each.term, each.meaning) for each in read.glossary] == [("Rope", "tied")]
    assert [entry.text for entry in read.unplaced] == [bullet.removeprefix("- ")]
    assert "Rope" not in [entry.text for entry in read.imperatives]
