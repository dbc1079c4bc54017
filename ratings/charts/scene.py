"""What a chart is made of: marks on a plane, with a title, a description and table rows.

A scene is defined once and written twice, as SVG and as a Plotly figure. One unit is the same length across and up; the
origin is at the bottom left. Positions, dot sizes, text sizes and line widths are all in that unit: millimetres in
print, rem on the wall, pixels on the desk. Scaling a scene is therefore one factor on everything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ratings.charts.palette import Role

Point = tuple[float, float]
Align = Literal["start", "middle", "end"]
Symbol = Literal["circle", "square", "triangle-up"]


@dataclass(frozen=True)
class Dots:
    """Equal symbols, each `size` across; `hover` is what the screen says when one is pointed at."""

    at: tuple[Point, ...]
    fill: Role
    size: float
    symbol: Symbol = "circle"
    stroke: Role | None = None
    width: float = 0
    hover: str = ""


@dataclass(frozen=True)
class Box:
    """A rectangle from its lower left to its upper right corner."""

    low: Point
    high: Point
    fill: Role | None = None
    stroke: Role | None = None
    width: float = 0
    radius: float = 0
    dashed: bool = False


@dataclass(frozen=True)
class Line:
    """A straight line."""

    start: Point
    end: Point
    stroke: Role
    width: float
    dashed: bool = False


@dataclass(frozen=True)
class Shape:
    """A filled polygon."""

    corners: tuple[Point, ...]
    fill: Role


@dataclass(frozen=True)
class Label:
    """Words whose middle line runs through `at`; with `halo` they stay readable over other marks."""

    at: Point
    text: str
    size: float
    fill: Role = "ink"
    align: Align = "middle"
    weight: int = 400
    halo: bool = False

    @property
    def length(self) -> float:
        """How long the words are, near enough to keep them apart."""
        return text_length(self.text, self.size, bold=self.weight >= 600)


MOST_SPOTS = 60
"""So many points find every finger on the longest bar."""


@dataclass(frozen=True)
class Spots:
    """Where an area answers when it is pointed at: nothing is drawn, the screen says `hover` near each point."""

    at: tuple[Point, ...]
    hover: str

    @classmethod
    def across(cls, low: Point, high: Point, hover: str) -> Spots:
        """Return spots along the middle of an area, close enough for a finger anywhere on it."""
        (left, bottom), (right, top) = low, high
        half = (top - bottom) / 2
        count = max(1, min(MOST_SPOTS, round((right - left) / max(half, 0.01))))
        step = (right - left) / count
        return cls(tuple((left + (n + 0.5) * step, bottom + half) for n in range(count)), hover)


Mark = Dots | Box | Line | Shape | Label | Spots


@dataclass(frozen=True)
class Scene:
    """One chart: `width` by `height` units; `table` says the same as the picture, its first row being the headings."""

    id: str
    title: str
    desc: str
    width: float
    height: float
    unit: str
    marks: tuple[Mark, ...]
    table: tuple[tuple[str, ...], ...] = ()

    @property
    def alternative(self) -> str:
        """All that the picture says, in words."""
        return f"{self.title}. {self.desc}" if self.desc else self.title


@dataclass(frozen=True)
class Form:
    """Where a chart is for: its unit, usual width, smallest text, largest dot, and the dot at which columns widen.

    `most` is a count that columns leave room for: charts side by side have dots alike when it is the largest of them.
    """

    unit: Literal["mm", "rem", "px"]
    width: float
    text: float
    dot: float
    single_file: float
    most: int = 0

    def sized(self, **changes: float) -> Form:
        """Return this form with another `width`, `text`, `dot`, `single_file` or `most`."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def line(self) -> float:
        """The width of an axis."""
        return self.text * 0.085


PRINT = Form("mm", 168, 3.03, 3.3, 1.9)
"""The journal's text block on A4; text of 8.6 points."""
CELL = PRINT.sized(width=48)
"""A cell of a printed table."""
WALL = Form("rem", 42, 1, 1.9, 0.98)
"""A wall of about 45 by 25 rem, on which nothing is smaller than 1 rem."""
DESK = Form("px", 440, 14, 15, 7)
"""A column of a page on a laptop; still legible on a phone."""


def text_length(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how long a text is in the journal's sans serif, erring on the long side."""
    return len(text) * size * (0.56 if bold else 0.52)


def fitted(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return a text that is no longer than its room, with an ellipsis where its end is missing."""
    if text_length(text, size, bold=bold) <= room:
        return text
    letters = int(room / text_length("m", size, bold=bold))
    return text[: max(1, letters - 1)].rstrip() + "…"


def moved(mark: Mark, dx: float, dy: float) -> Mark:
    """Return a mark shifted by `dx` and `dy`."""

    def to(point: Point) -> Point:
        return (point[0] + dx, point[1] + dy)

    match mark:
        case Dots() | Spots():
            return replace(mark, at=tuple(to(point) for point in mark.at))
        case Box():
            return replace(mark, low=to(mark.low), high=to(mark.high))
        case Line():
            return replace(mark, start=to(mark.start), end=to(mark.end))
        case Shape():
            return replace(mark, corners=tuple(to(corner) for corner in mark.corners))
        case Label():
            return replace(mark, at=to(mark.at))
