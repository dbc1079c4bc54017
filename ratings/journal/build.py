"""The journal of a workshop as frozen data: the pages on screen, the PDF and the data files all read it."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from ratings.choices import ENTERED, PRINTED, Asked, CommentState, Decision, Mark, Source
from ratings.imperatives import on_show, rank_imperatives
from ratings.journal.groups import GroupLine, GroupScores, show_group_scores
from ratings.journal.signature import Signature
from ratings.models import Comment, Imperative
from ratings.showing import Dots, kept_words, show_dots
from ratings.summaries import DeliverableSummary, RagSummary, ScaleSummary, summarise_workshop
from workshops.choices import ScaleKind, StageKind
from workshops.joining import count_played
from workshops.models import Scale, Workshop

THEME = "theme"
"""A group of comments that a facilitator found to say much the same, and named."""
HIGHER = "higher"
"""The group of comments that say what one point more would look like."""


def direction_of(text: str) -> str:
    """Return "rtl" or "ltr" by the first letter that has a direction (Unicode's rule P2); "ltr" if none has."""
    strong = (unicodedata.bidirectional(char) for char in text)
    return "rtl" if next((each for each in strong if each in ("L", "R", "AL")), "L") != "L" else "ltr"


@dataclass(frozen=True)
class Said:
    """One comment in the words given; `source` says if it was spoken or on paper, and is else empty; so is `mark`."""

    text: str
    source: str = ""
    mark: str = ""

    @property
    def how(self) -> str:
        """How it came, in words, where a facilitator wrote it down; else nothing."""
        return _how(self.source)

    @property
    def direction(self) -> str:
        """Which way it is written: paper does not find out by itself as a browser does."""
        return direction_of(self.text)


@dataclass(frozen=True)
class Moderated:
    """How many comments, or imperatives, stay out because they are held or hidden; from how many words were taken."""

    held: int = 0
    hidden: int = 0
    redacted: int = 0

    @property
    def unprinted(self) -> int:
        """How many stay out."""
        return self.held + self.hidden


@dataclass(frozen=True)
class MarkedComments:
    """The comments on a scale in one theme or with one mark, in order; `name` is empty when there is no other group."""

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
    groups: tuple[GroupLine, ...] = ()

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
        """Whether there is a number or a colour to show, or to keep back; "can't say" is an answer."""
        kept = self.being.withheld or self.progress.withheld or self.rag.withheld
        return bool(kept or self.being.answers or self.progress.answers or self.rag.n or self.rag.cant_say)

    @property
    def comments(self) -> int:
        """How many comments were made on either scale."""
        return sum(len(scale.comments) for scale in self.scales)

    def _summary(self, kind: ScaleKind) -> ScaleSummary:
        return next((scale.summary for scale in self.scales if scale.kind == kind), ScaleSummary())


@dataclass(frozen=True)
class ImperativeLine:
    """One imperative with its place in the order, and those that say the same, each in the words given.

    `source` is as for comments. `votes` is None when nobody in the workshop has voted; `entered` of them came on paper.
    `owner` is empty and `due` None until somebody was named.
    """

    no: int
    text: str
    source: str
    deliverables: tuple[int, ...]
    votes: int | None
    entered: int = 0
    merged: tuple[Said, ...] = ()
    owner: str = ""
    due: datetime.date | None = None

    @property
    def how(self) -> str:
        """How it came, in words, where a facilitator wrote it down; else nothing."""
        return _how(self.source)

    @property
    def direction(self) -> str:
        """Which way it is written."""
        return direction_of(self.text)


@dataclass(frozen=True)
class Journal:
    """Everything in the journal of one workshop. `people` is None when no phone took part, as in an imported one.

    `entered` counts the scores and ratings that the facilitator wrote down. `dots_withheld` and `dots_waiting` people
    placed dots that are not shown, as for scores.
    `signature` is None in a draft.
    """

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
    moderated_comments: Moderated
    moderated_imperatives: Moderated
    entered: int
    is_closed: bool
    is_rehearsal: bool
    dots_withheld: int = 0
    dots_waiting: int = 0
    signature: Signature | None = None

    @property
    def unsigned(self) -> Journal:
        """The same journal as a draft."""
        return replace(self, signature=None)

    @property
    def kept_dots(self) -> str:
        """What to say of dots that are not shown; empty when all are."""
        return kept_words(self.dots_withheld, self.dots_waiting)

    @property
    def has_scores(self) -> bool:
        """Whether anybody gave a score."""
        return any(scale.summary.n for page in self.deliverables for scale in page.scales)

    @property
    def has_groups(self) -> bool:
        """Whether any group may be shown."""
        return any(page.groups for page in self.deliverables)

    @property
    def has_rags(self) -> bool:
        """Whether anybody rated red, amber or green."""
        return any(page.rag.n for page in self.deliverables)

    @property
    def has_votes(self) -> bool:
        """Whether anybody placed a dot."""
        return any(line.votes is not None for line in self.imperatives)

    @property
    def entered_votes(self) -> int:
        """How many dots were placed on paper."""
        return sum(line.entered for line in self.imperatives)

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

    A closed workshop's journal has everything but comments held or hidden. While the workshop runs it has no more than
    the room has been shown: what is on a page may be seen over a shoulder.
    """
    everything = workshop.is_closed
    edition = workshop.edition
    summary = summarise_workshop(workshop, revealed_only=not everything)
    shown = list(workshop.stages.filter(revealed_at__isnull=False).values_list("kind", "scale_id"))
    kinds, scales = {kind for kind, _scale_id in shown}, {scale_id for _kind, scale_id in shown}
    comments: dict[int, list[Comment]] = {}
    said = Comment.objects.filter(workshop=workshop)
    printed = said.filter(state__in=PRINTED).select_related("theme")
    if not everything:
        printed = printed.filter(scale__in=scales)
    for comment in printed:
        comments.setdefault(comment.scale_id, []).append(comment)
    named = Imperative.objects.filter(workshop=workshop)
    dots = show_dots(workshop) if everything or StageKind.PRIORITIES in kinds else None
    imperatives: list[ImperativeLine] = []
    if everything or StageKind.IMPERATIVES in kinds:
        imperatives = _imperatives(workshop, summary.deliverables, dots)
    groups = show_group_scores(workshop)
    answers = [each for part in summary.deliverables for each in (part.being, part.progress, part.rag)]
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
        deliverables=tuple(_deliverable(each, comments, groups) for each in summary.deliverables),
        imperatives=tuple(imperatives),
        moderated_comments=_moderated(said, printed),
        moderated_imperatives=_moderated(named, on_show(workshop) if imperatives else named.none()),
        entered=sum(each.entered for each in answers),
        is_closed=workshop.is_closed,
        dots_withheld=dots.shown.withheld if dots else 0,
        dots_waiting=dots.shown.waiting if dots else 0,
        is_rehearsal=count_played(workshop) > 0,
    )


def _deliverable(
    summary: DeliverableSummary,
    comments: dict[int, list[Comment]],
    groups: list[tuple[str, dict[int, GroupScores]]],
) -> DeliverablePage:
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
        groups=tuple(
            GroupLine(name, *(scores.get(scale.pk, GroupScores()) for scale in deliverable.scales.all()))
            for name, scores in groups
            if any(scale.pk in scores for scale in deliverable.scales.all())
        ),
    )


def _scale(scale: Scale, summary: ScaleSummary, comments: Iterable[Comment]) -> ScalePage:
    by_mark: dict[str, list[Said]] = {}
    by_theme: dict[str, list[Said]] = {}
    for comment in comments:
        mark = HIGHER if comment.asked == Asked.HIGHER else comment.mark
        said = Said(comment.text, _entered(comment.source), mark)
        if comment.theme and mark != HIGHER:
            by_theme.setdefault(comment.theme.name, []).append(said)
        else:
            by_mark.setdefault(mark, []).append(said)
    looks = {
        Mark.WELL: (_("Working well"), "+"),
        Mark.WORRY: (_("Worries"), "!"),
        Mark.NEXT: (_("Next steps"), "→"),
        "": (_("Also said") if by_theme or by_mark.keys() & set(Mark) else "", "·"),
        HIGHER: (_("One point higher would look like"), "↑"),
    }
    groups = [MarkedComments(THEME, name, "·", tuple(by_theme[name])) for name in sorted(by_theme)]
    groups += [MarkedComments(mark, *look, tuple(by_mark[mark])) for mark, look in looks.items() if mark in by_mark]
    return ScalePage(ScaleKind(scale.kind), scale.anchor_zero, scale.anchor_ten, summary, tuple(groups))


def _imperatives(
    workshop: Workshop, deliverables: Iterable[DeliverableSummary], dots: Dots | None
) -> list[ImperativeLine]:
    """Return the imperatives in order of dots; among equals, and without dots, in the order they were given."""
    numbers = {each.deliverable.pk: each.no for each in deliverables}
    ranked = rank_imperatives(workshop, dots)
    has_votes = any(each.votes for each in ranked)
    lines = []
    for each in ranked:
        row, action = each.imperative, each.action
        lines.append(
            ImperativeLine(
                no=each.place,
                text=row.text,
                source=_entered(row.source),
                deliverables=tuple(sorted(numbers[deliverable.pk] for deliverable in row.deliverables.all())),
                votes=each.votes if has_votes else None,
                entered=each.entered,
                merged=tuple(Said(other.text, _entered(other.source)) for other in each.merged),
                owner=action.owner if action else "",
                due=action.due if action else None,
            )
        )
    return lines


def _moderated(said: QuerySet[Any], printed: QuerySet[Any]) -> Moderated:
    """Count what a facilitator kept out of what was said, and changed in what is printed. Two queries."""

    def kept(state: CommentState) -> Count:
        own = Q(state=state)
        return Count("pk", filter=own | Q(state__in=PRINTED, merged_into__state=state) if merges else own)

    merges = said.model is Imperative  # what was merged into an imperative goes with it
    counts = said.order_by().aggregate(held=kept(CommentState.HELD), hidden=kept(CommentState.HIDDEN))
    return Moderated(**counts, redacted=printed.filter(decisions__decision=Decision.REDACT).distinct().count())


def _entered(source: str) -> str:
    """Return the source of what a facilitator wrote down; of what came from a phone nothing."""
    return source if source in ENTERED else ""


def _how(source: str) -> str:
    return str(Source(source).label).lower() if source else ""
