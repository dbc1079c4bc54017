"""The map: each deliverable a numbered disc at the medians of its two scales, with the reach of the middle half."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot

from django.utils.translation import gettext as _

from ratings.charts.ranking import Rated
from ratings.charts.scene import PRINT, Align, Box, Dots, Form, Label, Line, Mark, Point, Scene, text_length
from ratings.charts.words import number
from ratings.summaries import Spread

WIDTHS = {"mm": 168.0, "rem": 21.0, "px": 440.0}
Area = tuple[float, float, float, float]
"""Left, low, right, top."""


@dataclass(frozen=True)
class Place:
    """A deliverable on the map; `at` is where its disc is drawn, apart from others at the same medians."""

    no: int
    name: str
    being: Spread
    progress: Spread
    middle: Point
    at: Point
    reach: Area


def quadrant(
    deliverables: Sequence[Rated],
    *,
    id: str,
    title: str,
    form: Form = PRINT,
    width: float | None = None,
    names: bool = True,
) -> Scene | None:
    """Return the map of the deliverables that have scores on both scales; None when none has.

    With `names` each disc has its name beside it where there is room; without, only its number.
    """
    width = width or WIDTHS[form.unit]
    text = form.text
    left, low, side = text * 2.2, text * 3.6, width - text * 3.4
    disc = text * (2.55 if len(deliverables) <= 5 else 1.95)
    places = _places(deliverables, left, low, side / 10, apart=disc * 1.08)
    if not places:
        return None
    marks = _ground(left, low, side, form)
    for place in places:
        marks.append(Box(place.reach[:2], place.reach[2:], "paper", "ink3", form.line * 0.8, text * 0.25, dashed=True))
    for place in places:
        x, y = place.middle
        marks.append(Line((place.reach[0], y), (place.reach[2], y), "being", text * 0.25))
        marks.append(Line((x, place.reach[1]), (x, place.reach[3]), "progress", text * 0.25))
    marks += [Line(place.middle, place.at, "ink", form.line) for place in places if place.at != place.middle]
    for place in places:
        hover = _("%(name)s: being at the goal %(being)s, making progress %(progress)s") % _words(place)
        marks.append(Dots((place.at,), "ink", disc, stroke="paper", width=text * 0.16, hover=hover))
        marks.append(Label(place.at, str(place.no), max(text, disc * 0.52), "paper", weight=700))
    if names:
        quarters = [_area(mark) for mark in marks if isinstance(mark, Label)]
        marks += _names(places, (left, low, left + side, low + side), text, quarters)
    desc = "; ".join(
        _("%(no)s %(name)s: being at the goal %(being)s, making progress %(progress)s") % _words(place)
        for place in places
    )
    rows = [
        (
            f"{place.no} {place.name}",
            _("%(median)s (%(q1)s to %(q3)s)") % _numbers(place.being),
            _("%(median)s (%(q1)s to %(q3)s)") % _numbers(place.progress),
        )
        for place in places
    ]
    head = (_("Deliverable"), _("Being at the goal: median (middle half)"), _("Making progress: median (middle half)"))
    height = low + side + text * 2.4
    return Scene(
        id, title, _("Medians. %(places)s.") % {"places": desc}, width, height, form.unit, tuple(marks), (head, *rows)
    )


def _places(deliverables: Iterable[Rated], left: float, low: float, step: float, *, apart: float) -> list[Place]:
    """Return where each deliverable stands; discs at the same medians are set side by side, `apart` from each other."""
    places: list[Place] = []
    for each in deliverables:
        being, progress = each.being.spread, each.progress.spread
        if being is None or progress is None:
            continue
        middle = (left + being.median * step, low + progress.median * step)
        reach = (left + being.q1 * step, low + progress.q1 * step, left + being.q3 * step, low + progress.q3 * step)
        nudges = [(dx * apart, dy * apart) for dx in range(-3, 4) for dy in range(-3, 4)]
        spots = [
            (middle[0] + dx, middle[1] + dy)
            for dx, dy in sorted(nudges, key=lambda nudge: (hypot(*nudge), -nudge[0], nudge[1]))
        ]
        room = [spot for spot in spots if left <= spot[0] <= left + step * 10 and low <= spot[1] <= low + step * 10]
        taken = [place.at for place in places]
        at = next(
            (spot for spot in room if all(hypot(spot[0] - x, spot[1] - y) > apart * 0.95 for x, y in taken)), middle
        )
        places.append(Place(each.no, each.label, being, progress, middle, at, reach))
    return places


def _ground(left: float, low: float, side: float, form: Form) -> list[Mark]:
    """Return the square with its grid, the lines at half way, the numbers, the axes and the names of the quarters."""
    text, line, step = form.text, form.line, side / 10
    right, top, half = left + side, low + side, side / 2
    marks: list[Mark] = [
        Box((left, low), (right, top), "ground"),
        Box((left + half, low + half), (right, top), "ground_strong"),
    ]
    for i in range(1, 10):
        marks.append(Line((left + i * step, low), (left + i * step, top), "paper", line))
        marks.append(Line((left, low + i * step), (right, low + i * step), "paper", line))
    marks += [
        Line((left + half, low), (left + half, top), "ink3", line, dashed=True),
        Line((left, low + half), (right, low + half), "ink3", line, dashed=True),
        Line((left, low), (right, low), "ink", line),
        Line((left, low), (left, top), "ink", line),
    ]
    for i in range(11) if step > text * 1.8 else (0, 5, 10):
        marks.append(Label((left + i * step, low - text * 1.05), str(i), text, "ink2"))
        marks.append(Label((left - text * 0.6, low + i * step), str(i), text, "ink2", "end"))
    quarters: tuple[tuple[str, str, float, float, Align], ...] = (
        (_("On the move"), _("far to go, going well"), left + text * 0.9, top - text * 1.3, "start"),
        (_("Arriving"), _("high on both"), right - text * 0.9, top - text * 1.3, "end"),
        (_("Not yet moving"), _("low on both"), left + text * 0.9, low + text * 2.3, "start"),
        (_("Holding"), _("close, but not advancing"), right - text * 0.9, low + text * 2.3, "end"),
    )
    roomy = side > text * 32  # a wall has room for the names alone
    for name, meaning, x, y, align in quarters:
        marks.append(
            Label(
                (x, y if roomy or y > low + half else low + text * 1.0),
                name,
                text * (1.25 if roomy else 1),
                "ink2",
                align,
                700,
            )
        )
        if roomy:
            marks.append(Label((x, y - text * 1.4), meaning, text * 0.96, "ink2", align))
    marks.append(Label((right, low - text * 2.6), _("Being at the goal →"), text * 1.08, "being", "end", 700))
    marks.append(Label((left, top + text * 1.4), _("↑ Making progress"), text * 1.08, "progress", "start", 700))
    return marks


def _names(places: Sequence[Place], inside: Area, text: float, words: Sequence[Area]) -> list[Mark]:
    """Return each disc's name to its right, left, above or below; none where it would meet something everywhere."""
    size, r, gap = text * 1.2, text * 1.5, text * 0.55
    taken: list[Area] = [*words, *((p.at[0] - r, p.at[1] - r, p.at[0] + r, p.at[1] + r) for p in places)]
    arms: list[Area] = []
    for place in places:
        (x, y), (left, low, right, top), thick = place.middle, place.reach, text * 0.2
        arms += [(left, y - thick, right, y + thick), (x - thick, low, x + thick, top)]
    marks: list[Mark] = []
    for place in places:
        length, high = text_length(place.name, size, bold=True), size * 1.3
        x, y = place.at
        left, low, right, top = place.reach
        spots: list[tuple[Point, Align, Area]] = []
        for start in (max(right, x + r) + gap, x + r + gap):
            spots.append(((start, y), "start", (start, y - high / 2, start + length, y + high / 2)))
        for end in (min(left, x - r) - gap, x - r - gap):
            spots.append(((end, y), "end", (end - length, y - high / 2, end, y + high / 2)))
        for base in (max(top, y + r) + high * 0.8, min(low, y - r) - high * 0.8):
            spots.append(((x, base), "middle", (x - length / 2, base - high / 2, x + length / 2, base + high / 2)))
        for point, align, area in spots:
            if _within(area, inside) and not any(_meet(area, other) for other in taken + arms):
                marks.append(Label(point, place.name, size, align=align, weight=700, halo=True))
                taken.append(area)
                break
    return marks


def _area(label: Label) -> Area:
    """Return the room that words take."""
    (x, y), half = label.at, label.size * 0.65
    left = x - label.length * {"start": 0, "middle": 0.5, "end": 1}[label.align]
    return left, y - half, left + label.length, y + half


def _meet(a: Area, b: Area) -> bool:
    return a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1]


def _within(a: Area, b: Area) -> bool:
    return a[0] >= b[0] and a[1] >= b[1] and a[2] <= b[2] and a[3] <= b[3]


def _words(place: Place) -> dict[str, str | int]:
    return {
        "no": place.no,
        "name": place.name,
        "being": number(place.being.median),
        "progress": number(place.progress.median),
    }


def _numbers(spread: Spread) -> dict[str, str]:
    return {"median": number(spread.median), "q1": number(spread.q1), "q3": number(spread.q3)}
