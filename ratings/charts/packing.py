"""Where dots go: columns over a number, and rows of people. Pure geometry, any count."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from ratings.charts.scene import Point

APART = 1.06
"""From one dot's middle to the next, in dots, within a column."""


@dataclass(frozen=True)
class Packing:
    """Dots of one size, so many abreast, that fill a column."""

    dot: float
    abreast: int

    def column(self, count: int, *, x: float, base: float, up: bool = True) -> tuple[Point, ...]:
        """Return where `count` dots stand on (or, not `up`, hang from) `base`, centred on `x`, the last row too."""
        step = self.dot * APART
        points = []
        for i in range(count):
            row, place = divmod(i, self.abreast)
            in_row = min(self.abreast, count - row * self.abreast)
            rise = self.dot / 2 + row * step
            points.append((x + (place - (in_row - 1) / 2) * step, base + rise if up else base - rise))
        return tuple(points)


def pack_column(
    most: int, *, width: float, height: float, largest: float, single_file: float = float("inf")
) -> Packing:
    """Return the packing with the largest dots for `most`; one abreast while a dot is `single_file` or more."""

    def dot(abreast: int) -> float:
        return min(largest, width / (abreast * APART), height / (ceil(most / abreast) * APART))

    if dot(1) >= single_file:
        return Packing(dot(1), 1)
    abreast = max(range(1, min(most, 80) + 1), key=dot)  # the first of equals: the narrowest column
    return Packing(dot(abreast), abreast)


@dataclass(frozen=True)
class Rows:
    """Dots of one size in rows of `across`, filled from the top left; `step` is from one middle to the next."""

    dot: float
    across: int
    step: float

    def place(self, count: int, *, left: float, top: float) -> tuple[Point, ...]:
        """Return where `count` dots stand below `top` and right of `left`."""
        return tuple(
            (left + self.dot / 2 + i % self.across * self.step, top - self.dot / 2 - i // self.across * self.step)
            for i in range(count)
        )

    def height(self, count: int) -> float:
        """Return how high the rows of `count` dots are."""
        return max(0, ceil(count / self.across) - 1) * self.step + self.dot


def pack_rows(
    most: int, *, width: float, height: float, largest: float, apart: float = 1.27, across: int | None = None
) -> Rows:
    """Return the rows with the largest dots in which `most` fit; of equals the fewest rows, evenly filled."""

    def dot(across: int) -> float:
        rows = ceil(most / across)
        return min(largest, width / (1 + (across - 1) * apart), height / (1 + (rows - 1) * apart))

    if across is None:
        best = max(range(1, most + 1), key=lambda n: (round(dot(n), 6), n))
        across = ceil(most / ceil(most / best))
    size = dot(across)
    return Rows(size, across, size * apart)


def spread_out(wanted: list[float], lengths: list[float], *, limit: float, gap: float) -> list[float]:
    """Return where words start, near to `wanted`, so that none overlaps the next or runs over `limit`."""
    starts: list[float] = []
    for want, _length in zip(wanted, lengths, strict=True):
        starts.append(max(want, starts[-1] + lengths[len(starts) - 1] + gap) if starts else max(0.0, want))
    end = limit
    for i in reversed(range(len(starts))):
        starts[i] = min(starts[i], end - lengths[i])
        end = starts[i] - gap
    return starts
