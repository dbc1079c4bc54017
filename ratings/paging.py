"""Lay text out on the wall's pages: nothing is ever shrunk, what does not fit goes on the next page.

Lengths are in rem of the wall, where 1 rem is the smallest text; the wall holds about 45 by 25. Sizes, line heights and
columns are those of `wall.css`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import TypeVar

from ratings.models import Comment
from ratings.typesetting import Face, break_lines, width_of
from workshops.models import Scale

T = TypeVar("T")

PAGE_HEIGHT = 14.2
"""Room for text under a screen's heading."""
PAGE_WIDTH = 42.4
RANKED_WIDTH = 25.2
"""Between an imperative's place and its dots, of which a full room places some thousand."""
ALONE_WIDTH = 41.1


@dataclass(frozen=True)
class Setting:
    """How a text is set: its face, size and line height."""

    face: Face
    size: float
    line: float

    def lines(self, text: str, width: float) -> list[str]:
        """Break a text into the lines that it has in a width; never into fewer."""
        return break_lines(text, face=self.face, size=self.size, width=width)

    def height(self, text: str, width: float) -> float:
        """Return how high a text is in a width; never less."""
        return len(self.lines(text, width)) * self.line

    def parts(self, text: str, width: float, at_once: int) -> list[str]:
        """Cut a text into parts of at most so many lines, about equally long, with … where it was cut."""
        if len(self.lines(text, width)) <= at_once:
            return [text]
        rows = self.lines(text, width - 2 * self.size * width_of(" …", self.face))
        count = ceil(len(rows) / at_once)
        cuts = [len(rows) * part // count for part in range(count + 1)]
        words = ["".join(rows[start:end]).strip() for start, end in pairwise(cuts)]
        return [
            ("… " if number else "") + each + (" …" if number + 1 < count else "") for number, each in enumerate(words)
        ]


ITEM = Setting(Face.SANS, 1.08, 1.361)
HEADING = Setting(Face.SANS_BOLD, 1.15, 1.496)
ALONE = Setting(Face.SERIF, 1.4, 1.905)
IMPERATIVE = Setting(Face.SANS, 1.12, 1.401)
LEADING = Setting(Face.SERIF, 1.4, 1.681)
_ITEM_GAP, _ROW_GAP = 0.42, 0.75
ANCHORS = {
    "": (Setting(Face.SANS, 1.2, 1.585), 16.0),
    "long": (Setting(Face.SANS, 1.02, 1.306), 17.2),
    "one": (Setting(Face.SANS, 1.1, 1.431), 37.5),
}
"""How anchors are set in each form, and how wide beside the 10, the wider of the two numbers."""


@dataclass(frozen=True)
class Column:
    """One column of a page: a mark ("" for unmarked) or a theme's name, and comments in order."""

    mark: str
    comments: tuple[Comment, ...]
    theme: str = ""


@dataclass(frozen=True)
class CommentPage:
    """A page of columns; or, for one comment too long for a column, that comment or a part of it alone."""

    columns: tuple[Column, ...] = ()
    alone: Comment | None = None
    part: str = ""


@dataclass(frozen=True)
class AnchorPage:
    """The anchors that one page of an open question shows, as (number, words), and how: "", "long" or "one"."""

    anchors: tuple[tuple[int, str], ...]
    form: str
    page: int = 1
    pages: int = 1


def anchor_page(scale: Scale, page: int) -> AnchorPage:
    """Return page `page` (from 1; the last for a higher one) of a scale's anchors: side by side while both fit.

    Anchors that do not fit side by side follow each other, 10 first, in as many parts as they need.
    """
    both = ((10, scale.anchor_ten), (0, scale.anchor_zero))
    for form, most in (("", 8), ("long", 10)):
        setting, width = ANCHORS[form]
        if all(len(setting.lines(words, width)) <= most for _number, words in both):
            return AnchorPage(both, form)
    setting, width = ANCHORS["one"]
    parts = [(number, part) for number, words in both for part in setting.parts(words, width, 9)]
    page = min(page, len(parts))
    return AnchorPage((parts[page - 1],), "one", page, len(parts))


def column_width(across: int) -> float:
    """Return how wide the words of comments are with so many columns side by side."""
    return (PAGE_WIDTH - 1.4 * (across - 1)) / max(1, across) - 1.05


def fill_pages(items: Iterable[T], height_of: Callable[[T], float], height: float = PAGE_HEIGHT) -> list[list[T]]:
    """Put items on pages of a height, in order; an item higher than a page has one to itself."""
    pages: list[list[T]] = []
    room = 0.0
    for item in items:
        needed = height_of(item)
        if not pages or needed > room:
            pages.append([])
            room = height
        pages[-1].append(item)
        room -= needed
    return pages


def comment_pages(groups: Sequence[tuple[str, Sequence[Comment]]], height: float = PAGE_HEIGHT) -> list[CommentPage]:
    """Lay groups of comments (mark, comments) out side by side; long comments follow, each alone on its pages."""
    groups = [(mark, comments) for mark, comments in groups if comments]
    width = column_width(len(groups))

    def height_of(comment: Comment) -> float:
        return ITEM.height(comment.text, width) + _ITEM_GAP

    def fits(comment: Comment) -> bool:
        return height_of(comment) <= height

    columns = [
        (mark, fill_pages(filter(fits, comments), height_of, height))
        for mark, comments in groups
        if any(map(fits, comments))
    ]
    pages = [
        CommentPage(tuple(Column(mark, tuple(of[number]) if number < len(of) else ()) for mark, of in columns))
        for number in range(max((len(of) for _, of in columns), default=0))
    ]
    alone = int(PAGE_HEIGHT / ALONE.line)
    for _, comments in groups:
        for comment in comments:
            if not fits(comment):
                parts = ALONE.parts(comment.text, ALONE_WIDTH, alone)
                pages += [CommentPage(alone=comment, part=part) for part in parts]
    return pages


def theme_pages(themes: Sequence[tuple[str, Sequence[Comment]]]) -> list[CommentPage]:
    """Lay comments out by theme (name, comments), three themes side by side; "" names those in none."""
    pages = []
    for start in range(0, len(themes), 3):
        batch = themes[start : start + 3]
        width = column_width(len(batch)) + 1.05
        more = max(len(HEADING.lines(name, width)) for name, _comments in batch) - 1
        for page in comment_pages(batch, height=PAGE_HEIGHT - more * HEADING.line):
            columns = tuple(Column("", column.comments, column.mark) for column in page.columns)
            pages.append(replace(page, columns=columns))
    return pages


def imperative_pages(items: Sequence[T], text_of: Callable[[T], str], *, leading: int) -> list[list[tuple[T, str]]]:
    """Put imperatives on pages, each with its words; one too long for a page goes on on the next.

    With their places and dots the first `leading` of all are set larger; none: they stand without.
    """
    width = RANKED_WIDTH if leading else PAGE_WIDTH

    def parts_of(place: int, item: T) -> Iterator[tuple[T, str, float]]:
        setting, number = (LEADING, 2.5) if place < leading else (IMPERATIVE, 1.9 if leading else 0)
        for part in setting.parts(text_of(item), width, int((PAGE_HEIGHT - _ROW_GAP) / setting.line)):
            yield item, part, max(number, setting.height(part, width)) + _ROW_GAP

    rows = [part for place, item in enumerate(items) for part in parts_of(place, item)]
    return [[(item, words) for item, words, _height in page] for page in fill_pages(rows, lambda row: row[2])]
