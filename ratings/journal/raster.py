"""Draw a scene as a PNG picture: for files that hold no drawings of ours, such as Word's."""

from __future__ import annotations

import io
from functools import lru_cache
from itertools import pairwise
from math import sqrt

from PIL import Image, ImageDraw, ImageFont

from ratings.charts.palette import LIGHT
from ratings.charts.scene import Box, Dots, Label, Line, Mark, Point, Scene, Shape
from ratings.journal.fonts import face_covering

PER_MM = 8
"""Pixels a millimetre: about 200 an inch."""
FINER = 2
"""Drawn so many times larger, then reduced, so that edges are smooth."""
SCALE = PER_MM * FINER
COLOURS = 64
ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
Area = tuple[float, float, float, float]


def to_png(scene: Scene) -> bytes:
    """Return a scene in millimetres as a PNG file, ink on white; the same scene gives the same bytes."""
    image = Image.new("RGB", (round(scene.width * SCALE), round(scene.height * SCALE)), LIGHT["paper"])
    pen = _Pen(scene, ImageDraw.Draw(image))
    for mark in scene.marks:
        pen.draw(mark)
    picture = image.reduce(FINER).quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True, dpi=(PER_MM * 25.4, PER_MM * 25.4))
    return out.getvalue()


@lru_cache(maxsize=64)
def _font(path: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(path, size)
    weights = {b"Weight": weight, "Weight": weight}
    axes = [float(weights.get(axis["name"], axis["default"] or 0)) for axis in font.get_variation_axes()]
    font.set_variation_by_axes(axes)
    return font


class _Pen:
    """Draws marks of one scene; y runs down in a picture and up in a scene."""

    def __init__(self, scene: Scene, to: ImageDraw.ImageDraw) -> None:
        self.height, self.to = scene.height, to

    def draw(self, mark: Mark) -> None:
        """Draw one mark."""
        match mark:
            case Dots():
                for point in mark.at:
                    self._symbol(mark, point)
            case Box():
                (left, bottom), (right, top) = self._xy(mark.low), self._xy(mark.high)
                self._box(mark, (left, top, right, bottom))
            case Line():
                self._line(self._xy(mark.start), self._xy(mark.end), LIGHT[mark.stroke], mark.width, mark.dashed)
            case Shape():
                self.to.polygon([self._xy(corner) for corner in mark.corners], fill=LIGHT[mark.fill])
            case Label():
                self._label(mark)

    def _symbol(self, dots: Dots, point: Point) -> None:
        """Draw one symbol, as large as in the other writers."""
        (x, y), r = point, dots.size / 2
        fill, outline = LIGHT[dots.fill], LIGHT[dots.stroke] if dots.stroke else None
        width = max(1, round(dots.width * SCALE)) if dots.stroke else 0
        if dots.symbol == "circle":
            cx, cy = self._xy(point)
            self.to.circle((cx, cy), (r + dots.width / 2) * SCALE, fill=fill, outline=outline, width=width)
            return
        wide = r * 2 / sqrt(3)
        square: tuple[Point, ...] = ((x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r))
        triangle: tuple[Point, ...] = ((x - wide, y - r / 2), (x + wide, y - r / 2), (x, y + r))
        corners = [self._xy(corner) for corner in (square if dots.symbol == "square" else triangle)]
        self.to.polygon(corners, fill=fill, outline=outline, width=width)

    def _box(self, box: Box, area: Area) -> None:
        fill = LIGHT[box.fill] if box.fill else None
        width = max(1, round(box.width * SCALE)) if box.stroke else 0
        outline = LIGHT[box.stroke] if box.stroke and not box.dashed else None
        self.to.rounded_rectangle(area, box.radius * SCALE, fill=fill, outline=outline, width=width)
        if box.stroke and box.dashed:
            left, top, right, bottom = area
            corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
            for start, end in pairwise(corners):
                self._line(start, end, LIGHT[box.stroke], box.width, dashed=True)

    def _line(self, start: Point, end: Point, colour: str, width: float, dashed: bool) -> None:
        (x0, y0), (x1, y1) = start, end
        thick, length = max(1, round(width * SCALE)), sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2)
        dash = 3 * width * SCALE
        if not dashed or not dash or not length:
            self.to.line([start, end], fill=colour, width=thick)
            return
        for n in range(int(length / dash) // 2 + 1):
            a, b = min(1, 2 * n * dash / length), min(1, (2 * n + 1) * dash / length)
            part = [(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share) for share in (a, b)]
            self.to.line(part, fill=colour, width=thick)

    def _label(self, label: Label) -> None:
        at = self._xy((label.at[0], label.at[1] - label.size * 0.34))  # from the middle line down to the baseline
        font = _font(str(face_covering(label.text)), round(label.size * SCALE), label.weight)
        halo = label.size * 0.15 * SCALE if label.halo else 0
        self.to.text(
            at,
            label.text.replace("\n", " "),
            fill=LIGHT[label.fill],
            font=font,
            anchor=ANCHORS[label.align],
            stroke_width=halo,
            stroke_fill=LIGHT["paper"],
        )

    def _xy(self, point: Point) -> Point:
        return point[0] * SCALE, (self.height - point[1]) * SCALE
