"""What the journal's pages show: the journal with its charts, for paper or for a screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from django.utils.translation import gettext as _

from ratings.charts import (
    CELL,
    DARK,
    DESK,
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
from ratings.charts.strip import TONES
from ratings.charts.words import number
from ratings.journal.build import DeliverablePage, ImperativeLine, Journal, ScalePage
from ratings.summaries import Spread
from workshops.choices import ScaleKind

LEAST_STRIP = 26
"""Millimetres: where both scales would be lower on one page, each has its own."""
ALONE = 75
"""Millimetres: how high a scale's strip is that has a page of its own."""

MOST_AT_EASE = 4
"""More deliverables than this are set closer, so that a glance at all of them takes one page."""


@dataclass(frozen=True)
class Medium:
    """Where the journal is shown: the forms of its charts, and whether it has pages for strips to fill."""

    strip: Form
    cell: Form
    dots: Form
    has_pages: bool
    cell_height: float | None = None


PAPER = Medium(strip=PRINT, cell=CELL, dots=CELL.sized(width=38), has_pages=True)
SCREEN = Medium(
    strip=DESK, cell=DESK.sized(width=240, dot=11, single_file=5), dots=DESK.sized(width=200), has_pages=False
)


@dataclass(frozen=True)
class ScaleView:
    """A scale's page with its charts; the spread and the charts are None when nobody gave a score."""

    page: ScalePage
    spread: Spread | None
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
    """A deliverable's page with its charts."""

    page: DeliverablePage
    scales: tuple[ScaleView, ...]
    rag: ChartView | None
    rag_mini: ChartView | None


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
    key: ChartView | None
    remarks: tuple[Remark, ...]

    @property
    def scores(self) -> range:
        """The numbers of a scale, for the heads of tables."""
        return range(11)

    @property
    def is_long(self) -> bool:
        """Whether lists of deliverables should be set closer."""
        return len(self.deliverables) > MOST_AT_EASE

    @property
    def spreads(self) -> bool:
        """Whether each deliverable fits on two facing pages, its picture on the left and its voices on the right."""
        return all(_strip_room(each.page) >= LEAST_STRIP and _voices_fit(each.page) for each in self.deliverables)

    @property
    def title_size(self) -> str:
        """How large the title can be on the cover."""
        sizes = ((20, "large"), (38, "medium"), (80, "small"))
        return next((size for most, size in sizes if len(self.journal.title) <= most), "smallest")


def view_journal(journal: Journal, medium: Medium) -> JournalView:
    """Return the journal with every chart that its answers can fill."""
    if medium.has_pages and len(journal.deliverables) > MOST_AT_EASE:
        medium = replace(medium, cell_height=min(15, 165 / len(journal.deliverables) - 2.4))
    counts = [count for page in journal.deliverables for scale in page.scales for count in scale.summary.counts]
    medium = replace(medium, cell=medium.cell.sized(most=max(counts, default=0)))
    most_said = max((len(scale.comments) for page in journal.deliverables for scale in page.scales), default=0)
    most_votes = max((line.votes or 0 for line in journal.imperatives), default=0)
    on_map = quadrant(journal.deliverables, id="map", title=_("Where the deliverables stand"), form=medium.strip)
    return JournalView(
        journal=journal,
        deliverables=tuple(_deliverable(page, medium, most_said) for page in journal.deliverables),
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


def _deliverable(page: DeliverablePage, medium: Medium, most_said: int) -> DeliverableView:
    room = _strip_room(page)
    height = (min(room, 50) if room >= LEAST_STRIP else _room_alone(page)) if medium.has_pages else None
    medium = replace(medium, strip=medium.strip.sized(most=max(page.being.counts + page.progress.counts)))
    title = _("%(name)s: overall rating") % {"name": page.name}
    mini = medium.cell.sized(width=medium.cell.width * 0.7)
    return DeliverableView(
        page=page,
        scales=tuple(_scale(page, scale, medium, height, most_said) for scale in page.scales),
        rag=ChartView.of(rag_bar(page.rag, id=f"rag-{page.no}", title=title, form=medium.strip)),
        rag_mini=ChartView.of(
            rag_mini(page.rag, id=f"rag-mini-{page.no}", title=title, form=mini, height=medium.cell_height)
        ),
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
    """Return how high a scale's anchors are, in mm."""
    return 4.6 * (max(len(scale.anchor_zero), len(scale.anchor_ten)) // 46 + 1)


def _voices_fit(page: DeliverablePage) -> bool:
    """Whether there are comments on a deliverable and all fit on one A4 page, in two columns of about 46 letters."""
    height = 20.0
    for scale in page.scales:
        lines = sum(len(said.text) // 46 + 1 for group in scale.groups for said in group.comments)
        height += 22 + (8 * len(scale.groups) + 4.8 * lines + 1.6 * len(scale.comments)) / 2
    return page.comments > 0 and height <= 250


def _remarks(journal: Journal) -> list[Remark]:
    """Return which deliverables have the highest and lowest median of being at the goal; none where all are equal."""
    medians = {page.label: page.being.spread.median for page in journal.deliverables if page.being.spread}
    if len(set(medians.values())) < 2:
        return []
    remarks = []
    for heading, value in ((_("Furthest on"), max(medians.values())), (_("Furthest to go"), min(medians.values()))):
        names = ", ".join(islice((name for name, median in medians.items() if median == value), 6))
        words = _("%(names)s: median %(median)s for being at the goal.")
        remarks.append(Remark(heading, words % {"names": names, "median": number(value)}))
    return remarks
