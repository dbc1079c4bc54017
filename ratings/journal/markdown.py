"""The journal's words in Markdown, in the form that `read_journal` reads back. Its headings are the reader's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ratings.journal.build import DeliverablePage, Journal
from ratings.journal.read import QUOTED
from ratings.journal.reading.escapes import escape, escape_line
from ratings.journal.reading.facts import write_facts
from ratings.journal.reading.placing import GLOSSARY, INTRODUCTION
from workshops.choices import ScaleKind

HEADINGS = {ScaleKind.BEING: "Being at the goal", ScaleKind.PROGRESS: "Making progress towards the goal"}
_PARTED = re.compile(r"(?<=\S)\n\n(?=\S)")
QUESTION = "Where would you rate the situation today?"


def journal_markdown(journal: Journal) -> str:
    """Return every word of the journal as Markdown, each comment and imperative on a line of its own.

    What is set large of the comments is marked as quoted where it stands.
    Numbers, marks, themes and what was decided about imperatives have no place in this form: the data files have them.
    """
    return "\n\n".join(block for block in _blocks(journal) if block) + "\n"


def _blocks(journal: Journal) -> Iterator[str]:
    yield write_facts(
        {
            "organisation": journal.organisation,
            "venue": journal.venue,
            "date": journal.date.isoformat(),
            "subtitle": journal.subtitle,
            **_signature(journal),
        }
    )
    yield f"# {escape_line(journal.title)}"
    if journal.epigraph:
        yield f"> {escape_line(journal.epigraph)}"
        yield escape_line(journal.epigraph_by)
    if journal.introduction:
        yield f"## {INTRODUCTION}"
        yield from map(escape_line, _PARTED.split(journal.introduction))
    for page in journal.deliverables:
        yield from _deliverable(page)
    yield "## Imperatives"
    yield escape_line(journal.question)
    imperatives = [(line.text, *(said.text for said in line.merged)) for line in journal.imperatives]
    yield _bullets(text for texts in imperatives for text in texts)
    if journal.glossary:
        yield f"## {GLOSSARY}"
        yield "\n".join(f"- **{escape(each.term)}** – {escape(each.meaning)}" for each in journal.glossary)


def _signature(journal: Journal) -> dict[str, str]:
    """Return what is said of a signed journal, which is not what the reader makes a journal of."""
    signed = journal.signature
    if signed is None:
        return {}
    words = f"edition {signed.number}, {signed.name}, {signed.role}, {signed.on.isoformat()}"
    return {"signed_off": words, "fingerprint": signed.digits}


def _deliverable(page: DeliverablePage) -> Iterator[str]:
    yield f"## {escape_line(page.name)}"
    yield escape_line(page.lead)
    for scale in page.scales:
        yield f"### {HEADINGS[scale.kind]}"
        for value, anchor in ((10, scale.anchor_ten), (0, scale.anchor_zero)):
            yield f"**{value}** – {escape(anchor)}" if anchor else ""
        yield QUESTION
        yield "\n".join(f"- {QUOTED if said.quoted else ''}{escape(said.text)}" for said in scale.comments)
    yield "### RAG rating"


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join(f"- {escape(text)}" for text in texts)
