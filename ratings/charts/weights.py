"""What is said of each deliverable: how many comments tell what works, what worries and what comes next.

Black, white and hatching alone tell the parts apart, and a sign with its count says the same below each. Comments are
counted, never people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.charts.packing import spread_out
from ratings.charts.palette import Role
from ratings.charts.scene import PRINT, Box, Form, Label, Line, Mark, Point, Scene, Spots, fitted, text_length
from ratings.summaries import MarkSummary

Hatching = Literal["", "slanted", "upright"]
AT_EASE = 6
"""More deliverables than this are set closer."""


@dataclass(frozen=True)
class Weighed:
    """A deliverable and the marks of its comments."""

    no: int
    label: str
    marks: MarkSummary

    @property
    def name(self) -> str:
        """The deliverable with its number."""
        return f"{self.no} {self.label}"


@dataclass(frozen=True)
class Part:
    """A part of a bar: what its comments are marked as, the sign that the journal sets before them, and its look."""

    name: str
    sign: str
    count: int
    fill: Role
    hatching: Hatching = ""


def parts_of(marks: MarkSummary) -> tuple[Part, ...]:
    """Return all parts, empty ones too, in the order in which the journal prints comments."""
    return (
        Part(_("Working well"), "+", marks.well, "ink"),
        Part(_("Worries"), "!", marks.worry, "paper", "slanted"),
        Part(_("Next steps"), "→", marks.next, "rule"),
        Part(_("Not marked"), "·", marks.unmarked, "paper"),
        Part(_("One point higher"), "↑", marks.higher, "paper", "upright"),
    )


def weights(weighed: Sequence[Weighed], *, id: str, title: str, form: Form = PRINT) -> Scene | None:
    """Return a bar a deliverable, as long as its comments are many; None where no comment is marked."""
    if not any(each.marks.marked for each in weighed):
        return None
    most = max(each.marks.n for each in weighed)
    used = [part.sign for part in parts_of(_sum(weighed)) if part.count]
    key = _key([part for part in parts_of(_sum(weighed)) if part.sign in used], form)
    room = _Room.of(len(weighed), form)
    height = room.height * len(weighed) - room.gap + form.text * (1.6 * (key[-1][2] + 1) + 0.4)
    marks: list[Mark] = []
    spots: list[Mark] = []
    for part, x, line in key:
        top = height - form.text * 1.6 * line
        marks += _look(part, (x, top - form.text * 1.1), (x + form.text * 1.5, top - form.text * 0.2), form)
        words = f"{part.sign} {part.name}"
        marks.append(Label((x + form.text * 1.9, top - form.text * 0.65), words, form.text, "ink2", "start"))
    top = room.height * len(weighed) - room.gap
    for n, each in enumerate(weighed):
        drawn, answers = _row(each, top - room.height * n, most, room, form)
        marks += drawn
        spots += answers
    return Scene(id, title, _describe(weighed), form.width, height, form.unit, (*marks, *spots), _rows(weighed))


@dataclass(frozen=True)
class _Room:
    """How high the parts of a row are: the bar, the counts below it and the gap to the next; the name is above."""

    name: float
    bar: float
    counts: float
    gap: float

    @classmethod
    def of(cls, rows: int, form: Form) -> _Room:
        """Return the room that so many rows leave one."""
        name, *sizes = (1.5, 1.5, 1.5, 1.1) if rows <= AT_EASE else (1.4, 1.0, 1.3, 0.5)
        return cls(name * form.text, *(size * form.text for size in sizes))

    @property
    def height(self) -> float:
        """How high a row is."""
        return self.name + self.bar + self.counts + self.gap


def _row(each: Weighed, top: float, most: int, room: _Room, form: Form) -> tuple[list[Mark], list[Mark]]:
    """Return a deliverable's name, bar and counts, and where the bar answers."""
    text, line = form.text, top - form.text * 0.7
    total = Label((form.width, line), _comments(each.marks.n), text, "ink2", "end")
    name = fitted(each.name, text, form.width - total.length - text, bold=True)
    marks: list[Mark] = [Label((0, line), name, text, "ink", "start", 600), total]
    spots: list[Mark] = []
    high, low = top - room.name, top - room.name - room.bar
    shown, left = [], 0.0
    for part in parts_of(each.marks):
        if not part.count:
            continue
        width = form.width * part.count / most
        marks += _look(part, (left, low), (left + width, high), form)
        says = _("%(name)s: %(part)s, %(comments)s")
        words = {"name": each.name, "part": part.name.lower(), "comments": _comments(part.count)}
        spots.append(Spots.across((left, low), (left + width, high), says % words))
        shown.append((left, f"{part.sign} {part.count}"))
        left += width
    lengths = [text_length(words, text, bold=True) for _left, words in shown]
    starts = spread_out([left for left, _words in shown], lengths, limit=form.width, gap=text * 0.6)
    marks += [
        Label((x, low - room.counts * 0.55), words, text, "ink", "start", 600)
        for x, (_left, words) in zip(starts, shown, strict=True)
    ]
    return marks, spots


def _look(part: Part, low: Point, high: Point, form: Form) -> list[Mark]:
    """Return a box with its hatching, which ends at its edges."""
    (left, bottom), (right, top) = low, high
    thin = form.line * 0.8
    inset = min(thin / 2, (right - left) / 2)  # the edge is inside, so that a bar is no longer than its count
    marks: list[Mark] = [
        Box((left + inset, bottom + inset), (right - inset, top - inset), part.fill, stroke="ink", width=thin)
    ]
    tall, apart = top - bottom, form.text * (0.45 if part.hatching == "slanted" else 0.35)
    x = left + apart if part.hatching == "upright" else left - tall + apart
    while part.hatching and x < right - thin:
        if part.hatching == "upright":
            marks.append(Line((x, bottom), (x, top), "ink", thin))
        else:
            start, end = max(x, left), min(x + tall, right)
            marks.append(Line((start, bottom + start - x), (end, bottom + end - x), "ink", thin))
        x += apart
    return marks


def _key(parts: Sequence[Part], form: Form) -> list[tuple[Part, float, int]]:
    """Return which part the key names where: how far from the left, and on which line of it."""
    places: list[tuple[Part, float, int]] = []
    x, line = 0.0, 0
    for part in parts:
        length = form.text * 1.9 + text_length(f"{part.sign} {part.name}", form.text)
        if x and x + length > form.width:
            x, line = 0.0, line + 1
        places.append((part, x, line))
        x += length + form.text * 1.2
    return places


def _sum(weighed: Sequence[Weighed]) -> MarkSummary:
    """Return the marks of all comments together."""
    totals = [[part.count for part in parts_of(each.marks)] for each in weighed]
    return MarkSummary(*(sum(column) for column in zip(*totals, strict=True)))


def _comments(count: int) -> str:
    return ngettext("%(n)s comment", "%(n)s comments", count) % {"n": count}


def _describe(weighed: Sequence[Weighed]) -> str:
    """Return every count in words."""
    rows = []
    for each in weighed:
        counts = ", ".join(f"{part.name.lower()} {part.count}" for part in parts_of(each.marks) if part.count)
        words = {"name": each.name, "comments": _comments(each.marks.n), "counts": counts}
        rows.append((_("%(name)s: %(comments)s, %(counts)s.") if counts else _("%(name)s: %(comments)s.")) % words)
    return " ".join([_("Comments, not people."), *rows])


def _rows(weighed: Sequence[Weighed]) -> tuple[tuple[str, ...], ...]:
    """Return the table of all counts."""
    head = (_("Deliverable"), *(part.name for part in parts_of(MarkSummary())), _("All comments"))
    rows = [(each.name, *(str(part.count) for part in parts_of(each.marks)), str(each.marks.n)) for each in weighed]
    return (head, *rows)
