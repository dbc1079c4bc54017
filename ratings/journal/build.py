"""The journal of a workshop as frozen data: the pages on screen, the PDF and the data files all read it."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ratings.choices import ENTERED, Grouping, Source
from ratings.imperatives import on_show, rank_imperatives
from ratings.journal.grouping import HIGHER as HIGHER
from ratings.journal.grouping import THEME as THEME
from ratings.journal.grouping import group_by, mark_of, printed_comments
from ratings.journal.groups import GroupLine, GroupScores, show_group_scores
from ratings.journal.kept import Moderated as Moderated
from ratings.journal.kept import count_moderated
from ratings.journal.notes import read_leads, read_notes
from ratings.journal.signature import Signature
from ratings.models import Comment, Imperative
from ratings.showing import Dots, kept_words, show_dots
from ratings.summaries import DeliverableSummary, RagSummary, ScaleSummary, summarise_workshop
from workshops.choices import ScaleKind, StageKind
from workshops.joining import count_played
from workshops.models import Scale, Workshop


def direction_of(text: str) -> str:
    """Return "rtl" or "ltr" by the first letter that has a direction (Unicode's rule P2); "ltr" if none has."""
    strong = (unicodedata.bidirectional(char) for char in text)
    return "rtl" if next((each for each in strong if each in ("L", "R", "AL")), "L") != "L" else "ltr"


@dataclass(frozen=True)
class Said:
    """One comment in the words given; `source` says if it was spoken or on paper, and is else empty; so is `mark`.

    `quoted` says that the facilitator chose to set it large as well.
    """

    text: str
    source: str = ""
    mark: str = ""
    quoted: bool = False

    @property
    def how(self) -> str:
        """How it came, in words, where a facilitator wrote it down; else nothing."""
        return _how(self.source)

    @property
    def direction(self) -> str:
        """Which way it is written: paper does not find out by itself as a browser does."""
        return direction_of(self.text)


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

    @property
    def quotes(self) -> tuple[Said, ...]:
        """The comments to set large, in the order they are printed."""
        return tuple(said for scale in self.scales for said in scale.comments if said.quoted)

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
class Paragraph:
    """A paragraph of the introduction."""

    text: str

    @property
    def direction(self) -> str:
        """Which way it is written."""
        return direction_of(self.text)


@dataclass(frozen=True)
class Explained:
    """A term of the glossary, and what it means."""

    term: str
    meaning: str

    @property
    def direction(self) -> str:
        """Which way its meaning is written."""
        return direction_of(self.meaning)


@dataclass(frozen=True)
class Journal:
    """Everything in the journal of one workshop. `people` is None when no phone took part, as in an imported one.

    `entered` counts the scores and ratings that the facilitator wrote down. `dots_withheld` and `dots_waiting` people
    placed dots that are not shown, as for scores.
    `introduction` and `glossary` are the facilitator's words.
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
    introduction: str = ""
    glossary: tuple[Explained, ...] = ()
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
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The introduction, as empty lines part it."""
        parts = re.split(r"\n[^\S\n]*\n", self.introduction)
        return tuple(Paragraph(part.strip()) for part in parts if part.strip())

    @property
    def is_edited(self) -> bool:
        """Whether words of the facilitator's stand in it, or quotations that they chose."""
        return bool(self.introduction or self.glossary or any(page.quotes for page in self.deliverables))

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
    notes, leads = read_notes(workshop), read_leads(workshop)
    kinds = set(workshop.stages.filter(revealed_at__isnull=False).values_list("kind", flat=True))
    comments: dict[int, list[Comment]] = {}
    said, printed = Comment.objects.filter(workshop=workshop), printed_comments(workshop)
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
        epigraph=notes.epigraph,
        epigraph_by=notes.epigraph_by,
        organisation=workshop.organisation,
        venue=workshop.venue,
        date=workshop.date,
        question=edition.imperative_question,
        people=summary.people or None,
        deliverables=tuple(
            _deliverable(each, comments, groups, notes.grouping, leads.get(each.deliverable.pk, each.deliverable.lead))
            for each in summary.deliverables
        ),
        imperatives=tuple(imperatives),
        moderated_comments=count_moderated(said, printed),
        moderated_imperatives=count_moderated(named, on_show(workshop) if imperatives else named.none()),
        entered=sum(each.entered for each in answers),
        is_closed=workshop.is_closed,
        dots_withheld=dots.shown.withheld if dots else 0,
        dots_waiting=dots.shown.waiting if dots else 0,
        is_rehearsal=count_played(workshop) > 0,
        introduction=notes.introduction,
        glossary=tuple(Explained(*row) for row in notes.glossary),
    )


def _deliverable(
    summary: DeliverableSummary,
    comments: dict[int, list[Comment]],
    groups: list[tuple[str, dict[int, GroupScores]]],
    grouping: Grouping,
    lead: str,
) -> DeliverablePage:
    deliverable = summary.deliverable
    numbers = dict(summary.scales)
    return DeliverablePage(
        no=summary.no,
        name=deliverable.name,
        label=deliverable.label,
        lead=lead,
        scales=tuple(
            _scale(scale, numbers[ScaleKind(scale.kind)], comments.get(scale.pk, []), grouping)
            for scale in deliverable.scales.all()
        ),
        rag=summary.rag,
        groups=tuple(
            GroupLine(name, *(scores.get(scale.pk, GroupScores()) for scale in deliverable.scales.all()))
            for name, scores in groups
            if any(scale.pk in scores for scale in deliverable.scales.all())
        ),
    )


def _scale(scale: Scale, summary: ScaleSummary, comments: Iterable[Comment], grouping: Grouping) -> ScalePage:
    groups = tuple(
        MarkedComments(group.mark, group.name, group.sign, tuple(map(_said, group.comments)))
        for group in group_by(grouping, comments)
    )
    return ScalePage(ScaleKind(scale.kind), scale.anchor_zero, scale.anchor_ten, summary, groups)


def _said(comment: Comment) -> Said:
    return Said(comment.text, _entered(comment.source), mark_of(comment), comment.quoted)


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


def _entered(source: str) -> str:
    """Return the source of what a facilitator wrote down; of what came from a phone nothing."""
    return source if source in ENTERED else ""


def _how(source: str) -> str:
    return str(Source(source).label).lower() if source else ""
