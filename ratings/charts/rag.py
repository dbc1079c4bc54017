"""Red, amber and green: square, triangle and circle say the same as the colours, and the letters say it again."""

from __future__ import annotations

from math import ceil

from django.utils.translation import gettext as _

from ratings.charts.packing import pack_rows, spread_out
from ratings.charts.palette import Role
from ratings.charts.scene import (
    CELL,
    PRINT,
    WALL,
    Align,
    Box,
    Dots,
    Form,
    Label,
    Line,
    Mark,
    Point,
    Scene,
    Shape,
    Spots,
    Symbol,
    text_length,
)
from ratings.charts.words import describe_rag, percent, rag_rows
from ratings.choices import Rag
from ratings.summaries import RagSummary

BAR_HEIGHTS = {"mm": 19.0, "rem": 6.0, "px": 76.0}
PEOPLE_HEIGHTS = {"mm": 60.0, "rem": 15.0, "px": 200.0}
LETTERED = 100
"""So many ratings leave no room in a table's cell for the words of colours."""
LOOKS: dict[Rag, tuple[Role, Role, Symbol]] = {
    Rag.RED: ("red", "on_red", "square"),
    Rag.AMBER: ("amber", "on_amber", "triangle-up"),
    Rag.GREEN: ("green", "on_green", "circle"),
}
"""Each colour's ground, what is written on it, and its shape."""


def rag_bar(
    summary: RagSummary, *, id: str, title: str, form: Form = PRINT, height: float | None = None
) -> Scene | None:
    """Return one bar in three parts, each named inside where that fits and below where not; None when nobody rated."""
    if not summary.n:
        return None
    height = height or BAR_HEIGHTS[form.unit]
    text = form.text
    low = text * 1.5  # what is too narrow for words has them below
    middle = (low + height) / 2
    marks: list[Mark] = []
    outside: list[tuple[float, float, str]] = []
    spots: list[Mark] = []
    for colour, count, left, width in _parts(summary, form.width, gap=text * 0.3):
        fill, on, _symbol = LOOKS[colour]
        marks.append(Box((left, low), (left + width, height), fill, radius=text * 0.17))
        name = str(colour.label)
        inside = left + text * 3.3
        share = _("%(count)s of %(n)s · %(percent)s%%") % {
            "count": count,
            "n": summary.n,
            "percent": percent(count, summary.n),
        }
        if width >= text * 2.6:
            marks += _sign(colour, (left + min(width / 2, text * 1.78), middle), text)
        room = width - text * 4.2
        below = next((words for words in (share, str(count)) if text_length(words, text) <= room), None)
        if below and text_length(name, text * 1.16, bold=True) <= room:
            marks.append(Label((inside, middle + text * 0.73), name, text * 1.16, on, "start", 700))
            marks.append(Label((inside, middle - text * 0.79), below, text, on, "start"))
        else:
            outside.append((left, width, f"{name} {count}"))
        spots.append(Spots.across((left, low), (left + width, height), f"{name}: {share}"))
    lengths = [text_length(words, text, bold=True) for _left, _width, words in outside]
    starts = spread_out([left for left, _width, _words in outside], lengths, limit=form.width, gap=text)
    for x, (left, width, words) in zip(starts, outside, strict=True):
        label = Label((x, low * 0.36), words, text, align="start", weight=600)
        marks += [label, *_leader(label, left, width, low, form)]
    return _scene(summary, id, title, form, height, marks + spots)


def rag_people(
    summary: RagSummary,
    *,
    id: str,
    title: str,
    form: Form = WALL,
    height: float | None = None,
    own: Rag | None = None,
) -> Scene | None:
    """Return the bar with the people below it, each as the shape of their colour; None when nobody rated.

    The name of `own`, the colour that one person chose, is underlined: for that person's eyes only.
    """
    if not summary.n:
        return None
    height = height or PEOPLE_HEIGHTS[form.unit]
    text = form.text
    low = height * 0.56
    words_size = text * 1.3
    top = low - words_size * 1.9
    gap = text * 0.25
    parts = list(_parts(summary, form.width, gap=gap))
    marks: list[Mark] = []
    for colour, _count, left, width in parts:
        marks.append(Box((left, low), (left + width, height), LOOKS[colour][0], radius=text * 0.17))
        if width >= text * 2.6:
            size = min(text * 1.5, width / 3.2)
            marks += _sign(colour, (left + min(width / 2, size * 1.78), (low + height) / 2), size)
    words = [f"{colour.label} {count}" for colour, count, _left, _width in parts]
    lengths = [text_length(each, words_size, bold=True) for each in words]
    starts = spread_out([left for _colour, _count, left, _width in parts], lengths, limit=form.width, gap=text)
    rooms = [end - start - text for start, end in zip(starts, [*starts[1:], form.width + text], strict=True)]
    size = min(
        pack_rows(count, width=room, height=top, largest=text * 1.2, apart=1.22).dot
        for (_colour, count, _left, _width), room in zip(parts, rooms, strict=True)
    )
    for (colour, count, left, width), start, room, each in zip(parts, starts, rooms, words, strict=True):
        fill, _on, symbol = LOOKS[colour]
        label = Label((start, low - words_size * 0.95), each, words_size, align="start", weight=700)
        marks += [label, *_leader(label, left, width, low, form)]
        if colour is own:
            under = low - words_size * 1.52
            marks.append(Line((start, under), (start + label.length * 0.9, under), "ink", form.line * 2.4))
        rows = pack_rows(
            count, width=room, height=top, largest=size, apart=1.22, across=_across(count, room, size * 1.22)
        )
        edge: Role | None = "ink" if colour is Rag.AMBER else None  # amber alone is too pale on paper
        marks.append(
            Dots(
                rows.place(count, left=start, top=top),
                fill,
                size,
                symbol,
                edge,
                text * 0.04 if edge else 0,
                f"{colour.label}: {count}",
            )
        )
    return _scene(summary, id, title, form, height, marks)


def rag_mini(
    summary: RagSummary, *, id: str, title: str, form: Form = CELL, height: float | None = None
) -> Scene | None:
    """Return a bar for a table's cell with the three counts below it; None when nobody rated.

    From `LETTERED` ratings on colours have their letters alone: the table says what these mean.
    """
    if not summary.n:
        return None
    text = form.text * 0.95
    height = height or text * 5.5
    low = text * 2.1
    marks: list[Mark] = []
    for colour, _count, left, width in _parts(summary, form.width, gap=text * 0.2):
        fill, on, _symbol = LOOKS[colour]
        marks.append(Box((left, low), (left + width, height), fill, radius=text * 0.12))
        if width > text:
            marks.append(Label((left + width / 2, (low + height) / 2), colour.value, text * 1.08, on, weight=700))
    words = [f"{colour.label} {count}" for colour, count in summary.counts]
    if summary.n >= LETTERED:  # by the room and not by the words, so that all rows of a table look alike
        words = [f"{colour.value} {count}" for colour, count in summary.counts]
    lengths = [text_length(each, text) for each in words]
    between = (lengths[0] + form.width - lengths[2]) / 2
    places: list[tuple[float, Align]] = [(0.0, "start"), (between, "middle"), (form.width, "end")]
    marks += [Label((x, text * 0.9), each, text, "ink2", align) for (x, align), each in zip(places, words, strict=True)]
    return _scene(summary, id, title, form, height, marks)


def _parts(summary: RagSummary, width: float, *, gap: float) -> list[tuple[Rag, int, float, float]]:
    """Return colour, count, left edge and width of each part that has anybody in it."""
    given = [(colour, count) for colour, count in summary.counts if count]
    room = width - gap * (len(given) - 1)
    parts, left = [], 0.0
    for colour, count in given:
        share = room * count / summary.n
        parts.append((colour, count, left, share))
        left += share + gap
    return parts


def _leader(label: Label, left: float, width: float, low: float, form: Form) -> list[Mark]:
    """Return a line from a part to its name where that had to make way; nothing where it is below its part."""
    start, end, middle = label.at[0], label.at[0] + label.length, left + width / 2
    if left <= start <= left + width or start <= middle <= end:
        return []
    inside = label.size * 0.5
    to = (start + inside if start > middle else end - inside, label.at[1] + label.size * 0.58)
    return [Line((middle, low - form.line), to, "ink2", form.line)]


def _sign(colour: Rag, at: Point, text: float) -> list[Mark]:
    """Return a colour's shape with its letter in it, to stand on that colour."""
    fill, on, symbol = LOOKS[colour]
    x, y = at
    r = text * 0.83
    if symbol == "square":
        shape: Mark = Shape(((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)), on)
    elif symbol == "triangle-up":
        shape = Shape(((x - r * 1.25, y - r), (x + r * 1.25, y - r), (x, y + r * 1.2)), on)
    else:
        shape = Dots((at,), on, r * 2.15)
    size, down = (text * 0.84, r * 0.32) if symbol == "triangle-up" else (text * 0.98, 0)
    return [shape, Label((x, y - down), colour.value, size, fill, weight=700)]


def _across(count: int, room: float, step: float) -> int:
    """Return how many stand in a row of `room`, evenly filled."""
    most = max(1, int(room / step + 0.2))
    return ceil(count / ceil(count / most))


def _scene(summary: RagSummary, id: str, title: str, form: Form, height: float, marks: list[Mark]) -> Scene:
    return Scene(id, title, describe_rag(summary), form.width, height, form.unit, tuple(marks), rag_rows(summary))
