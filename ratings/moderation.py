"""What a facilitator reads of what was said: what to look at, each with what was found in it, and the log."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db.models import Q, QuerySet
from django.db.models.enums import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ratings.choices import CommentState
from ratings.deciding import digest, spoken_words
from ratings.models import Comment, Imperative, Words, WordsDecision
from ratings.names import FindingKind, find_names, mark_of
from workshops.models import Deliverable, Stage, Workshop

W = TypeVar("W", bound=Words)


class Shelf(TextChoices):
    """Where a comment or an imperative lies for a facilitator: to look at, until something is decided about it."""

    LOOK = "look", gettext_lazy("To look at")
    SHOWN = "shown", gettext_lazy("Shown")
    HELD = "held", gettext_lazy("Held")
    HIDDEN = "hidden", gettext_lazy("Hidden")


SHELVES = {CommentState.NEW: Shelf.LOOK, CommentState.SHOWN: Shelf.SHOWN, CommentState.HIDDEN: Shelf.HIDDEN}


@dataclass(frozen=True)
class Piece:
    """A part of a text: plain words, something `found` in it, or the mark where something was `removed`."""

    text: str
    is_found: bool = False
    is_removed: bool = False


@dataclass(frozen=True)
class Row(Generic[W]):
    """What was said, as a facilitator sees it; `found` has what may point to a person: its kind, and the words."""

    said: W
    pieces: tuple[Piece, ...]
    found: tuple[tuple[str, str], ...]
    found_words: tuple[int, ...]  # the numbers of these words, as redact_words takes them

    @property
    def read(self) -> str:
        """What tells the wording that was read from any other."""
        return digest(self.said.text)

    @property
    def shelf(self) -> Shelf:
        """Where it lies."""
        return shelf_of(self.said)

    @property
    def is_imperative(self) -> bool:
        """Whether it is an imperative, and no comment."""
        return isinstance(self.said, Imperative)


@dataclass(frozen=True)
class Queue:
    """Comments at the desk, undecided ones first; `new` are undecided and may be shown at once, `flagged` may not."""

    rows: Sequence[Row[Comment]]
    new: int
    flagged: int
    total: int


@dataclass(frozen=True)
class Comments:
    """The comments of a workshop on one shelf, of one deliverable or of all; `counts` are those of every shelf."""

    rows: Sequence[Row[Comment]]
    shelf: Shelf
    deliverable: Deliverable | None
    deliverables: Sequence[Deliverable]
    counts: Sequence[tuple[Shelf, int]]
    new: int


@dataclass(frozen=True)
class LogLine:
    """One decision; its comment or imperative is a number in printing order, from 1: never words, never a writer.

    An imperative has no deliverable and no scale here.
    """

    at: datetime
    about: str
    number: int
    deliverable: str
    scale: str
    decision: str
    reason: str
    by: str


def shelf_of(said: Words) -> Shelf:
    """Return where words lie: flagged ones are held and still to be looked at."""
    held = Shelf.LOOK if said.flagged else Shelf.HELD
    return SHELVES.get(CommentState(said.state), held)


def read_row(said: W) -> Row[W]:
    """Return a comment or an imperative with what is found in it, as long as nobody has decided about it."""
    found = find_names(said.text) if shelf_of(said) == Shelf.LOOK else []
    pieces: list[Piece] = []
    end = 0
    for each in found:
        pieces += [*_plain(said.text[end : each.start]), Piece(said.text[each.start : each.end], is_found=True)]
        end = each.end
    pieces += _plain(said.text[end:])
    words = tuple(dict.fromkeys((str(each.kind.label), said.text[each.start : each.end]) for each in found))
    numbers = tuple(number for number, word in enumerate(spoken_words(said.text)) if word.found) if found else ()
    return Row(said, tuple(pieces), words, numbers)


def _plain(text: str) -> Iterator[Piece]:
    marks = {mark_of(kind) for kind in FindingKind}
    for part in re.split("(" + "|".join(map(re.escape, marks)) + ")", text):
        if part:
            yield Piece(part, is_removed=part in marks)


def _comments(workshop: Workshop) -> QuerySet[Comment]:
    return Comment.objects.filter(workshop=workshop).select_related("scale__deliverable", "theme")


def read_queue(workshop: Workshop, stage: Stage | None) -> Queue:
    """Return the comments on the stage's deliverable, on all of them at a stage that has none. One query."""
    comments = _comments(workshop)
    if stage and stage.deliverable_id:
        comments = comments.filter(scale__deliverable=stage.deliverable_id)
    order = (Shelf.LOOK, Shelf.HELD, Shelf.SHOWN, Shelf.HIDDEN)
    rows = sorted(map(read_row, comments), key=lambda row: (order.index(row.shelf), not row.said.flagged))
    new = sum(row.said.state == CommentState.NEW for row in rows)
    flagged = sum(row.said.flagged for row in rows)
    return Queue([row for row in rows if row.shelf != Shelf.HIDDEN], new, flagged, len(rows))


def read_comments(workshop: Workshop, shelf: Shelf, deliverable: Deliverable | None = None) -> Comments:
    """Return the comments on one shelf, each with its log. A fixed number of queries."""
    comments = _comments(workshop).prefetch_related("decisions__user")
    if deliverable:
        comments = comments.filter(scale__deliverable=deliverable)
    everything = list(comments)
    counts = Counter(map(shelf_of, everything))
    rows = [read_row(comment) for comment in everything if shelf_of(comment) == shelf]
    return Comments(
        rows=sorted(rows, key=lambda row: not row.said.flagged),
        shelf=shelf,
        deliverable=deliverable,
        deliverables=list(workshop.edition.deliverables.all()),
        counts=[(each, counts[each]) for each in Shelf],
        new=sum(comment.state == CommentState.NEW for comment in everything),
    )


def read_log(workshop: Workshop) -> list[LogLine]:
    """Return every decision about comments and imperatives, in the order they were made. Three queries."""
    numbers = {
        model: {pk: n for n, pk in enumerate(model.objects.filter(workshop=workshop).values_list("pk", flat=True), 1)}
        for model in (Comment, Imperative)
    }
    here = Q(comment__workshop=workshop) | Q(imperative__workshop=workshop)
    decisions = WordsDecision.objects.filter(here).select_related("comment__scale__deliverable", "user").order_by("pk")
    lines = []
    for each in decisions:
        scale = each.comment.scale if each.comment else None
        number = numbers[Comment][each.comment_id] if each.comment_id else numbers[Imperative][each.imperative_id or 0]
        lines.append(
            LogLine(
                at=each.at,
                about=_("Comment") if scale else _("Imperative"),
                number=number,
                deliverable=scale.deliverable.name if scale else "",
                scale=str(scale.get_kind_display()) if scale else "",
                decision=str(each.get_decision_display()),
                reason=each.reason,
                by=each.name,
            )
        )
    return lines
