"""Dots never overlap, never leave their room, and are all there."""

from __future__ import annotations

from itertools import combinations
from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from ratings.charts.packing import pack_column, pack_rows, spread_out

lengths = st.floats(1, 200)
counts = st.integers(1, 120)


@given(count=counts, width=lengths, height=lengths)
def test_a_column_holds_its_dots_apart(count: int, width: float, height: float) -> None:
    packing = pack_column(count, width=width, height=height, largest=5, single_file=2)
    points = packing.column(count, x=0, base=0)
    assert len(points) == count
    for x, y in points:
        assert abs(x) + packing.dot / 2 <= width / 2 + 1e-6 or packing.abreast == 1
        assert packing.dot / 2 - 1e-6 <= y <= height - packing.dot / 2 + 1e-6
    assert all(hypot(a[0] - b[0], a[1] - b[1]) >= packing.dot for a, b in combinations(points, 2))


@given(count=counts, width=lengths, height=lengths)
def test_rows_hold_their_dots_apart_and_inside(count: int, width: float, height: float) -> None:
    rows = pack_rows(count, width=width, height=height, largest=5)
    points = rows.place(count, left=0, top=height)
    assert len(set(points)) == count
    assert max(x for x, _y in points) + rows.dot / 2 <= width + 1e-6
    assert min(y for _x, y in points) - rows.dot / 2 >= -1e-6
    assert rows.height(count) <= height + 1e-6


@given(
    lengths=st.lists(st.floats(1, 20), min_size=1, max_size=3),
    wanted=st.lists(st.floats(0, 100), min_size=3, max_size=3),
)
def test_words_are_moved_apart_within_the_limit(lengths: list[float], wanted: list[float]) -> None:
    starts = spread_out(sorted(wanted)[: len(lengths)], lengths, limit=100, gap=2)
    for (a, length), b in zip(zip(starts, lengths, strict=True), starts[1:], strict=False):
        assert a + length + 2 <= b + 1e-6
    assert starts[0] >= -1e-6
    assert starts[-1] + lengths[-1] <= 100 + 1e-6
