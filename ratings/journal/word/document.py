"""The journal as a Word file: an editable copy with Word's own headings, lists and tables, in the journal's order."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from docx.shared import Mm

from ratings.charts import ChartView
from ratings.charts.words import number
from ratings.choices import Mark
from ratings.journal.archive import moment, settle_archive
from ratings.journal.build import THEME, ImperativeLine, Journal, MarkedComments
from ratings.journal.pages import PAPER, DeliverableView, JournalView, ScaleView, view_journal
from ratings.journal.text import legible_journal
from ratings.journal.word.pieces import Pieces
from ratings.journal.word.styles import ANCHOR, LANGUAGE, NOTE, PULL, STANDFIRST

GENERATOR = "Midpoint"
NONE = "·"
MAP_WIDTH = Mm(148)
"""With which the map, its words and a few rows of its table stand on one page."""
AGREEMENT_WIDTHS, MARKS_WIDTHS = [56.0, 24.0, 20.0, 26.0, 24.0, 18.0], [54.0, *[19.0] * 6]
"""Of the columns of the tables that compare all deliverables, in mm."""


def journal_docx(journal: Journal) -> bytes:
    """Return the journal as a Word file; the same journal gives the same bytes."""
    clean = legible_journal(journal)
    writer = _Writer(view_journal(clean, replace(PAPER, has_pages=False)))
    writer.write()
    out = io.BytesIO()
    writer.to.document.save(out)
    return settle_archive(out.getvalue(), journal.date)


class _Writer:
    """Writes one journal, from its first page to its last."""

    def __init__(self, view: JournalView) -> None:
        self.view, self.journal, self.to = view, view.journal, Pieces()

    def write(self) -> None:
        """Write it all."""
        self._properties()
        self._front()
        deepest = 1 if self.view.is_long else 2
        entries = [(n, *each) for n, each in enumerate(self._headings(), start=1) if each[0] <= deepest]
        self.to.contents(_("Contents"), entries, deepest=deepest)
        self._introduction()
        self._glance()
        for page in self.view.deliverables:
            self._deliverable(page)
        self._map()
        self._comparisons()
        self._imperatives()
        self._glossary()
        self._method()

    def _properties(self) -> None:
        journal, core = self.journal, self.to.document.core_properties
        when = moment(journal.date).replace(tzinfo=None)
        core.title, core.author, core.subject = journal.title[:255], journal.organisation[:255], journal.subtitle[:255]
        core.language, core.created, core.modified = LANGUAGE, when, when
        core.last_modified_by, core.comments, core.revision = GENERATOR, "", 1
        core.keywords = f"SHA-256 {journal.signature.digits}" if journal.signature else ""

    def _front(self) -> None:
        journal = self.journal
        state = ""
        if journal.is_rehearsal:
            state = _("Rehearsal: made-up answers")
        elif not journal.is_closed:
            state = _("While the workshop runs")
        elif journal.signature:
            state = _("Edition %(n)d, signed off") % {"n": journal.signature.number}
        self.to.say(journal.organisation, bold=f"{state}  " if state else "")
        self.to.say(journal.title, "Title")
        if journal.subtitle:
            self.to.say(journal.subtitle, "Subtitle")
        where = " · ".join(part for part in (_day(journal.date), journal.venue) if part)
        people = ngettext("%(n)s person took part", "%(n)s people took part", journal.people or 0)
        self.to.say(where)
        if journal.people:
            self.to.say(people % {"n": journal.people})
        if journal.epigraph:
            self.to.say(journal.epigraph, "Quote")
            if journal.epigraph_by:
                self.to.say(journal.epigraph_by, NOTE)
        self.to.frame(f"{journal.title} · {journal.organisation}", _("Page {page} of {pages}"))

    def _headings(self) -> Iterator[tuple[int, str]]:
        """Yield the level and the words of each heading in the order they are written, for the contents."""
        if self.journal.paragraphs:
            yield 1, _("Introduction")
        yield 1, _("At a glance")
        for each in self.view.deliverables:
            yield 1, _heading(each)
            for scale in each.scales:
                yield 2, scale.page.name
                yield from ((3, group.name) for group in scale.page.groups if group.name)
            if each.rag or each.page.rag.withheld:
                yield 2, _("Overall, how do people rate it?")
        if self.view.map:
            yield 1, _("Where the deliverables stand")
        yield from ((1, chart.title) for chart, *_rest in self._compared())
        if self.view.imperatives:
            yield 1, _("What must happen next")
        if self.journal.glossary:
            yield 1, _("Glossary")
        yield 1, _("How this journal was made")
        yield from ((2, title) for title, *_rest in self._numbers())

    def _introduction(self) -> None:
        if self.journal.paragraphs:
            self.to.head(_("Introduction"), 1, new_page=True)
        for paragraph in self.journal.paragraphs:
            self.to.say(paragraph.text)

    def _glance(self) -> None:
        self.to.head(_("At a glance"), 1, new_page=True)
        heads = [_("Deliverable"), _("Being at the goal"), _("Making progress")]
        if self.journal.has_rags:
            heads.append(_("Overall rating"))
        rows = [heads]
        for each in self.view.deliverables:
            row = [_heading(each), *(self._in_short(scale) for scale in each.scales)]
            rows.append([*row, _rated(each)] if self.journal.has_rags else row)
        self.to.table(_("At a glance"), rows, [54, 38, 38, 38] if self.journal.has_rags else [68, 50, 50])
        for remark in self.view.remarks:
            self.to.say(remark.text, bold=f"{remark.heading}  ")

    def _in_short(self, scale: ScaleView) -> str:
        """Return what a table has room for of one scale."""
        if scale.spread:
            return _("Median %(median)s, middle half %(low)s–%(high)s, %(n)s scores") % {
                "median": number(scale.spread.median),
                "low": number(scale.spread.q1),
                "high": number(scale.spread.q3),
                "n": scale.page.summary.n,
            }
        if scale.page.summary.withheld:
            return _("Too few to show")
        if self.journal.has_scores:
            return _("No scores")
        return _comments(len(scale.page.comments))

    def _deliverable(self, each: DeliverableView) -> None:
        self.to.head(_heading(each), 1, new_page=True)
        if each.page.lead:
            self.to.say(each.page.lead, STANDFIRST)
        self._quotes(each)
        for scale in each.scales:
            self._scale(each, scale)
        if each.rag or each.page.rag.withheld:
            self.to.head(_("Overall, how do people rate it?"), 2)
            if each.rag:
                self.to.picture(each.rag.scene, each.rag.title)
            self._tell(each.told)
            if each.rag:
                self.to.table(each.rag.title, [each.rag.head, *each.rag.rows], [50, 25])
            if each.page.rag.kept_words:
                self.to.say(each.page.rag.kept_words, NOTE)

    def _quotes(self, each: DeliverableView) -> None:
        if each.page.quotes:
            self.to.say(_("In the words of people who took part"), NOTE)
        for said in each.page.quotes:
            self.to.say(said.text, PULL)

    def _tell(self, told: Sequence[str]) -> None:
        """Write what a picture shows in sentences."""
        if told:
            self.to.say(" ".join(told))

    def _scale(self, each: DeliverableView, scale: ScaleView) -> None:
        summary = scale.page.summary
        self.to.head(scale.page.name, 2)
        if scale.spread and scale.strip:
            unsure = _("%(n)s can’t say") % {"n": summary.cant_say} if summary.cant_say else ""
            reach = _("lowest to highest %(low)s–%(high)s") % {"low": scale.spread.low, "high": scale.spread.high}
            self.to.say(", ".join(filter(None, [self._in_short(scale), reach, unsure])), NOTE)
            self.to.picture(scale.strip.scene, scale.strip.title)
            self._tell(scale.told)
            counts = _across([scale.strip.head, *scale.strip.rows])
            self.to.table(scale.strip.title, counts, [22, *[11] * 11, *[25] * (len(counts[0]) - 12)])
            if summary.waiting:
                self.to.say(summary.kept_words, NOTE)
        elif summary.withheld:
            self.to.say(summary.kept_words, NOTE)
        elif each.page.answered:
            unsure = ngettext("%(n)s person could not say.", "%(n)s people could not say.", summary.cant_say)
            told = unsure % {"n": summary.cant_say} if summary.cant_say else ""
            self.to.say(" ".join(filter(None, [_("Nobody gave a score."), told])), NOTE)
        for value, words in reversed(scale.bounds):
            self.to.say(words, ANCHOR, bold=f"{value}\t")
        for group in scale.page.groups:
            self._comments(group)
        if not scale.page.groups and not scale.strip:
            self.to.say(_("Nothing was said here."), NOTE)

    def _comments(self, group: MarkedComments) -> None:
        if group.name:
            self.to.head(group.name, 3)
        for said in group.comments:
            mark = str(Mark(said.mark).label) if group.mark == THEME and said.mark in Mark.values else ""
            self.to.say(said.text, "List Bullet", after=_aside(mark, said.how))

    def _map(self) -> None:
        if self.view.map:
            title = _("Where the deliverables stand")
            self.to.head(title, 1, new_page=True)
            self.to.say(_("Across: how near the goal. Upwards: how well we are moving."), STANDFIRST)
            self._tell(self.view.map_told)
            self.to.picture(self.view.map.scene, title, widest=MAP_WIDTH)
            self.to.table(title, [self.view.map.head, *self.view.map.rows], [68, 50, 50])

    def _comparisons(self) -> None:
        for chart, told, words, widths in self._compared():
            self.to.head(chart.title, 1, new_page=True)
            self._tell(told)
            self.to.picture(chart.scene, " ".join(render_to_string(words).split()))
            self.to.table(chart.title, [chart.head, *chart.rows], widths)

    def _compared(self) -> Iterator[tuple[ChartView, tuple[str, ...], str, list[float]]]:
        """Yield each picture of all deliverables, its sentences, the template of its caption, its table's widths."""
        agreement, marks = self.view.agreement, self.view.marks
        if agreement.chart:
            yield agreement.chart, agreement.told, "ratings/journal/_agreement_words.html", AGREEMENT_WIDTHS
        if marks.chart:
            yield marks.chart, marks.told, "ratings/journal/_marks_words.html", MARKS_WIDTHS

    def _glossary(self) -> None:
        if self.journal.glossary:
            self.to.head(_("Glossary"), 1, new_page=True)
        for each in self.journal.glossary:
            self.to.say(each.meaning, bold=f"{each.term}  ")

    def _imperatives(self) -> None:
        journal = self.journal
        if not self.view.imperatives:
            return
        self.to.head(_("What must happen next"), 1, new_page=True)
        self.to.say(journal.question, STANDFIRST)
        order = _("In order of the dots that people placed, three each.")
        told = order if journal.has_votes else _("In the order they were given.")
        self.to.say(f"{told} {journal.kept_dots}".strip(), NOTE)
        for each in self.view.imperatives:
            self.to.say(each.line.text, "List Number")
            for said in each.line.merged:
                self.to.say(said.text, "List Bullet 2", after=_aside(said.how))
            if notes := _notes(each.line):
                self.to.say(notes, "List Continue")

    def _method(self) -> None:
        self.to.head(_("How this journal was made"), 1, new_page=True)
        method = render_to_string("ratings/journal/_method.html", {"view": self.view})
        for paragraph in method.split("</p>"):
            if words := " ".join(html.unescape(strip_tags(paragraph)).split()):
                self.to.say(words)
        for title, rows, widths in self._numbers():
            self.to.head(title, 2)
            self.to.table(title, rows, widths)

    def _numbers(self) -> Iterator[tuple[str, list[list[str]], list[float]]]:
        """Yield the title, the rows and the widths of each table of numbers."""
        pages = self.view.deliverables
        if self.journal.has_scores:
            heads = [_("Scale"), *map(str, self.view.scores), _("Can’t say"), _("Median"), _("Mean"), "n"]
            rows = [
                [f"{each.page.no} {scale.page.name}", *_counted(scale)]
                for each in pages
                for scale in each.scales
                if scale.page.summary.answers
            ]
            yield _("Scores"), [heads, *rows], [38, *[7.5] * 11, 13, 15, 12, 7.5]
        if self.journal.has_groups:
            middle = [_("Middle half"), "n"]
            heads = [_("Deliverable"), _("Group"), _("Being at the goal"), *middle, _("Making progress"), *middle]
            rows = [
                [
                    _heading(each),
                    line.name,
                    *(
                        cell
                        for scores in line.scales
                        for cell in (
                            (
                                number(scores.spread.median),
                                f"{number(scores.spread.q1)}–{number(scores.spread.q3)}",
                                str(scores.n),
                            )
                            if scores.spread
                            else (NONE,) * 3
                        )
                    ),
                ]
                for each in pages
                for line in each.page.groups
            ]
            yield _("By group"), [heads, *rows], [40, 30, 20, 20, 10, 20, 20, 8]


def _heading(each: DeliverableView) -> str:
    return f"{each.page.no}  {each.page.name}"


def _day(day: object) -> str:
    return date_format(day, "j F Y")  # type: ignore[arg-type]


def _comments(n: int) -> str:
    return ngettext("%(n)s comment", "%(n)s comments", n) % {"n": n}


def _rated(each: DeliverableView) -> str:
    rag = each.page.rag
    if not rag.n:
        return _("Too few to show") if rag.withheld else _("No ratings")
    return ", ".join(f"{colour.label} {n}" for colour, n in rag.counts)


def _counted(scale: ScaleView) -> list[str]:
    summary, spread = scale.page.summary, scale.spread
    middle = [number(spread.median), f"{spread.mean:.1f}"] if spread else [NONE, NONE]
    return [*(str(count or NONE) for count in (*summary.counts, summary.cant_say)), *middle, str(summary.n)]


def _aside(*words: str) -> str:
    told = ", ".join(filter(None, words))
    return f" ({told})" if told else ""


def _across(rows: list[tuple[str, ...]]) -> list[list[str]]:
    """Return a table of two columns with its rows as columns, so that it takes two lines of a page."""
    return [list(row) for row in zip(*rows, strict=True)]


def _notes(line: ImperativeLine) -> str:
    """Return who does it by when, which deliverables it is for, and how many dots it has."""
    told = []
    if line.votes is not None:
        told.append(ngettext("%(n)s dot", "%(n)s dots", line.votes) % {"n": line.votes})
    if line.entered:
        told.append(ngettext("%(n)s dot on paper", "%(n)s dots on paper", line.entered) % {"n": line.entered})
    if line.owner:
        due = _("by %(date)s") % {"date": _day(line.due)} if line.due else ""
        told.append(", ".join(filter(None, [line.owner, due])))
    if line.deliverables:
        listed = ", ".join(map(str, line.deliverables))
        told.append(
            ngettext("Deliverable %(list)s", "Deliverables %(list)s", len(line.deliverables)) % {"list": listed}
        )
    return " · ".join([*told, *filter(None, [line.how])])
