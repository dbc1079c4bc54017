"""Where the room agrees and disagrees: the middle half of every scale as a bar, the narrowest at the top."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.charts.ranking import RankedScale, Ranking
from ratings.charts.scene import PRINT, Box, Dots, Form, Label, Line, Mark, Scene, Spots, fitted
from ratings.charts.strip import TONES, NumberLine
from ratings.charts.words import number
from workshops.choices import ScaleKind

ROOMY = 40
"""So many texts wide, a picture has room for names beside its bars; a narrower one has them above."""
AT_EASE = 12
"""More scales than this are set closer."""


def agreement(ranking: Ranking, *, id: str, title: str, form: Form = PRINT) -> Scene | None:
    """Return the bars of the scales that are in order, with the reach and the median of each; None where none are."""
    if not ranking.is_an_order:
        return None
    text, scales = form.text, ranking.scales
    beside = form.width > text * ROOMY
    left = form.width * 0.38 if beside else 0.0
    right = text * 5 if beside else 0.0
    axis = NumberLine(form.width - left - right)
    row = text * ((3.0 if len(scales) <= AT_EASE else 2.4) if beside else 4.2)
    foot = text * 1.8
    top = foot + row * len(scales)
    bars: list[Mark] = []
    dots: list[Mark] = []
    names: list[Mark] = []
    spots: list[Mark] = []
    for n, scale in enumerate(scales):
        ceiling = top - row * n
        middle = ceiling - row / 2 if beside else ceiling - text * 3.1
        bars += _bar(scale, axis, left, middle, form)
        dots.append(Dots(((left + axis.x(scale.spread.median), middle),), "paper", text * 0.5))
        names += _names(scale, left, ceiling, row, form, beside=beside)
        low, high = (left + axis.x(scale.spread.low), left + axis.x(scale.spread.high))
        spots.append(
            Spots.across(
                (low - text * 0.4, middle - text * 0.6), (high + text * 0.4, middle + text * 0.6), _says(scale)
            )
        )
    marks = [*_ground(axis, left, foot, top, form), *bars, *dots, *names, *spots]
    return Scene(id, title, _describe(ranking), form.width, top, form.unit, tuple(marks), _rows(ranking))


def _ground(axis: NumberLine, left: float, foot: float, top: float, form: Form) -> list[Mark]:
    """Return the line of numbers with a faint line up from each."""
    marks: list[Mark] = []
    for score in range(11):
        x, strong = left + axis.x(score), score in (0, 5, 10)
        marks.append(
            Line((x, foot), (x, top), "ink3" if score == 5 else "rule", form.line * 0.6, dashed=score == 5),
        )
        marks.append(
            Label(
                (x, foot - form.text), str(score), form.text, "ink" if strong else "ink2", weight=700 if strong else 400
            )
        )
    marks.append(Line((left + axis.x(-0.5), foot), (left + axis.x(10.5), foot), "ink", form.line))
    return marks


def _bar(scale: RankedScale, axis: NumberLine, left: float, middle: float, form: Form) -> list[Mark]:
    """Return the line from lowest to highest and the bar of the middle half: round ends are being, square progress."""
    spread, r = scale.spread, form.text * 0.45
    marks: list[Mark] = []
    if spread.low != spread.high:
        ends = (left + axis.x(spread.low), middle), (left + axis.x(spread.high), middle)
        marks.append(Line(*ends, "ink3", form.line * 1.4))
    q1, q3 = left + axis.x(spread.q1), left + axis.x(spread.q3)
    q1, q3 = min(q1, (q1 + q3) / 2 - r), max(q3, (q1 + q3) / 2 + r)  # one score alone is seen too
    marks.append(
        Box(
            (q1, middle - r),
            (q3, middle + r),
            TONES[scale.kind][0],
            radius=r if scale.kind is ScaleKind.BEING else r * 0.2,
        )
    )
    return marks


def _names(scale: RankedScale, left: float, ceiling: float, row: float, form: Form, *, beside: bool) -> list[Mark]:
    """Return what a bar is of, and between which numbers it runs."""
    text, tone = form.text, TONES[scale.kind][0]
    runs = _("%(q1)s to %(q3)s") % _numbers(scale)
    kind = str(scale.kind.label)
    if beside:
        middle = ceiling - row / 2
        return [
            Label(
                (0, middle + text * 0.58),
                fitted(scale.deliverable, text, left - text, bold=True),
                text,
                "ink",
                "start",
                600,
            ),
            Label((0, middle - text * 0.58), kind, text, tone, "start"),
            Label((form.width, middle), runs, text, "ink", "end", 600),
        ]
    ends = Label((form.width, ceiling - text * 0.8), runs, text, "ink", "end", 600)
    words = fitted(scale.deliverable, text, form.width - ends.length - text, bold=True)
    return [
        Label((0, ceiling - text * 0.8), words, text, "ink", "start", 600),
        Label((0, ceiling - text * 2.0), kind, text, tone, "start"),
        ends,
    ]


def _numbers(scale: RankedScale) -> dict[str, str | int]:
    spread = scale.spread
    return {
        "name": scale.name,
        "q1": number(spread.q1),
        "q3": number(spread.q3),
        "median": number(spread.median),
        "low": spread.low,
        "high": spread.high,
        "n": scale.summary.n,
    }


def _says(scale: RankedScale) -> str:
    """Return all that a bar shows."""
    words = ngettext(
        "%(name)s: middle half %(q1)s to %(q3)s, median %(median)s, lowest %(low)s, highest %(high)s, %(n)s score",
        "%(name)s: middle half %(q1)s to %(q3)s, median %(median)s, lowest %(low)s, highest %(high)s, %(n)s scores",
        scale.summary.n,
    )
    return words % _numbers(scale)


def _describe(ranking: Ranking) -> str:
    """Return every bar in order, and which scales have none."""
    words = [_("The closest together first. %(scales)s.") % {"scales": "; ".join(map(_says, ranking.scales))}]
    if ranking.left_out:
        names = "; ".join(f"{scale.name}, {scale.why_not}" for scale in ranking.left_out)
        words.append(_("Not in the picture: %(names)s.") % {"names": names})
    return " ".join(words)


def _rows(ranking: Ranking) -> tuple[tuple[str, ...], ...]:
    """Return the table: the scales in order, then those that have no place in it, with the reason."""
    head = (
        _("Scale"),
        _("Middle half"),
        _("Points wide"),
        _("Mean distance from the median"),
        _("Lowest to highest"),
        _("Scores"),
    )
    rows = [
        (
            scale.name,
            _("%(q1)s to %(q3)s") % _numbers(scale),
            number(scale.spread.width),
            f"{scale.distance:.2f}",
            _("%(low)s to %(high)s") % _numbers(scale),
            str(scale.summary.n),
        )
        for scale in ranking.scales
    ]
    rows += [(scale.name, scale.why_not, "·", "·", "·", "·") for scale in ranking.left_out]
    return (head, *rows)
