"""Read a journal kept as plain text into a frozen description of it. Pure: no database, no files.

A journal goes: title and epigraph; for each deliverable its name, "Being at the goal" and "Making progress towards the
goal", each with anchors for 10 and 0, the question and the comments as bullets, and a heading for the RAG rating; then
the question for the imperatives, and these as bullets. Whatever has no place in that order is returned as unplaced.
Before it may stand where and when it was (`reading/facts.py`); after the epigraph an introduction, and after the
imperatives a glossary, each under a heading.
"""

from __future__ import annotations

import codecs
import datetime
import re
from collections.abc import Iterable

from ratings.journal.reading import content
from ratings.journal.reading.content import Entry, ReadDeliverable, ReadJournal, ReadScale, ReadTerm
from ratings.journal.reading.escapes import unescape
from ratings.journal.reading.facts import split_facts
from ratings.journal.reading.lines import Kind, Line, read_lines, split_navigation
from ratings.journal.reading.placing import Item, PlacedDeliverable, PlacedScale, Placing
from workshops.choices import ScaleKind

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(
    r"\b(?P<iso>\d{4}-\d{2}-\d{2})\b"
    r"|(?:\b(?P<day>\d{1,2})(?:st|nd|rd|th)? )?\b(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May"
    r"|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?),? (?P<year>\d{4})\b"
)
_TERM = re.compile(r"\*\*(?P<term>[^*]+)\*\* [-–] (?P<meaning>.+)")
QUOTED = "> "
"""Stands before a comment that is set large, in a journal with facts before it; by hand it is a sign for more than."""


class UnreadableText(Exception):
    """The bytes are not text in an encoding that we know."""


def decode_journal(data: bytes) -> str:
    """Return the text of a file: UTF-8 with or without a mark, UTF-16 with one, else cp1252. Raises UnreadableText."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableText


def read_journal(text: str) -> ReadJournal:
    """Read a journal. Every word is in the result, but for known headings and the question over the comments.

    Words longer than their place allows (`content`) are unplaced; what a whole journal would have is in `gaps`.
    """
    facts, others, text = split_facts(text)
    lines, navigation = split_navigation(read_lines(text))
    placing, fit = Placing(lines), _Fitting()
    dated = [facts[content.DATE].text] if content.DATE in facts else []
    preamble = _entries(placing.preamble)
    epigraph = preamble[1:]
    quoted, by = (epigraph[:-1], epigraph[-1].text) if len(epigraph) > 1 else (epigraph, "")
    if len("\n".join(entry.text for entry in quoted)) > content.EPIGRAPH_MAX or len(by) > content.BY_MAX:
        fit.over += epigraph
        epigraph = ()
    deliverables = tuple(_deliverable(placed, fit, marks_quotes=bool(facts)) for placed in placing.deliverables)
    introduction = fit.entry(_introduction(placing.introduction), content.INTRODUCTION_MAX)
    question = fit.item(placing.question, content.QUESTION_MAX)
    imperatives = fit.items(placing.imperatives, content.IMPERATIVE_MAX)
    glossary = tuple(_glossary(placing.glossary, fit))
    return ReadJournal(
        title=fit.entry(preamble[0], content.TITLE_MAX) if preamble else None,
        epigraph=epigraph,
        deliverables=deliverables,
        question=question,
        imperatives=imperatives,
        navigation=_entries(navigation),
        unplaced=tuple(sorted([*others, *_unplaced(placing.unplaced), *fit.over], key=_line)),
        gaps=tuple(_gaps(deliverables)),
        date=find_date([*dated, *(line.words for line in (*placing.preamble, *navigation))]),
        facts={name: fact.text for name, fact in facts.items() if name in content.FACTS},
        introduction=introduction,
        glossary=glossary,
    )


def find_date(texts: Iterable[str]) -> datetime.date | None:
    """Return the first date named in the texts: 2018-10-14, 14 October 2018, or October 2018 for the first of it."""
    for match in (match for text in texts for match in _DATE.finditer(text)):
        try:
            if match["iso"]:
                return datetime.date.fromisoformat(match["iso"])
            return datetime.date(
                int(match["year"]), _MONTHS.index(match["month"][:3].lower()) + 1, int(match["day"] or 1)
            )
        except ValueError:
            continue
    return None


class _Fitting:
    """Lets through what fits its place; keeps what is too long in `over`."""

    def __init__(self) -> None:
        self.over: list[Entry] = []

    def entry(self, entry: Entry | None, longest: int) -> Entry | None:
        """Return the entry; None when it says nothing or more than `longest` characters."""
        if entry is not None and len(entry.text) > longest:
            self.over.append(entry)
            return None
        return entry if entry is not None and entry.text else None

    def item(self, item: Item | None, longest: int) -> Entry | None:
        """Return a gathered item as an entry."""
        return self.entry(Entry(item.line, unescape(item.text)), longest) if item else None

    def items(self, items: Iterable[Item], longest: int) -> tuple[Entry, ...]:
        """Return those of the items that fit."""
        return tuple(entry for item in items if (entry := self.item(item, longest)))


def _introduction(lines: Iterable[Line]) -> Entry | None:
    """Return the introduction, its paragraphs parted by an empty line as they were; None where there is none."""
    words, first = "", None
    for line in lines:
        first = first or line.number
        words += (("\n\n" if line.after_blank else " ") if words else "") + unescape(line.words)
    return Entry(first, words) if first else None


def _glossary(items: Iterable[Item], fit: _Fitting) -> Iterable[ReadTerm]:
    """Yield each term the first time that it is explained; what explains none is kept as too much."""
    seen: set[str] = set()
    for item in items:
        found = _TERM.fullmatch(item.text)
        term, meaning = (unescape(found["term"]), unescape(found["meaning"])) if found else ("", "")
        if not term or term in seen or len(term) > content.TERM_MAX or len(meaning) > content.MEANING_MAX:
            fit.over.append(Entry(item.line, item.text))
        else:
            seen.add(term)
            yield ReadTerm(item.line, term, meaning)


def _deliverable(placed: PlacedDeliverable, fit: _Fitting, *, marks_quotes: bool) -> ReadDeliverable:
    name = fit.entry(_entries([placed.name])[0], content.NAME_MAX) if placed.name else None
    lead = Item(placed.lead[0].number, [line.words for line in placed.lead]) if placed.lead else None
    return ReadDeliverable(
        name=name or Entry(placed.line, ""),
        lead=fit.item(lead, content.LEAD_MAX),
        scales=tuple(_scale(scale, fit, marks_quotes=marks_quotes) for scale in placed.scales.values()),
    )


def _scale(placed: PlacedScale, fit: _Fitting, *, marks_quotes: bool) -> ReadScale:
    """Return a scale; the mark of what is set large is taken off where it is known to be one."""
    quoted = [item for item in placed.comments if marks_quotes and item.parts[0].startswith(QUOTED)]
    for item in quoted:
        item.parts[0] = item.parts[0].removeprefix(QUOTED)
    return ReadScale(
        kind=placed.kind,
        line=placed.line,
        ten=fit.item(placed.anchors.get(Kind.TEN), content.ANCHOR_MAX),
        zero=fit.item(placed.anchors.get(Kind.ZERO), content.ANCHOR_MAX),
        comments=fit.items(placed.comments, content.COMMENT_MAX),
        quoted=tuple(item.line for item in quoted),
    )


def _gaps(deliverables: Iterable[ReadDeliverable]) -> Iterable[Entry]:
    for deliverable in deliverables:
        if not deliverable.name.text:
            yield Entry(deliverable.name.line, "no deliverable’s name stands before this heading")
        for kind in ScaleKind:
            if deliverable.scale(kind) is None:
                yield Entry(deliverable.name.line, f"this deliverable has no “{kind.label}”")
        for scale in deliverable.scales:
            for end, anchor in (("10", scale.ten), ("0", scale.zero)):
                if anchor is None:
                    yield Entry(scale.line, f"nothing says what {end} means here")


def _entries(lines: Iterable[Line]) -> tuple[Entry, ...]:
    return tuple(Entry(line.number, unescape(line.words)) for line in lines)


def _unplaced(lines: Iterable[Line]) -> Iterable[Entry]:
    return (Entry(line.number, line.text) for line in lines)


def _line(entry: Entry) -> int:
    return entry.line
