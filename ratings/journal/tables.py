"""The journal's data as tables, for a spreadsheet and for statistics: what each holds, and its rows.

One row is one answer, yet says no more than how many gave it: rows stand in the order of the answers, and nothing in
them leads from one to another or to a person. How many answers came aloud is told for each question, not for an answer.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_noop as _

from ratings.charts import rank_scales
from ratings.charts.ranking import RankedScale
from ratings.choices import Mark
from ratings.journal.build import HIGHER, THEME, Journal, ScalePage
from ratings.journal.groups import GroupScores
from ratings.spreadsheets import plain_cell
from ratings.summaries import RagSummary, ScaleSummary, Spread
from workshops.choices import ScaleKind

Value = str | int | float | datetime.date | None
RAG = "rag"
UNSURE = "can't say"


@dataclass(frozen=True)
class Column:
    """A column: its name in the file, what it means, its values or unit, and how many letters wide it is shown."""

    name: str
    meaning: str
    values: str = _("text")
    width: int = 12


@dataclass(frozen=True)
class Table:
    """A table of the journal: what it is called, what a row is, and its columns."""

    name: str
    row: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...] = field(default=(), repr=False)


NO = Column("deliverable_no", _("the deliverable’s number in this journal"), "1, 2, 3 …", 16)
NAME = Column("deliverable", _("the deliverable’s name"), width=40)
QUESTION = Column("question", _("what was asked"), "being, progress, rag", 12)
N = Column("n", _("how many gave a score or a colour; “can’t say” is not one"), _("people"), 8)
MIDDLE = (
    Column("median", _("the middle score"), _("0 to 10, in halves"), 9),
    Column("middle_low", _("where the middle half of the scores begins"), _("0 to 10, in halves")),
    Column("middle_high", _("where the middle half of the scores ends"), _("0 to 10, in halves")),
)
SAID = Column("came", _("how it came, where a facilitator wrote it down"), _("said aloud, on paper; else empty"))
ANSWERS = Table(
    "Answers",
    _("One answer to one question; rows are in the order of the answers, never of the people."),
    (
        NO,
        NAME,
        QUESTION,
        Column("answer", _("what was answered"), "0 to 10; red, amber, green; can't say"),
    ),
)
COMMENTS = Table(
    "Comments",
    _("One comment that is printed, in the words given."),
    (
        NO,
        NAME,
        QUESTION,
        Column("comment", _("the words"), width=80),
        Column("mark", _("what it speaks of"), "well, worry, next, higher; else empty", 10),
        Column("theme", _("what a facilitator grouped it under"), width=24),
        Column("quoted", _("whether a facilitator set it large as well"), _("yes; else empty"), 8),
        SAID,
    ),
)
IMPERATIVES = Table(
    "Imperatives",
    _("One imperative that is printed, in the words given."),
    (
        Column("place", _("its place in the journal’s order"), "1, 2, 3 …", 8),
        Column("imperative", _("the words"), width=80),
        Column(
            "merged", _("whether it stands with the imperative at this place, as it says the same"), "yes; else empty"
        ),
        Column("deliverables", _("the deliverables it is for, by number"), _("numbers with commas between"), 14),
        Column("dots", _("how many dots were placed on it"), _("dots; empty where none may be shown"), 8),
        Column("dots_on_paper", _("how many of the dots came on paper"), _("dots"), 15),
        Column("owner", _("who does it"), width=24),
        Column("due", _("by when"), _("a date")),
        SAID,
    ),
)
NUMBERS = Table(
    "Numbers",
    _("One question about one deliverable, and what its answers add up to."),
    (
        NO,
        NAME,
        QUESTION,
        N,
        Column("cant_say", _("how many could not say"), _("people"), 10),
        *MIDDLE,
        Column("lowest", _("the lowest score"), "0 to 10", 9),
        Column("highest", _("the highest score"), "0 to 10", 9),
        Column("mean", _("the mean of the scores"), _("0 to 10, to two decimals"), 9),
        Column("width", _("how wide the middle half is, where at least four gave a score"), _("points, in halves"), 8),
        Column(
            "distance",
            _("how far scores lie from their median on average, where at least four gave one"),
            _("points, to two decimals"),
            10,
        ),
        Column("red", _("how many rated it red"), _("people"), 8),
        Column("amber", _("how many rated it amber"), _("people"), 8),
        Column("green", _("how many rated it green"), _("people"), 8),
        Column("entered", _("how many answers came aloud or on paper"), _("people"), 10),
        Column("withheld", _("how many answered where that is too few to show how"), _("people"), 10),
        Column("waiting", _("how many answered later than what is shown"), _("people"), 10),
        Column("comments", _("how many comments are printed"), _("comments, not people"), 10),
        Column("well", _("how many of them are marked as working well"), _("comments"), 8),
        Column("worry", _("how many of them are marked as a worry"), _("comments"), 8),
        Column("next", _("how many of them are marked as a next step"), _("comments"), 8),
        Column("higher", _("how many of them say what one point higher would look like"), _("comments"), 8),
    ),
)
GROUPS = Table(
    "Groups",
    _("One group’s scores on one question, where they may be shown."),
    (NO, NAME, QUESTION, Column("group", _("the group"), width=30), N, *MIDDLE),
)
WORDS = Table(
    "Words",
    _("Words that are the facilitator’s or the review’s, and nobody’s answer."),
    (
        Column("what", _("what they are"), "epigraph, introduction, lead, term", 14),
        Column("about", _("what they are about: a deliverable’s number, a term, or who said the epigraph"), width=30),
        Column("words", _("the words; of an introduction one paragraph"), width=80),
    ),
)
CODEBOOK = Table(
    "Codebook",
    _("One column of these tables."),
    (
        Column("table", _("the table")),
        Column("column", _("the column"), width=16),
        Column("meaning", _("what it holds"), width=64),
        Column("values", _("which values it has, or what they count"), width=40),
    ),
)


def journal_tables(journal: Journal) -> list[Table]:
    """Return every table of the journal with its rows, the codebook last."""
    filled = [
        _with(ANSWERS, _answers(journal)),
        _with(COMMENTS, _comments(journal)),
        _with(IMPERATIVES, _imperatives(journal)),
        _with(NUMBERS, _numbers(journal)),
        _with(GROUPS, _groups(journal)),
        _with(WORDS, _words(journal)),
    ]
    return [*filled, _with(CODEBOOK, _codebook(filled))]


def answers_csv(journal: Journal) -> str:
    """Return the scores and the ratings, one row an answer; no cell is a formula to a spreadsheet."""
    return _csv(ANSWERS, _answers(journal))


def codebook_csv() -> str:
    """Return what each column of the tables means."""
    return _csv(CODEBOOK, _codebook([ANSWERS, COMMENTS, IMPERATIVES, NUMBERS, GROUPS, WORDS]))


def _with(table: Table, rows: Iterable[Sequence[Value]]) -> Table:
    return Table(table.name, table.row, table.columns, tuple(tuple(row) for row in rows))


def _csv(table: Table, rows: Iterable[Sequence[Value]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(column.name for column in table.columns)
    writer.writerows([plain_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()


def _answers(journal: Journal) -> Iterator[tuple[Value, ...]]:
    for page in journal.deliverables:
        given: list[tuple[str, Value, int]] = []
        for scale in page.scales:
            given += [(scale.kind.value, score, count) for score, count in enumerate(scale.summary.counts)]
            given.append((scale.kind.value, UNSURE, scale.summary.cant_say))
        given += [(RAG, colour.name.lower(), count) for colour, count in page.rag.counts]
        given.append((RAG, UNSURE, page.rag.cant_say))
        for question, answer, count in given:
            yield from [(page.no, page.name, question, answer)] * count


def _comments(journal: Journal) -> Iterator[tuple[Value, ...]]:
    known = {*Mark.values, HIGHER}
    for page in journal.deliverables:
        for scale in page.scales:
            for group in scale.groups:
                theme = group.name if group.mark == THEME else ""
                for said in group.comments:
                    mark = str(said.mark) if said.mark in known else ""
                    quoted = "yes" if said.quoted else ""
                    yield page.no, page.name, scale.kind.value, said.text, mark, theme, quoted, said.how


def _imperatives(journal: Journal) -> Iterator[tuple[Value, ...]]:
    for line in journal.imperatives:
        numbers = ", ".join(map(str, line.deliverables))
        yield line.no, line.text, "", numbers, line.votes, line.entered, line.owner, line.due, line.how
        for said in line.merged:
            yield line.no, said.text, "yes", "", None, None, "", None, said.how


def _numbers(journal: Journal) -> Iterator[tuple[Value, ...]]:
    ranked = {(scale.no, scale.kind): scale for scale in rank_scales(journal.deliverables).scales}
    for page in journal.deliverables:
        for scale in page.scales:
            yield (
                *(page.no, page.name, scale.kind.value),
                *_of_scale(scale.summary, ranked.get((page.no, scale.kind))),
                *_marked(scale),
            )
        yield page.no, page.name, RAG, *_of_rag(page.rag)


def _of_scale(summary: ScaleSummary, ranked: RankedScale | None) -> Iterator[Value]:
    spread = summary.spread
    yield from (summary.n, summary.cant_say)
    yield from _middle(spread)
    yield from (spread.low, spread.high, round(spread.mean, 2)) if spread else (None,) * 3
    yield from (ranked.spread.width, round(ranked.distance, 2)) if ranked else (None, None)
    yield from (None, None, None, summary.entered, summary.withheld, summary.waiting)


def _of_rag(rag: RagSummary) -> Iterator[Value]:
    yield from (rag.n, rag.cant_say, *(None,) * 8)
    yield from ((count if rag.n else None) for _colour, count in rag.counts)
    yield from (rag.entered, rag.withheld, rag.waiting, *(None,) * 5)


def _marked(scale: ScalePage) -> tuple[Value, ...]:
    """Return how many comments are printed on a scale, and how many of them have each mark."""
    marks = Counter(said.mark for said in scale.comments)
    return len(scale.comments), *(marks[mark] for mark in (*Mark, HIGHER))


def _middle(spread: Spread | None) -> tuple[Value, ...]:
    return (spread.median, spread.q1, spread.q3) if spread else (None,) * 3


def _groups(journal: Journal) -> Iterator[tuple[Value, ...]]:
    for page in journal.deliverables:
        for line in page.groups:
            for kind, scores in zip(ScaleKind, line.scales, strict=True):
                yield from _of_group(page.no, page.name, kind.value, line.name, scores)


def _of_group(no: int, name: str, question: str, group: str, scores: GroupScores) -> Iterator[tuple[Value, ...]]:
    if spread := scores.spread:
        yield no, name, question, group, scores.n, spread.median, spread.q1, spread.q3


def _words(journal: Journal) -> Iterator[tuple[Value, ...]]:
    if journal.epigraph:
        yield "epigraph", journal.epigraph_by, journal.epigraph
    yield from (("introduction", "", paragraph.text) for paragraph in journal.paragraphs)
    yield from (("lead", str(page.no), page.lead) for page in journal.deliverables if page.lead)
    yield from (("term", each.term, each.meaning) for each in journal.glossary)


def _codebook(tables: Iterable[Table]) -> Iterator[tuple[Value, ...]]:
    for table in tables:
        yield table.name, "", table.row, ""
        yield from ((table.name, column.name, column.meaning, column.values) for column in table.columns)
