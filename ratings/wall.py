"""The wall's picture: one frozen context, all that the room sees. Nothing in it is unrevealed or not approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.charts import DARK, LIGHT, WALL, ChartView, Scene, bench, both, quadrant, rag_people, strip, votes
from ratings.choices import Asked, CommentState, Mark
from ratings.imperatives import RankedImperative, on_show, rank_imperatives
from ratings.models import Comment
from ratings.paging import AnchorPage, CommentPage, anchor_page, comment_pages, imperative_pages, theme_pages
from ratings.showing import Dots, show_dots
from ratings.summaries import DeliverableSummary, ScaleSummary, WorkshopSummary, summarise_workshop
from ratings.tallies import Tally, tally_stage
from workshops.choices import ScaleKind, StageKind, WallView
from workshops.models import Stage, Workshop
from workshops.sessions import current_stage, wall_views

LEADING = 2
"""The imperatives set larger than the rest once votes are counted."""


@dataclass(frozen=True)
class RankRow:
    """An imperative on the wall, in full or in part, with its dots once votes are revealed."""

    ranked: RankedImperative
    words: str
    chart: ChartView | None


@dataclass(frozen=True)
class Picture:
    """What the wall shows. Only what the view needs is there; the rest is empty."""

    workshop: Workshop
    stage: Stage | None
    view: WallView
    dark: bool = False
    page: int = 1
    pages: int = 1
    no: int | None = None
    tally: Tally | None = None
    chart: ChartView | None = None
    anchors: AnchorPage | None = None
    summary: ScaleSummary | None = None
    deliverable: DeliverableSummary | None = None
    review: WorkshopSummary | None = None
    comments: CommentPage | None = None
    rows: tuple[RankRow, ...] = ()
    voted: bool = False
    imperatives: int = 0
    kept: str = ""

    @property
    def template(self) -> str:
        """The fragment that draws this picture."""
        return f"ratings/project/_{self.view}.html"

    @property
    def tone(self) -> str:
        """The colour class of the scale that is shown; empty for none."""
        return f"is-{self.stage.scale.kind}" if self.stage and self.stage.scale else ""

    @property
    def gap(self) -> float | None:
        """How much higher the median of progress is than that of being at the goal; None without both."""
        if self.deliverable is None:
            return None
        being, progress = self.deliverable.being.spread, self.deliverable.progress.spread
        return progress.median - being.median if being and progress else None

    @property
    def gap_words(self) -> str:
        """How far apart the medians are, in words; empty without both."""
        apart = abs(self.gap or 0)
        return ngettext("%(points)s point apart", "%(points)s points apart", 1 if apart == 1 else 2) % {
            "points": f"{apart:g}"
        }


class WallPainter:
    """Draws the picture of a workshop as it is now: `WallPainter(workshop, dark=…).picture()`."""

    def __init__(self, workshop: Workshop, *, dark: bool = False) -> None:
        self.workshop = workshop
        self.palette = DARK if dark else LIGHT
        self.stage = current_stage(workshop)
        views = wall_views(self.stage) if self.stage else (WallView.THANKS,)
        view = WallView(workshop.wall_view) if workshop.wall_view in views else views[0]
        self.base = Picture(workshop, self.stage, view, dark=dark, page=workshop.wall_page)

    def picture(self) -> Picture:
        """Return the picture. At most a dozen queries, independent of the number of participants."""
        match self.base.view:
            case WallView.LOBBY | WallView.QUESTION:
                return self._open()
            case WallView.STRIP:
                return self._strip()
            case WallView.BOTH | WallView.RAG:
                return self._deliverable()
            case WallView.COMMENTS | WallView.THEMES | WallView.HIGHER:
                return self._comments()
            case WallView.MAP:
                return replace(self.base, review=self.review, chart=self._chart(self._map()))
            case WallView.IMPERATIVES:
                return self._imperatives()
            case WallView.THANKS:
                return replace(self.base, review=self.review, imperatives=on_show(self.workshop).count())

    @cached_property
    def review(self) -> WorkshopSummary:
        """What the room has seen so far, in numbers."""
        return summarise_workshop(self.workshop, revealed_only=True)

    @cached_property
    def deliverable(self) -> DeliverableSummary | None:
        """The current stage's deliverable, as far as the room has seen it."""
        wanted = self.stage.deliverable_id if self.stage else None
        return next((each for each in self.review.deliverables if each.deliverable.pk == wanted), None)

    @property
    def _no(self) -> int | None:
        return self.deliverable.no if self.deliverable else None

    def _chart(self, scene: Scene | None) -> ChartView | None:
        return ChartView.of(scene, self.palette)

    def _open(self) -> Picture:
        if self.stage is None:
            return self.base
        tally = tally_stage(self.workshop, self.stage)
        scene = bench(tally.answered, tally.people, id="bench", form=WALL.sized(width=31, text=0.8), height=2.4)
        anchors = anchor_page(self.stage.scale, self.base.page) if self.stage.scale else None
        page, pages = (anchors.page, anchors.pages) if anchors else (1, 1)
        return replace(
            self.base, no=self._no, tally=tally, chart=self._chart(scene), anchors=anchors, page=page, pages=pages
        )

    def _strip(self) -> Picture:
        scale = self.stage.scale if self.stage else None
        if scale is None or self.deliverable is None:
            return self.base
        kind = ScaleKind(scale.kind)
        summary = dict(self.deliverable.scales)[kind]
        ends = (scale.short_zero, scale.short_ten)
        scene = strip(summary, id="strip", title=str(kind.label), kind=kind, form=WALL, height=15.5, ends=ends)
        chart = self._chart(scene)
        return replace(self.base, no=self._no, summary=summary, chart=chart, kept=summary.kept_words)

    def _deliverable(self) -> Picture:
        each = self.deliverable
        if each is None:
            return self.base
        if self.base.view == WallView.RAG:
            scene = rag_people(each.rag, id="rag", title=_("Overall rating"), form=WALL, height=14.5)
            kept = each.rag.kept_words
        else:
            scene = both(each.being, each.progress, id="both", title=each.deliverable.name, form=WALL, height=16.5)
            kept = each.being.kept_words or each.progress.kept_words
        return replace(self.base, no=each.no, deliverable=each, chart=self._chart(scene), kept=kept)

    def _map(self) -> Scene | None:
        title = _("Where the deliverables stand")
        return quadrant(self.review.deliverables, id="map", title=title, form=WALL, width=16.8, names=False)

    def _comments(self) -> Picture:
        asked = Asked.HIGHER if self.base.view == WallView.HIGHER else Asked.WHY
        groups = approved_comments(self.workshop, self.stage, asked) if self.stage else []
        if asked == Asked.HIGHER:  # they have no marks: two columns all the same
            rows = [comment for _mark, comments in groups for comment in comments]
            groups = [("", rows[::2]), ("", rows[1::2])]
        pages = theme_pages(_by_theme(groups)) if self.base.view == WallView.THEMES else comment_pages(groups)
        page = min(self.base.page, max(1, len(pages)))
        chosen = pages[page - 1] if pages else None
        return replace(self.base, no=self._no, comments=chosen, page=page, pages=max(1, len(pages)))

    def _imperatives(self) -> Picture:
        revealed = set(self.workshop.stages.filter(revealed_at__isnull=False).values_list("kind", flat=True))
        voted = bool(self.stage and self.stage.kind != StageKind.IMPERATIVES and StageKind.PRIORITIES in revealed)
        dots = show_dots(self.workshop) if voted else Dots()
        voted = voted and dots.are_shown
        ranked = rank_imperatives(self.workshop, dots if voted else None)
        shown = ranked if revealed & {StageKind.IMPERATIVES, StageKind.PRIORITIES} else []
        leading = LEADING if voted else 0
        pages = imperative_pages(shown, _words, leading=leading)
        page = min(self.base.page, max(1, len(pages)))
        most = max((row.votes or 0 for row in ranked), default=0)
        rows = tuple(RankRow(row, words, self._dots(row, most)) for row, words in (pages[page - 1] if pages else []))
        self.base = replace(self.base, rows=rows, voted=voted, kept=dots.shown.kept_words)
        return replace(self.base, page=page, pages=max(1, len(pages)), imperatives=len(ranked))

    def _dots(self, row: RankedImperative, most: int) -> ChartView | None:
        form = WALL.sized(width=9.5)
        return self._chart(
            votes(row.votes or 0, most=most, id=f"votes-{row.imperative.pk}", form=form, strong=row.place <= LEADING)
        )


def _words(row: RankedImperative) -> str:
    """Return what stands in an imperative's line: its words, and how many of its dots were counted on paper."""
    on_paper = _("%(n)s on paper") % {"n": row.entered}
    return f"{row.imperative.text} ({on_paper})" if row.entered else row.imperative.text


def _by_theme(said: Sequence[tuple[str, Sequence[Comment]]]) -> list[tuple[str, list[Comment]]]:
    """Return comments by the name of their theme; those in none come last, under no name."""
    themes: dict[str, list[Comment]] = {}
    for _mark, comments in said:
        for comment in comments:
            themes.setdefault(comment.theme.name if comment.theme else "", []).append(comment)
    return sorted(themes.items(), key=lambda item: (not item[0], item[0]))


def approved_comments(
    workshop: Workshop, stage: Stage, asked: Asked = Asked.WHY
) -> Sequence[tuple[str, Sequence[Comment]]]:
    """Return the answers to a question that the wall may show at a stage, by mark: shown, and on a revealed scale.

    At a scale's stage those on the scale; elsewhere those on both scales of the deliverable. Two queries.
    """
    revealed = workshop.stages.filter(kind=StageKind.SCALE, revealed_at__isnull=False)
    mine = revealed.filter(pk=stage.pk) if stage.scale_id else revealed.filter(deliverable=stage.deliverable)
    scales = list(mine.values_list("scale_id", flat=True))
    shown = Comment.objects.filter(workshop=workshop, scale__in=scales, asked=asked, state=CommentState.SHOWN)
    rows = list(shown.select_related("scale", "theme").order_by("scale__kind", "position", "pk"))
    return [(mark, [row for row in rows if row.mark == mark]) for mark in (*Mark.values, "")]
