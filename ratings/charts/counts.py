"""Dots that are counted and nothing else: who has answered, votes on an imperative, how much was said."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ratings.charts.packing import pack_rows
from ratings.charts.palette import Role
from ratings.charts.scene import CELL, WALL, Dots, Form, Mark, Scene

EDGE = 0.08
"""The margin round the dots, in texts, so that no screen cuts them."""
BENCH_HEIGHTS = {"mm": 12.0, "rem": 3.4, "px": 48.0}


def bench(n: int, m: int, *, id: str, form: Form = WALL, height: float | None = None) -> Scene | None:
    """Return a room of `m` people as dots in even rows, the first `n` filled; never who. None for an empty room."""
    m = max(n, m)
    if not m:
        return None
    edge = form.text * EDGE
    room = (height or BENCH_HEIGHTS[form.unit]) - 2 * edge
    rows = pack_rows(m, width=form.width - 2 * edge, height=room, largest=form.text * 1.25)
    width, used = (rows.across - 1) * rows.step + rows.dot, rows.height(m)
    at = rows.place(m, left=edge, top=edge + used)
    line = min(form.line * 1.4, rows.dot * 0.14)
    marks: list[Mark] = []
    if n:
        marks.append(Dots(at[:n], "ink", rows.dot))
    if n < m:
        marks.append(Dots(at[n:], "paper", rows.dot - line, stroke="ink3", width=line))
    title = _("%(n)s of %(m)s") % {"n": n, "m": m}
    return Scene(id, title, "", width + 2 * edge, used + 2 * edge, form.unit, tuple(marks))


def votes(
    count: int, *, most: int, id: str, form: Form = CELL, height: float | None = None, strong: bool = False
) -> Scene | None:
    """Return the dots placed on an imperative, ten a row; `most` is the largest count beside it. None for no dots."""
    title = ngettext("%(n)s dot", "%(n)s dots", count) % {"n": count}
    return _counted(count, most=most, role="ink" if strong else "ink2", id=id, title=title, form=form, height=height)


def voices(
    count: int, *, most: int, role: Role, id: str, title: str, form: Form = CELL, height: float | None = None
) -> Scene | None:
    """Return a dot for each of `count` things said; `most` is the largest count beside it. None for silence."""
    return _counted(count, most=most, role=role, id=id, title=title, form=form, height=height)


def _counted(
    count: int, *, most: int, role: Role, id: str, title: str, form: Form, height: float | None
) -> Scene | None:
    """Return `count` dots in rows of ten, as large as `most` of them allow; in wider rows when ten are too few."""
    if not count:
        return None
    edge = form.text * EDGE
    width, room, largest = form.width - 2 * edge, (height or form.width * 0.3) - 2 * edge, form.width / 12.4
    ten = pack_rows(most, width=width, height=room, largest=largest, apart=1.2, across=10)
    wide = pack_rows(most, width=width, height=room, largest=largest, apart=1.2)
    rows = ten if ten.dot >= wide.dot * 0.8 else wide
    used = rows.height(count)
    dots = Dots(rows.place(count, left=edge, top=edge + used), role, rows.dot)
    return Scene(id, title, "", form.width, used + 2 * edge, form.unit, (dots,))
