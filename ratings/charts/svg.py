"""Write a scene as SVG: for print, and for a screen before, or without, JavaScript."""

from __future__ import annotations

from math import sqrt
from xml.sax.saxutils import escape

from ratings.charts.palette import LIGHT, Palette, Role
from ratings.charts.scene import Box, Dots, Label, Line, Mark, Point, Scene, Shape, Spots

FONT = "'Source Sans 3', 'Open Sans', sans-serif"  # the quotes are needed: a bare 3 is no CSS identifier
SCALE = 10
"""Drawing units a scene unit: two decimals are then fine enough for any unit."""


class Svg(str):
    """Markup of a picture, safe in a page: `__html__` tells templates so, and every text in it was escaped here."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def to_svg(scene: Scene, palette: Palette = LIGHT) -> Svg:
    """Return the scene as an `svg` element of its own width; PDF tagging takes its alternative text from `title`.

    On a screen the height follows from the width, so that a style sheet needs to set no more than that.
    """
    pen = _Pen(scene, palette)
    width, height = _n(scene.width * SCALE), _n(scene.height * SCALE)
    printed = f' height="{_n(scene.height)}{scene.unit}"' if scene.unit == "mm" else ""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{_n(scene.width)}{scene.unit}"{printed} '
        f'role="img" aria-labelledby="{escape(scene.id)}-title">'
        f'<title id="{escape(scene.id)}-title">{escape(scene.alternative)}</title>'
    )
    return Svg(head + "".join(pen.draw(mark) for mark in scene.marks) + "</svg>")


class _Pen:
    """Writes marks of one scene in one palette; y runs down in SVG and up in a scene."""

    def __init__(self, scene: Scene, palette: Palette) -> None:
        self.height, self.palette = scene.height, palette

    def draw(self, mark: Mark) -> str:
        """Return a mark as SVG."""
        match mark:
            case Dots() if mark.symbol == "circle" and not mark.stroke:
                return self._discs(mark)
            case Dots():
                look = self._look(mark.fill, mark.stroke, mark.width)
                return f"<g{look}>" + "".join(self._symbol(mark, point) for point in mark.at) + "</g>"
            case Box():
                x, y = self._xy((mark.low[0], mark.high[1]))
                width, height = _n((mark.high[0] - mark.low[0]) * SCALE), _n((mark.high[1] - mark.low[1]) * SCALE)
                corner = f' rx="{_n(mark.radius * SCALE)}"' if mark.radius else ""
                look = self._look(mark.fill, mark.stroke, mark.width, dashed=mark.dashed)
                return f'<rect x="{x}" y="{y}" width="{width}" height="{height}"{corner}{look}/>'
            case Line():
                (x0, y0), (x1, y1) = self._xy(mark.start), self._xy(mark.end)
                look = self._look(None, mark.stroke, mark.width, dashed=mark.dashed)
                return f'<path d="M{x0} {y0}L{x1} {y1}" stroke-linecap="round"{look}/>'
            case Shape():
                return f'<path d="M{self._path(mark.corners)}Z"{self._look(mark.fill)}/>'
            case Label():
                return self._label(mark)
            case Spots():
                return ""

    def _discs(self, dots: Dots) -> str:
        """Return round dots as one path, each a stroke of no length with round ends: a journal has thousands."""
        path = "".join(f"M{x} {y}h.01" for x, y in map(self._xy, dots.at))
        return f'<path d="{path}" stroke-linecap="round"{self._look(None, dots.fill, dots.size)}/>'

    def _symbol(self, dots: Dots, point: Point) -> str:
        """Return one symbol, as large as Plotly draws it."""
        x, y = point
        r = dots.size / 2
        if dots.symbol == "circle":
            cx, cy = self._xy(point)
            return f'<circle cx="{cx}" cy="{cy}" r="{_n(r * SCALE)}"/>'
        if dots.symbol == "square":
            corners: tuple[Point, ...] = ((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r))
        else:
            wide = r * 2 / sqrt(3)
            corners = ((x - wide, y - r / 2), (x + wide, y - r / 2), (x, y + r))
        return f'<path d="M{self._path(corners)}Z"/>'

    def _label(self, label: Label) -> str:
        x, y = self._xy((label.at[0], label.at[1] - label.size * 0.34))  # from the middle line down to the baseline
        base = (
            f'x="{x}" y="{y}" font-family="{FONT}" font-size="{_n(label.size * SCALE)}" '
            f'font-weight="{label.weight}" text-anchor="{label.align}"'
        )
        words = f"<text {base}{self._look(label.fill)}>{escape(label.text)}</text>"
        if not label.halo:
            return words
        halo = self._look("paper", "paper", label.size * 0.3)
        return f'<text {base} stroke-linejoin="round" aria-hidden="true"{halo}>{escape(label.text)}</text>{words}'

    def _look(self, fill: Role | None, stroke: Role | None = None, width: float = 0, *, dashed: bool = False) -> str:
        look = f' fill="{self.palette[fill]}"' if fill else ' fill="none"'
        if stroke:
            look += f' stroke="{self.palette[stroke]}" stroke-width="{_n(width * SCALE)}"'
        if dashed:
            dash = _n(width * SCALE * 3)
            look += f' stroke-dasharray="{dash} {dash}"'
        return look

    def _xy(self, point: Point) -> tuple[str, str]:
        return _n(point[0] * SCALE), _n((self.height - point[1]) * SCALE)

    def _path(self, corners: tuple[Point, ...]) -> str:
        return "L".join(" ".join(self._xy(corner)) for corner in corners)


def _n(value: float) -> str:
    """Return a number with at most two decimals and no zeros behind them."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
