"""The strip: one scale, each dot a person over the number they gave; and the annotated strip that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ratings.charts.packing import pack_column
from ratings.charts.palette import Role
from ratings.charts.scene import (
    CELL,
    PRINT,
    Align,
    Box,
    Dots,
    Form,
    Label,
    Line,
    Mark,
    Scene,
    Shape,
    moved,
    text_length,
)
from ratings.charts.words import describe_scale, number, people_at, scale_rows
from ratings.summaries import ScaleSummary, Spread, summarise_scores
from workshops.choices import ScaleKind

HEIGHTS = {"mm": 40.0, "rem": 14.8, "px": 150.0}
MINI_HEIGHTS = {"mm": 33.0, "rem": 8.0, "px": 96.0}
TONES: dict[ScaleKind, tuple[Role, Role]] = {
    ScaleKind.BEING: ("being", "being_tint"),
    ScaleKind.PROGRESS: ("progress", "progress_tint"),
}
"""Each scale's colour and its tint."""
EXAMPLE = summarise_scores([2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 7, 7, 9])
EXAMPLE_SPREAD = Spread(median=5, q1=4, q3=6, low=2, high=9, mean=5.0625)
"""Made-up scores for the page that says how to read."""


@dataclass(frozen=True)
class NumberLine:
    """0 to 10 across a width, with a little more than half a step at either end."""

    width: float
    margin: float = 0.6

    @property
    def step(self) -> float:
        """From one number to the next."""
        return self.width / (10 + 2 * self.margin)

    def x(self, value: float) -> float:
        """Where a value stands."""
        return (value + self.margin) * self.step


def strip(
    summary: ScaleSummary,
    *,
    id: str,
    title: str,
    kind: ScaleKind,
    form: Form = PRINT,
    height: float | None = None,
    ends: tuple[str, str] = ("", ""),
    own: int | None = None,
) -> Scene | None:
    """Return the strip of one scale; None when nobody gave a score.

    `ends` are the short words for 0 and 10, set under the axis; `height` is in the form's unit. The column of `own`, a
    score that one person gave, is outlined: for that person's eyes only.
    """
    spread = summary.spread
    if spread is None:
        return None
    height = height or HEIGHTS[form.unit]
    marks = _strip_marks(summary, spread, kind, form, height, ends)
    if own is not None:
        marks += (outline(NumberLine(form.width), own, 0, height - form.text * 1.85, form),)
    table = scale_rows((_("People"), summary))
    return Scene(id, title, describe_scale(summary, spread), form.width, height, form.unit, marks, table)


def outline(axis: NumberLine, score: int, low: float, high: float, form: Form) -> Box:
    """Return the outline of a score's column: one person's own answer, without saying which dot is theirs."""
    inset = 0.5 - form.line / axis.step
    return Box(
        (axis.x(score - inset), low + form.line),
        (axis.x(score + inset), high),
        stroke="ink",
        width=form.line * 1.6,
        radius=form.text * 0.2,
    )


def mini_strip(
    summary: ScaleSummary, *, id: str, title: str, kind: ScaleKind, form: Form = CELL, height: float | None = None
) -> Scene | None:
    """Return a strip for a table's cell, with only 0, 5 and 10 written; None when nobody gave a score."""
    spread = summary.spread
    if spread is None:
        return None
    height = height or MINI_HEIGHTS[form.unit]
    small = form.text * 0.88
    axis = NumberLine(form.width, margin=0.75)
    foot, top = small * 1.35, height - form.text * 1.4
    marks = (
        *_numbers(axis, (0, 5, 10), foot=foot, size=small, tick=0),
        *_body(summary, spread, axis, kind, form, foot=foot, top=top),
        *_pointer(axis.x(spread.median), top, size=form.text * 0.75),
        beside(axis.x(spread.median), top + form.text * 0.66, number(spread.median), form.text * 1.16, form.width),
    )
    table = scale_rows((_("People"), summary))
    return Scene(id, title, describe_scale(summary, spread), form.width, height, form.unit, marks, table)


def key_strip(*, id: str, width: float = 168, height: float = 44) -> Scene:
    """Return an example with call-outs, for the page that says how to read; made up, and said to be."""
    form = PRINT.sized(width=104)
    inner = _strip_marks(EXAMPLE, EXAMPLE_SPREAD, ScaleKind.BEING, form, 36, ("", ""))
    left, low = 32.0, 2.0
    axis, top = NumberLine(form.width), low + 36 - form.text * 1.85
    first = next(mark.at[0] for mark in inner if isinstance(mark, Dots))
    median, band_end = left + axis.x(EXAMPLE_SPREAD.median), left + axis.x(EXAMPLE_SPREAD.q3 + 0.5)
    marks = [moved(mark, left, low) for mark in inner]
    marks += _call((median - 2.6, top + 1.2), (30, top + 1.2), (_("Median"), _("the middle person")), "end")
    marks += _call(
        (left + first[0] - 2.2, low + first[1]), (30, low + first[1] + 6), (_("One person"), _("scored 2")), "end"
    )
    marks += _call((band_end - 1, top - 8), (137, top - 8), (_("Middle half"), _("from 4 to 6")), "start")
    desc = _(
        "A made-up example: sixteen dots over the numbers 0 to 10, each one person; "
        "the middle half tinted from 4 to 6, a pointer at the median, 5."
    )
    return Scene(id, _("How to read a strip"), desc, width, height, "mm", tuple(marks))


def _strip_marks(
    summary: ScaleSummary, spread: Spread, kind: ScaleKind, form: Form, height: float, ends: tuple[str, str]
) -> tuple[Mark, ...]:
    """Return all that a strip is drawn of."""
    text = form.text
    axis = NumberLine(form.width)
    foot = text * (3.2 if any(ends) else 1.78)
    top = height - text * 1.85
    median = axis.x(spread.median)
    words = _("Median %(median)s") % {"median": number(spread.median)}
    marks: list[Mark] = [
        *_numbers(axis, range(11), foot=foot, size=text, tick=form.line * 0.8),
        *_body(summary, spread, axis, kind, form, foot=foot, top=top),
        *_pointer(median, top, size=text),
        beside(median, top + text * 0.83, words, text, form.width),
    ]
    if any(ends):
        marks += [
            Label((axis.x(-0.5), text * 0.7), ends[0], text, "ink2", "start"),
            Label((axis.x(10.5), text * 0.7), ends[1], text, "ink2", "end"),
        ]
    return tuple(marks)


def _body(
    summary: ScaleSummary, spread: Spread, axis: NumberLine, kind: ScaleKind, form: Form, *, foot: float, top: float
) -> list[Mark]:
    """Return the band of the middle half, the axis, the median's line behind the dots, and the dots."""
    tone, tint = TONES[kind]
    lift = form.text * 0.3
    packing = pack_column(
        max(form.most, *summary.counts),
        width=axis.step * 0.88,
        height=top - foot - lift,
        largest=form.dot,
        single_file=form.single_file,
    )
    dots = (
        Dots(packing.column(count, x=axis.x(score), base=foot + lift), tone, packing.dot, hover=people_at(score, count))
        for score, count in enumerate(summary.counts)
        if count
    )
    return [
        Box((axis.x(spread.q1 - 0.5), foot), (axis.x(spread.q3 + 0.5), top), tint, radius=form.text * 0.2),
        Line((axis.x(-0.5), foot), (axis.x(10.5), foot), "ink", form.line),
        Line((axis.x(spread.median), foot), (axis.x(spread.median), top), "ink", form.line * 1.3),
        *dots,
    ]


def _numbers(axis: NumberLine, scores: Sequence[int], *, foot: float, size: float, tick: float) -> list[Mark]:
    """Return the numbers under the axis, its ends in bold; with ticks of width `tick` unless it is 0."""
    marks: list[Mark] = []
    for score in scores:
        at_end = score in (0, 10)
        if tick:
            marks.append(Line((axis.x(score), foot), (axis.x(score), foot - size * 0.3), "ink", tick))
        below = foot - size * (1.02 if tick else 0.75)
        marks.append(
            Label((axis.x(score), below), str(score), size, "ink" if at_end else "ink2", weight=700 if at_end else 400)
        )
    return marks


def _pointer(x: float, top: float, *, size: float) -> list[Mark]:
    """Return the triangle that points down at the median."""
    return [
        Shape(((x - size * 0.5, top + size * 0.76), (x + size * 0.5, top + size * 0.76), (x, top + size * 0.06)), "ink")
    ]


def beside(x: float, y: float, words: str, size: float, width: float) -> Label:
    """Return bold words to the right of the pointer, or to its left where the picture ends."""
    fits = x + size * 0.76 + text_length(words, size, bold=True) <= width
    return Label((x + size * (0.76 if fits else -0.76), y), words, size, align="start" if fits else "end", weight=700)


def _call(at: tuple[float, float], to: tuple[float, float], words: tuple[str, str], align: Align) -> list[Mark]:
    """Return a line from a mark to two lines of words that explain it."""
    x = to[0] + (1.2 if align == "start" else -1.2)
    return [
        Line(at, to, "ink2", 0.21),
        Label((x, to[1]), words[0], 3.18, "ink", align, 600),
        Label((x, to[1] - 4.1), words[1], 3.18, "ink2", align),
    ]
