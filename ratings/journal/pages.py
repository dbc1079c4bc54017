"""What the journal's pages show: the journal with its charts, for paper or for a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.charts import (
    CELL,
    DARK,
    DESK,
    LETTERED,
    PRINT,
    ChartView,
    Form,
    Scene,
    cover_of_scores,
    cover_of_voices,
    key_strip,
    mini_strip,
    quadrant,
    rag_bar,
    rag_mini,
    strip,
    voices,
    votes,
)
from ratings.charts.comparing import tell_map
from ratings.charts.strip import TONES
from ratings.charts.telling import listed, tell_rag, tell_scale
from ratings.charts.words import number
from ratings.journal.build import DeliverablePage, ImperativeLine, Journal, Said, ScalePage
from ratings.journal.comparisons import Comparison, compare_agreement, compare_marks
from ratings.summaries import Spread
from workshops.choices import ScaleKind

PAGE_ROOM = 250
"""Millimetres of height on a page of print."""
CLOSER = 22
"""Millimetres that a page of comments gains where they are set closer."""
LEAST_STRIP = 26
"""Millimetres: where both scales would be lower on one page, each has its own."""
ALONE = 75
"""Millimetres: how high a scale's strip is that has a page of its own."""
DOT_ALONE = 7
"""Millimetres: how large a dot is at most on such a strip, so that they fill it."""

MOST_NAMED = 6
"""Of more deliverables with the same median the others are counted."""
MOST_AT_EASE = 4
"""More deliverables than this are set closer, so that a glance at all of them takes one page."""
LEAST_CELL = 11
"""Millimetres: a small picture that is lower shows nothing. Of a journal that was kept elsewhere, with more
deliverables than a workshop has, a glance takes another page."""


@dataclass(frozen=True)
class Medium:
    """Where the journal is shown: the forms of its charts, and whether it has pages for strips to fill."""

    strip: Form
    cell: Form
    dots: Form
    bars: Form
    has_pages: bool
    cell_height: float | None = None


PAPER = Medium(strip=PRINT, cell=CELL, dots=CELL.sized(width=38), bars=PRINT, has_pages=True)
SCREEN = Medium(
    strip=DESK,
    cell=DESK.sized(width=240, dot=11, single_file=5),
    dots=DESK.sized(width=200),
    bars=DESK.sized(width=360),
    has_pages=False,
)


@dataclass(frozen=True)
class ScaleView:
    """A scale's page with its charts; the spread and the charts are None when nobody gave a score.

    `told` says in sentences what the strip shows.
    """

    page: ScalePage
    spread: Spread | None
    told: tuple[str, ...]
    strip: ChartView | None
    mini: ChartView | None
    voices: ChartView | None

    @property
    def tone(self) -> str:
        """The style of the scale's colour: is-being, is-progress."""
        return f"is-{self.page.kind.value}"

    @property
    def bounds(self) -> tuple[tuple[int, str], tuple[int, str]]:
        """The two anchors in the order of the line: 0, then 10."""
        return (0, self.page.anchor_zero), (10, self.page.anchor_ten)


@dataclass(frozen=True)
class DeliverableView:
    """A deliverable's page with its charts, and the pages before and after it; `told` is about the overall rating."""

    page: DeliverablePage
    scales: tuple[ScaleView, ...]
    rag: ChartView | None
    rag_mini: ChartView | None
    told: tuple[str, ...]
    before: DeliverablePage | None
    after: DeliverablePage | None

    @property
    def quotes_stand(self) -> str:
        """How quotations stand on paper: one above the other, or side by side where that may spare a page."""
        comments = _voices_height(self.page)
        return "beside" if comments <= PAGE_ROOM < comments + _stacked(self.page.quotes) else "stacked"

    @property
    def is_close(self) -> bool:
        """Whether comments are set closer on paper, so that a few lines take no page of their own."""
        large = {"beside": _beside, "stacked": _stacked}[self.quotes_stand](self.page.quotes)
        return PAGE_ROOM < _voices_height(self.page) + large <= PAGE_ROOM + CLOSER


@dataclass(frozen=True)
class ImperativeView:
    """An imperative with its dots; `leads` says that it is one of the first two by votes."""

    line: ImperativeLine
    votes: ChartView | None
    leads: bool


@dataclass(frozen=True)
class Remark:
    """A sentence that the numbers bear out, under the question that it answers."""

    heading: str
    text: str


@dataclass(frozen=True)
class JournalView:
    """The journal as templates show it."""

    journal: Journal
    deliverables: tuple[DeliverableView, ...]
    imperatives: tuple[ImperativeView, ...]
    map: ChartView | None
    map_told: tuple[str, ...]
    agreement: Comparison
    marks: Comparison
    key: ChartView | None
    remarks: tuple[Remark, ...]

    @property
    def scores(self) -> range:
        """The numbers of a scale, for the heads of tables."""
        return range(11)

    @property
    def has_letters(self) -> bool:
        """Whether some small pictures of ratings name colours by their letters alone."""
        return any(each.page.rag.n >= LETTERED for each in self.deliverables)

    @property
    def is_long(self) -> bool:
        """Whether lists of deliverables should be set closer."""
        return len(self.deliverables) > MOST_AT_EASE

    @property
    def spreads(self) -> bool:
        """Whether each deliverable fits on two facing pages, its picture on the left and its voices on the right."""
        if self.journal.paragraphs:  # of so many pages that a left-hand one after them might leave one empty
            return False
        return all(_strip_room(each.page) >= LEAST_STRIP and _voices_fit(each.page) for each in self.deliverables)

    @property
    def title_size(self) -> str:
        """How large the title can be on the cover."""
        sizes = ((20, "large"), (38, "medium"), (80, "small"))
        return next((size for most, size in sizes if len(self.journal.title) <= most), "smallest")


def view_journal(journal: Journal, medium: Medium) -> JournalView:
    """Return the journal with every chart that its answers can fill."""
    if medium.has_pages and len(journal.deliverables) > MOST_AT_EASE:
        medium = replace(medium, cell_height=max(LEAST_CELL, min(15, 165 / len(journal.deliverables) - 2.4)))
    counts = [count for page in journal.deliverables for scale in page.scales for count in scale.summary.counts]
    medium = replace(medium, cell=medium.cell.sized(most=max(counts, default=0)))
    most_said = max((len(scale.comments) for page in journal.deliverables for scale in page.scales), default=0)
    most_votes = max((line.votes or 0 for line in journal.imperatives), default=0)
    map_told = tell_map(journal.deliverables)
    on_map = quadrant(
        journal.deliverables,
        id="map",
        title=_("Where the deliverables stand"),
        form=medium.strip,
        width=_map_width(journal, map_told) if medium.has_pages else None,
    )
    return JournalView(
        journal=journal,
        deliverables=tuple(
            _deliverable(page, medium, most_said, before, after)
            for before, page, after in zip(
                (None, *journal.deliverables), journal.deliverables, (*journal.deliverables[1:], None), strict=False
            )
        ),
        imperatives=tuple(
            ImperativeView(
                line,
                ChartView.of(
                    votes(
                        line.votes or 0, most=most_votes, id=f"votes-{line.no}", form=medium.dots, strong=line.no <= 2
                    )
                ),
                leads=bool(line.votes) and line.no <= 2,
            )
            for line in journal.imperatives
        ),
        map=ChartView.of(on_map),
        map_told=map_told if on_map else (),
        agreement=compare_agreement(journal, medium.bars),
        marks=compare_marks(journal, medium.bars),
        key=ChartView.of(key_strip(id="key")) if journal.has_scores else None,
        remarks=tuple(_remarks(journal)),
    )


def cover_art(journal: Journal) -> ChartView:
    """Return the picture behind the cover: all scores, or where there are none all voices."""
    being, progress = ([getattr(page, kind.value) for page in journal.deliverables] for kind in ScaleKind)
    scene = cover_of_scores(being, progress)
    if scene is None:
        said = [_said(page) for page in journal.deliverables]
        scene = cover_of_voices(said, len(journal.imperatives))
    return ChartView(scene, DARK)


def _said(page: DeliverablePage) -> tuple[int, int]:
    """Return how much was said on being at the goal and on making progress."""
    counts = {scale.kind: len(scale.comments) for scale in page.scales}
    return counts.get(ScaleKind.BEING, 0), counts.get(ScaleKind.PROGRESS, 0)


def _deliverable(
    page: DeliverablePage,
    medium: Medium,
    most_said: int,
    before: DeliverablePage | None,
    after: DeliverablePage | None,
) -> DeliverableView:
    room = _strip_room(page)
    alone = medium.has_pages and room < LEAST_STRIP
    height = (_room_alone(page) if alone else min(room, 50)) if medium.has_pages else None
    dot = DOT_ALONE if alone else medium.strip.dot
    medium = replace(medium, strip=medium.strip.sized(dot=dot, most=max(page.being.counts + page.progress.counts)))
    title = _("%(name)s: overall rating") % {"name": page.name}
    mini = medium.cell.sized(width=medium.cell.width * 0.7)
    return DeliverableView(
        page=page,
        scales=tuple(_scale(page, scale, medium, height, most_said) for scale in page.scales),
        rag=ChartView.of(rag_bar(page.rag, id=f"rag-{page.no}", title=title, form=medium.strip)),
        rag_mini=ChartView.of(
            rag_mini(page.rag, id=f"rag-mini-{page.no}", title=title, form=mini, height=medium.cell_height)
        ),
        told=tell_rag(page.rag),
        before=before,
        after=after,
    )


def _scale(page: DeliverablePage, scale: ScalePage, medium: Medium, height: float | None, most_said: int) -> ScaleView:
    key = f"{page.no}-{scale.kind.value}"
    title = f"{page.name}: {scale.name}"

    def view(scene: Scene | None) -> ChartView | None:
        return ChartView.of(scene)

    said = len(scale.comments)
    return ScaleView(
        page=scale,
        spread=scale.summary.spread,
        told=tell_scale(scale.summary),
        strip=view(
            strip(scale.summary, id=f"strip-{key}", title=title, kind=scale.kind, form=medium.strip, height=height)
        ),
        mini=view(
            mini_strip(
                scale.summary,
                id=f"mini-{key}",
                title=title,
                kind=scale.kind,
                form=medium.cell,
                height=medium.cell_height,
            )
        ),
        voices=view(
            voices(said, most=most_said, role=TONES[scale.kind][0], id=f"voices-{key}", title=title, form=medium.cell)
        ),
    )


def _strip_room(page: DeliverablePage) -> float:
    """Return the height of strips, in mm, with which both scales, their anchors and the rating fill an A4 page."""
    fixed = _opening(page) + sum(23 + _anchors(scale) for scale in page.scales) + (33 if page.rag.n else 0)
    fixed += 4.6 * _lines_told(tell_rag(page.rag))
    return (250 - fixed) / max(1, len(page.scales))


def _room_alone(page: DeliverablePage) -> float:
    """Return the height of strips, in mm, where each scale has an A4 page: below the title, or above the rating."""
    room = 250 - 23 - max(_opening(page), 33) - max(map(_anchors, page.scales), default=0)
    return max(LEAST_STRIP, min(room, ALONE))


def _opening(page: DeliverablePage) -> float:
    """Return how high a deliverable's title and lead are, in mm."""
    lead = 2.5 + 6 * (len(page.lead) // 68 + 1) if page.lead else 0
    return 6 + max(27, 12 * (len(page.name) // 31 + 1) + lead)


def _anchors(scale: ScalePage) -> float:
    """Return how high a scale's anchors and the words on its picture are, in mm."""
    lines = max(len(scale.anchor_zero), len(scale.anchor_ten)) // 46 + 1
    return 4.6 * (lines + _lines_told(tell_scale(scale.summary)))


def _map_width(journal: Journal, told: tuple[str, ...]) -> float:
    """Return the width of the map, in mm, with which it, its words and the list of its numbers fit on an A4 page."""
    return PRINT.width - (5 * _lines_told(told) + 4 if len(journal.deliverables) > MOST_AT_EASE else 0)


def _lines_told(told: tuple[str, ...]) -> int:
    """Return how many lines sentences take, over the whole width of a page."""
    return -(-len(" ".join(told)) // 98)


def _voices_fit(page: DeliverablePage) -> bool:
    """Whether there are comments on a deliverable, and all fit on one A4 page with what is set large of them."""
    large = min(_stacked(page.quotes), _beside(page.quotes))
    return page.comments > 0 and _voices_height(page) + large <= PAGE_ROOM


def _stacked(quotes: Sequence[Said]) -> float:
    """Return the height of quotations one above the other, in mm."""
    return sum(7 + 7.4 * (len(said.text) // 56 + 1) for said in quotes) + (9 if quotes else 0)


def _beside(quotes: Sequence[Said]) -> float:
    """Return the height of quotations side by side, in mm."""
    letters = 68 // max(1, len(quotes))
    return max((14 + 5.6 * (len(said.text) // letters + 1) for said in quotes), default=0)


def _voices_height(page: DeliverablePage) -> float:
    """Return the height that the comments on a deliverable take, in mm, in two columns of about 46 letters."""
    height = 20.0
    for scale in page.scales:
        lines = sum(len(said.text) // 46 + 1 for group in scale.groups for said in group.comments)
        height += 22 + (8 * len(scale.groups) + 4.8 * lines + 1.6 * len(scale.comments)) / 2
    return height


def _remarks(journal: Journal) -> list[Remark]:
    """Return which deliverables have the highest and lowest median of being at the goal; none where all are equal."""
    medians = {page.label: page.being.spread.median for page in journal.deliverables if page.being.spread}
    if len(set(medians.values())) < 2:
        return []
    remarks = []
    for heading, value in ((_("Furthest on"), max(medians.values())), (_("Furthest to go"), min(medians.values()))):
        equal = [name for name, median in medians.items() if median == value]
        names, others = equal[:MOST_NAMED], len(equal) - MOST_NAMED
        if others > 0:
            names.append(ngettext("%(n)s other", "%(n)s others", others) % {"n": others})
        words = _("%(names)s: median %(median)s for being at the goal.")
        remarks.append(Remark(heading, words % {"names": listed(names), "median": number(value)}))
    return remarks
