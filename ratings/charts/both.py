"""Both scales of a deliverable on one line: being at the goal above, making progress below, the gap between them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.charts.packing import pack_column
from ratings.charts.scene import WALL, Box, Dots, Form, Label, Line, Mark, Scene, Shape
from ratings.charts.strip import TONES, NumberLine, beside, outline
from ratings.charts.words import describe_scale, number, people_at, scale_rows
from ratings.summaries import ScaleSummary, Spread
from workshops.choices import ScaleKind

HEIGHTS = {"mm": 60.0, "rem": 16.8, "px": 220.0}
LAYERS = (Box, Line, Dots, Shape, Label)
"""What lies under what: bands, lines and the bar between the medians are under the dots of both scales."""


def both(
    being: ScaleSummary,
    progress: ScaleSummary,
    *,
    id: str,
    title: str,
    form: Form = WALL,
    height: float | None = None,
    own: tuple[int | None, int | None] = (None, None),
) -> Scene | None:
    """Return both scales with the gap between their medians; None unless both have scores.

    The columns of `own`, one person's scores on the two scales, are outlined: for that person's eyes only.
    """
    above, below = being.spread, progress.spread
    if above is None or below is None:
        return None
    height = height or HEIGHTS[form.unit]
    text = form.text
    axis = NumberLine(form.width)
    middle, half, edge = height / 2, text * 0.95, text * 1.75
    lift = text * 0.25
    room = middle - half - edge - lift
    most = max(*being.counts, *progress.counts)
    packing = pack_column(most, width=axis.step * 0.88, height=room, largest=form.dot, single_file=form.single_file)
    marks: list[Mark] = _gap(axis, above, below, middle, text)
    outlines: list[Mark] = []
    for summary, spread, kind, up, mine in (
        (being, above, ScaleKind.BEING, True, own[0]),
        (progress, below, ScaleKind.PROGRESS, False, own[1]),
    ):
        tone, tint = TONES[kind]
        base, end = (middle + half, height - edge) if up else (middle - half, edge)
        median = axis.x(spread.median)
        marks += [
            Box(
                (axis.x(spread.q1 - 0.5), min(base, end)),
                (axis.x(spread.q3 + 0.5), max(base, end)),
                tint,
                radius=text * 0.2,
            ),
            Line((axis.x(-0.5), base), (axis.x(10.5), base), "ink", form.line),
            Line((median, base), (median, end), "ink", form.line * 1.3),
        ]
        start = base + lift if up else base - lift
        marks += [
            Dots(
                packing.column(count, x=axis.x(score), base=start, up=up),
                tone,
                packing.dot,
                hover=people_at(score, count),
            )
            for score, count in enumerate(summary.counts)
            if count
        ]
        out = text * 0.76 if up else -text * 0.76
        tip = end + out * 0.08
        marks.append(Shape(((median - text * 0.5, end + out), (median + text * 0.5, end + out), (median, tip)), "ink"))
        if mine is not None:
            outlines.append(outline(axis, mine, min(base, end), max(base, end), form))
        marks.append(_named(kind, spread, median, end + out * 1.1, form))
    marks.sort(key=lambda mark: LAYERS.index(type(mark)))
    marks += outlines
    return Scene(
        id,
        title,
        _describe(being, above, progress, below),
        form.width,
        height,
        form.unit,
        tuple(marks),
        scale_rows((_("Being at the goal"), being), (_("Making progress"), progress)),
    )


def _named(kind: ScaleKind, spread: Spread, x: float, y: float, form: Form) -> Mark:
    """Return the name of a scale and its median beside the pointer, shorter where the picture is narrow."""
    long = {
        ScaleKind.BEING: _("Being at the goal, median %(median)s"),
        ScaleKind.PROGRESS: _("Making progress, median %(median)s"),
    }[kind]
    short = {ScaleKind.BEING: _("Being %(median)s"), ScaleKind.PROGRESS: _("Progress %(median)s")}[kind]
    median = {"median": number(spread.median)}
    label = beside(x, y, long % median, form.text, form.width)
    runs_out = label.align == "end" and label.length > label.at[0]
    return beside(x, y, short % median, form.text, form.width) if runs_out else label


def _gap(axis: NumberLine, above: Spread, below: Spread, middle: float, text: float) -> list[Mark]:
    """Return the line of numbers, the medians in their shapes (being round, progress square), and what is between.

    Medians may be half numbers: they then stand between two numbers. Equal medians share a place, disc on square.
    """
    low, high = sorted((above.median, below.median))
    marks: list[Mark] = []
    if low != high:
        marks.append(Box((axis.x(low), middle - text * 0.2), (axis.x(high), middle + text * 0.2), "ink"))
    for score in range(11):
        if low <= score <= high:  # the shapes and the bar between them are here
            continue
        at_end = score in (0, 10)
        marks.append(
            Label((axis.x(score), middle), str(score), text, "ink" if at_end else "ink2", weight=700 if at_end else 400)
        )
    square = 1.6 * text if low != high else 1.84 * text
    x = axis.x(below.median)
    marks.append(
        Box(
            (x - square / 2, middle - square / 2), (x + square / 2, middle + square / 2), "progress", radius=text * 0.16
        )
    )
    marks.append(Dots(((axis.x(above.median), middle),), "being", text * 1.72))
    for value in {low, high}:
        marks.append(Label((axis.x(value), middle), number(value), text, "on_tone", weight=700))
    return marks


def _describe(being: ScaleSummary, above: Spread, progress: ScaleSummary, below: Spread) -> str:
    """Return both descriptions and the gap."""
    gap = abs(above.median - below.median)
    between = (
        ngettext("%(gap)s point between the medians.", "%(gap)s points between the medians.", 1 if gap == 1 else 2)
        % {"gap": number(gap)}
        if gap
        else _("The medians are the same.")
    )
    return " ".join(
        [
            _("Above the line, being at the goal: %(words)s") % {"words": describe_scale(being, above)},
            _("Below the line, making progress: %(words)s") % {"words": describe_scale(progress, below)},
            between,
        ]
    )
