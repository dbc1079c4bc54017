"""The art on the journal's cover is the day itself: every score a dot over its number, or every voice a dot."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from ratings.charts.packing import pack_column
from ratings.charts.palette import Role
from ratings.charts.scene import Dots, Label, Line, Mark, Scene
from ratings.summaries import ScaleSummary

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT, BASE, ROOM = 22.0, 188.0, 71.0, 96.0


def cover_of_scores(being: Sequence[ScaleSummary], progress: Sequence[ScaleSummary]) -> Scene | None:
    """Return an A4 page with every score over its number, a dashed line at half way; None when nobody gave one."""
    totals = [[sum(summary.counts[score] for summary in side) for score in range(11)] for side in (being, progress)]
    most = max(max(total) for total in totals)
    if not most:
        return None
    step = (RIGHT - LEFT - 10) / 10
    packing = pack_column(most, width=step * 0.43, height=ROOM, largest=4.6, single_file=2.2)
    aside = packing.dot * 0.53 * packing.abreast + 0.25
    marks = [
        _axis(),
        Line((LEFT + 5 + 5 * step, BASE), (LEFT + 5 + 5 * step, BASE + ROOM + 9), "ink2", 0.35, dashed=True),
    ]
    roles: tuple[Role, Role] = ("being", "progress")
    for score in range(11):
        x = LEFT + 5 + score * step
        marks.append(_label(x, str(score), strong=score in (0, 5, 10)))
        for total, role, side in zip(totals, roles, (-aside, aside), strict=True):
            if total[score]:
                marks.append(Dots(packing.column(total[score], x=x + side, base=BASE + 1.2), role, packing.dot))
    return _page(marks)


def cover_of_voices(said: Sequence[tuple[int, int]], imperatives: int) -> Scene:
    """Return an A4 page with every comment a dot over its deliverable's number, every imperative a white one."""
    columns = [*said, (imperatives,)] if imperatives else [*said]
    most = max((count for group in columns for count in group), default=0)
    marks: list[Mark] = [_axis()]
    if not most:
        return _page(marks)
    step = (RIGHT - LEFT) / len(columns)
    packing = pack_column(most, width=step * 0.4, height=ROOM, largest=4.6)
    aside = packing.dot * 0.53 * packing.abreast + packing.dot * 0.35
    for i, group in enumerate(columns):
        x = LEFT + (i + 0.5) * step
        is_next = len(group) == 1
        marks.append(_label(x, "→" if is_next else str(i + 1), strong=True))
        sides: tuple[tuple[float, Role], ...] = ((0, "ink"),) if is_next else ((-aside, "being"), (aside, "progress"))
        for count, (side, role) in zip(group, sides, strict=True):
            if count:
                marks.append(Dots(packing.column(count, x=x + side, base=BASE + 1.2), role, packing.dot))
    return _page(marks)


def _axis() -> Mark:
    return Line((LEFT, BASE), (RIGHT, BASE), "ink3", 0.3)


def _label(x: float, text: str, *, strong: bool) -> Label:
    return Label((x, BASE - 4.9), text, 3.7, "ink" if strong else "ink3", weight=700 if strong else 400)


def _page(marks: list[Mark]) -> Scene:
    return Scene("cover", _("Cover"), "", WIDTH, HEIGHT, "mm", tuple(marks))
