"""What a facilitator reads of the comments: those to look at, each with what was found in it, and the log."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.enums import TextChoices
from django.utils.translation import gettext_lazy as _

from ratings.choices import CommentState
from ratings.commenting import digest, spoken_words
from ratings.models import Comment, CommentDecision
from ratings.names import FindingKind, find_names, mark_of
from workshops.models import Deliverable, Stage, Workshop


class Shelf(TextChoices):
    """Where a comment lies for a facilitator: to look at, until something is decided about it."""

    LOOK = "look", _("To look at")
    SHOWN = "shown", _("Shown")
    HELD = "held", _("Held")
    HIDDEN = "hidden", _("Hidden")


SHELVES = {CommentState.NEW: Shelf.LOOK, CommentState.SHOWN: Shelf.SHOWN, CommentState.HIDDEN: Shelf.HIDDEN}


@dataclass(frozen=True)
class Piece:
    """A part of a comment: plain words, something `found` in it, or the mark where something was `removed`."""

    text: str
    is_found: bool = False
    is_removed: bool = False


@dataclass(frozen=True)
class Row:
    """A comment as a facilitator sees it; `found` has what may point to a person: its kind in words, and the words."""

    comment: Comment
    pieces: tuple[Piece, ...]
    found: tuple[tuple[str, str], ...]
    found_words: tuple[int, ...]  # the numbers of these words, as redact_comment takes them

    @property
    def read(self) -> str:
        """What tells the wording that was read from any other."""
        return digest(self.comment.text)

    @property
    def shelf(self) -> Shelf:
        """Where it lies."""
        return shelf_of(self.comment)


@dataclass(frozen=True)
class Queue:
    """Comments at the desk, undecided ones first; `new` are undecided and may be shown at once, `flagged` may not."""

    rows: Sequence[Row]
    new: int
    flagged: int
    total: int


@dataclass(frozen=True)
class Comments:
    """The comments of a workshop on one shelf, of one deliverable or of all; `counts` are those of every shelf."""

    rows: Sequence[Row]
    shelf: Shelf
    deliverable: Deliverable | None
    deliverables: Sequence[Deliverable]
    counts: Sequence[tuple[Shelf, int]]
    new: int


@dataclass(frozen=True)
class LogLine:
    """One decision; the comment is a number in printing order, from 1: never its words, never its writer."""

    at: datetime
    number: int
    deliverable: str
    scale: str
    decision: str
    reason: str
    by: str


def shelf_of(comment: Comment) -> Shelf:
    """Return where a comment lies: a flagged one is held and still to be looked at."""
    held = Shelf.LOOK if comment.flagged else Shelf.HELD
    return SHELVES.get(CommentState(comment.state), held)


def read_row(comment: Comment) -> Row:
    """Return a comment with what is found in it, as long as nobody has decided about it."""
    found = find_names(comment.text) if shelf_of(comment) == Shelf.LOOK else []
    pieces: list[Piece] = []
    end = 0
    for each in found:
        pieces += [*_plain(comment.text[end : each.start]), Piece(comment.text[each.start : each.end], is_found=True)]
        end = each.end
    pieces += _plain(comment.text[end:])
    words = tuple(dict.fromkeys((str(each.kind.label), comment.text[each.start : each.end]) for each in found))
    numbers = tuple(number for number, word in enumerate(spoken_words(comment.text)) if word.found) if found else ()
    return Row(comment, tuple(pieces), words, numbers)


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
    rows = sorted(map(read_row, comments), key=lambda row: (order.index(row.shelf), not row.comment.flagged))
    new = sum(row.comment.state == CommentState.NEW for row in rows)
    flagged = sum(row.comment.flagged for row in rows)
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
        rows=sorted(rows, key=lambda row: not row.comment.flagged),
        shelf=shelf,
        deliverable=deliverable,
        deliverables=list(workshop.edition.deliverables.all()),
        counts=[(each, counts[each]) for each in Shelf],
        new=sum(comment.state == CommentState.NEW for comment in everything),
    )


def read_log(workshop: Workshop) -> list[LogLine]:
    """Return every decision in the order they were made. Two queries."""
    numbers = {pk: n for n, pk in enumerate(Comment.objects.filter(workshop=workshop).values_list("pk", flat=True), 1)}
    decisions = CommentDecision.objects.filter(comment__workshop=workshop).order_by("pk")
    return [
        LogLine(
            at=each.at,
            number=numbers[each.comment_id],
            deliverable=each.comment.scale.deliverable.name,
            scale=str(each.comment.scale.get_kind_display()),
            decision=str(each.get_decision_display()),
            reason=each.reason,
            by=each.user.get_username() if each.user else "",
        )
        for each in decisions.select_related("comment__scale__deliverable", "user")
    ]
