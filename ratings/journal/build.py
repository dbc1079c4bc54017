"""The journal of a workshop as frozen data: the pages on screen, the PDF and the data files all read it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from ratings.choices import CommentState, Mark, Source
from ratings.models import Comment, Imperative, RagRating, Score
from ratings.summaries import DeliverableSummary, RagSummary, ScaleSummary, summarise_workshop
from workshops.choices import ScaleKind, StageKind
from workshops.models import Scale, Workshop

ENTERED = (Source.ALOUD, Source.PAPER)
"""The sources of answers that a facilitator wrote down for somebody."""


@dataclass(frozen=True)
class Said:
    """One comment in the words given; `how` says if it was spoken or on paper, and is else empty."""

    text: str
    how: str


@dataclass(frozen=True)
class MarkedComments:
    """The comments on a scale with one mark, in order; `name` is empty when none of the scale's comments is marked."""

    mark: str
    name: str
    sign: str
    comments: tuple[Said, ...]


@dataclass(frozen=True)
class ScalePage:
    """One scale: its anchors, its numbers, its comments."""

    kind: ScaleKind
    anchor_zero: str
    anchor_ten: str
    summary: ScaleSummary
    groups: tuple[MarkedComments, ...]

    @property
    def name(self) -> str:
        """What the scale is called."""
        return str(self.kind.label)

    @property
    def comments(self) -> tuple[Said, ...]:
        """All comments, as grouped."""
        return tuple(said for group in self.groups for said in group.comments)


@dataclass(frozen=True)
class DeliverablePage:
    """One deliverable; `no` counts from 1 in the review's order."""

    no: int
    name: str
    label: str
    lead: str
    scales: tuple[ScalePage, ...]
    rag: RagSummary

    @property
    def being(self) -> ScaleSummary:
        """The answers on being at the goal."""
        return self._summary(ScaleKind.BEING)

    @property
    def progress(self) -> ScaleSummary:
        """The answers on making progress."""
        return self._summary(ScaleKind.PROGRESS)

    @property
    def answered(self) -> bool:
        """Whether there is a number or a colour to show; "can't say" is an answer."""
        return bool(self.being.answers or self.progress.answers or self.rag.n or self.rag.cant_say)

    @property
    def comments(self) -> int:
        """How many comments were made on either scale."""
        return sum(len(scale.comments) for scale in self.scales)

    def _summary(self, kind: ScaleKind) -> ScaleSummary:
        return next((scale.summary for scale in self.scales if scale.kind == kind), ScaleSummary())


@dataclass(frozen=True)
class ImperativeLine:
    """One imperative with its place in the order; `votes` is None when nobody in the workshop has voted."""

    no: int
    text: str
    how: str
    deliverables: tuple[int, ...]
    votes: int | None


@dataclass(frozen=True)
class Journal:
    """Everything in the journal of one workshop. `people` is None when no phone took part, as in an imported one."""

    code: str
    title: str
    subtitle: str
    epigraph: str
    epigraph_by: str
    organisation: str
    venue: str
    date: datetime.date
    question: str
    people: int | None
    deliverables: tuple[DeliverablePage, ...]
    imperatives: tuple[ImperativeLine, ...]
    held: int
    entered: int
    is_closed: bool
    is_rehearsal: bool

    @property
    def has_scores(self) -> bool:
        """Whether anybody gave a score."""
        return any(scale.summary.n for page in self.deliverables for scale in page.scales)

    @property
    def has_rags(self) -> bool:
        """Whether anybody rated red, amber or green."""
        return any(page.rag.n for page in self.deliverables)

    @property
    def has_votes(self) -> bool:
        """Whether anybody placed a dot."""
        return any(line.votes is not None for line in self.imperatives)

    @property
    def answered(self) -> bool:
        """Whether any deliverable has a number or a colour."""
        return any(page.answered for page in self.deliverables)

    @property
    def comments(self) -> int:
        """How many comments are printed."""
        return sum(page.comments for page in self.deliverables)


def build_journal(workshop: Workshop) -> Journal:
    """Read a workshop's journal. A fixed number of queries.

    A closed workshop's journal has everything but held comments. While the workshop runs it has no more than the room
    has been shown: what is on a page may be seen over a shoulder.
    """
    everything = workshop.is_closed
    edition = workshop.edition
    summary = summarise_workshop(workshop, revealed_only=not everything)
    shown = list(workshop.stages.filter(revealed_at__isnull=False).values_list("kind", "scale_id"))
    kinds, scales = {kind for kind, _scale_id in shown}, {scale_id for _kind, scale_id in shown}
    comments: dict[int, list[Comment]] = {}
    held = 0
    for comment in Comment.objects.filter(workshop=workshop):
        if comment.state == CommentState.HELD:
            held += 1
        elif everything or comment.scale_id in scales:
            comments.setdefault(comment.scale_id, []).append(comment)
    imperatives: list[ImperativeLine] = []
    if everything or StageKind.IMPERATIVES in kinds:
        imperatives = _imperatives(
            workshop, summary.deliverables, with_votes=everything or StageKind.PRIORITIES in kinds
        )
    entered = sum(model.objects.filter(workshop=workshop, source__in=ENTERED).count() for model in (Score, RagRating))
    return Journal(
        code=workshop.code,
        title=edition.title,
        subtitle=edition.subtitle,
        epigraph=edition.epigraph,
        epigraph_by=edition.epigraph_by,
        organisation=workshop.organisation,
        venue=workshop.venue,
        date=workshop.date,
        question=edition.imperative_question,
        people=summary.people or None,
        deliverables=tuple(_deliverable(each, comments) for each in summary.deliverables),
        imperatives=tuple(imperatives),
        held=held,
        entered=entered,
        is_closed=workshop.is_closed,
        is_rehearsal=workshop.participants.filter(rehearsal=True).exists(),
    )


def _deliverable(summary: DeliverableSummary, comments: dict[int, list[Comment]]) -> DeliverablePage:
    deliverable = summary.deliverable
    numbers = dict(summary.scales)
    return DeliverablePage(
        no=summary.no,
        name=deliverable.name,
        label=deliverable.label,
        lead=deliverable.lead,
        scales=tuple(
            _scale(scale, numbers[ScaleKind(scale.kind)], comments.get(scale.pk, []))
            for scale in deliverable.scales.all()
        ),
        rag=summary.rag,
    )


def _scale(scale: Scale, summary: ScaleSummary, comments: Iterable[Comment]) -> ScalePage:
    by_mark: dict[str, list[Said]] = {}
    for comment in comments:
        by_mark.setdefault(comment.mark, []).append(Said(comment.text, _how(comment.source)))
    looks = {Mark.WELL: (_("Working well"), "+"), Mark.WORRY: (_("Worries"), "!"), Mark.NEXT: (_("Next steps"), "→")}
    groups = [MarkedComments(mark, *look, tuple(by_mark[mark])) for mark, look in looks.items() if mark in by_mark]
    if "" in by_mark:
        groups.append(MarkedComments("", _("Also said") if groups else "", "·", tuple(by_mark[""])))
    return ScalePage(ScaleKind(scale.kind), scale.anchor_zero, scale.anchor_ten, summary, tuple(groups))


def _imperatives(
    workshop: Workshop, deliverables: Iterable[DeliverableSummary], *, with_votes: bool
) -> list[ImperativeLine]:
    """Return the imperatives in order of votes; among equals, and without votes, in the order they were given."""
    numbers = {each.deliverable.pk: each.no for each in deliverables}
    rows = list(
        Imperative.objects.filter(workshop=workshop).annotate(dots=Count("votes")).prefetch_related("deliverables")
    )
    has_votes = with_votes and any(row.dots for row in rows)
    if has_votes:
        rows.sort(key=lambda row: -row.dots)  # the sort is stable: equals stay in their order
    return [
        ImperativeLine(
            no=no,
            text=row.text,
            how=_how(row.source),
            deliverables=tuple(sorted(numbers[each.pk] for each in row.deliverables.all())),
            votes=row.dots if has_votes else None,
        )
        for no, row in enumerate(rows, start=1)
    ]


def _how(source: str) -> str:
    """Return how an answer came in where a facilitator wrote it down; else nothing."""
    return str(Source(source).label).lower() if source in ENTERED else ""
